"""What a report rests on: prices, assumptions, sources, how old the data are, what is estimated."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from eligibility.modelling.report.blocks import Section, Table
from eligibility.modelling.report.counted import Counted
from eligibility.modelling.report.said import price
from eligibility.modelling.report.withheld import LEAST
from eligibility.phrases import capital

_PERCENT = 100
_NOT_A_SOURCE = {"none", "none is published", ""}
_VINTAGE = re.compile(r"\b(?:1[89]|20)\d\d\b(?:[-/]\d\d)?")


def rests_on(counted: Counted) -> Iterator[Section]:
    """The last sections of a report."""
    run, about = counted.run, counted.run.about
    yield Section("prices", "What the pounds rest on", (), (), (_prices(about["unit_costs"]),))
    if "calibration" in run.tables and not counted.tells_nothing:
        yield Section("calibration", "How near to what is published", (_INVENTED,), (), (_calibration(counted),))
    yield Section("assumptions", "What is assumed", items=tuple(dict.fromkeys(about["assumptions"])))
    yield Section("sources", "Sources and how old the data are", (), (), tuple(_sources(about)))
    said = (f"{file}: distances {how}" for file, how in about["estimated"].items())
    yield Section("estimates", "What is estimated", items=(*said, *_invented(about["populations"])))


_INVENTED = "A population that is invented on estimates stays an estimate, however near its figures come."


def _prices(costs: Mapping[str, Any]) -> Table:
    rows = [(_plain(each["name"]), price(each), each["source"], each["assumed"]) for each in costs["figures"]]
    return Table("Prices", f"Unit costs: {costs['title']}", ("Figure", "Value", "Source", "Assumed"), tuple(rows))


def _calibration(counted: Counted) -> Table:
    """The run beside published figures, but for shares of so few pupils that a percent would tell their number."""
    rows = []
    pupils = sum(counted.totals.values())
    for row in counted.run.tables["calibration"].iter_rows(named=True):
        of_a_percent = pupils * row["published"] / _PERCENT / _PERCENT
        if not counted.everything and row["unit"] == "percent" and of_a_percent < 2 * LEAST:
            continue
        error = "not known" if row["error_percent"] is None else f"{row['error_percent']:+.0f}%"
        rows.append((row["says"], f"at most {error}" if row["at_most"] else error, row["source"]))
    heads = ("Published figure", "The run differs by", "Source")
    return Table("Calibration", "The run beside published figures", heads, tuple(rows))


def _sources(about: Mapping[str, Any]) -> Iterator[Table]:
    files = []
    for population in about["populations"]:
        made = population["origin"] or {}
        area = made.get("area") or {}
        files.append((population["file"], made.get("on", "not told"), area.get("name", "none"), population["hash"]))
    heads = ("Population", "Made for", "Area", "Its mark")
    yield Table("Populations", "The populations", heads, tuple(files))
    found: dict[str, list[str]] = {}
    for population in about["populations"]:
        for name, rate in ((population["origin"] or {}).get("rates") or {}).items():
            source = str(rate.get("source", "")) if isinstance(rate, dict) else ""
            if source not in _NOT_A_SOURCE:
                found.setdefault(source, []).append(_plain(name))
    rows = tuple(
        (source, ", ".join(dict.fromkeys(_VINTAGE.findall(source))) or "not told", ", ".join(dict.fromkeys(names)))
        for source, names in sorted(found.items())
    )
    if rows:
        yield Table("Sources", "Where the rates come from", ("Source", "Of the years", "Used for"), rows)


def _invented(populations: list[dict[str, Any]]) -> Iterator[str]:
    for population in populations:
        made = population["origin"] or {}
        if made:
            yield f"{population['file']}: every pupil is invented, by the rates above (seed {made.get('seed', '')})"


def _plain(name: str) -> str:
    return capital(name.replace("_", " "))
