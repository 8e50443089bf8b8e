"""What a report rests on: prices, assumptions, sources, how old the data are, what is estimated."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

import polars as pl

from eligibility.modelling.outcome_tables import ALL
from eligibility.modelling.report.blocks import Section, Table
from eligibility.modelling.report.counted import REST, Counted
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
        percent = row["error_percent"] if counted.everything else _published_error(counted, row)
        error = "not known" if percent is None else f"{percent:+.0f}%"
        rows.append((row["says"], f"at most {error}" if row["at_most"] else error, row["source"]))
    heads = ("Published figure", "The run differs by", "Source")
    return Table("Calibration", "The run beside published figures", heads, tuple(rows))


def _published_error(counted: Counted, row: Mapping[str, Any]) -> float | None:
    """By how much the run differs in percent, leaving out those of whom even the number is withheld."""
    few = [change for change, count in counted.shown.totals.items() if count is None and change != REST]
    others = counted.table("outcomes").filter((pl.col("dimension") == ALL) & ~pl.col("change").is_in(few))
    pupils, entitled, carried = others.select(pl.col("pupils", "entitled_before", "carried_before").sum()).row(0)
    each = counted.cost_of_the_carried.pence
    sums = {"carried": carried, "cost_a_year": carried * each}
    sums |= {"cost_of_a_pupil": each} if carried else {}
    sums |= {"share_entitled": Fraction(_PERCENT * entitled, pupils)} if pupils else {}
    found = sums.get(row.get("figure", ""))
    if found is None:
        told: float | None = row["error_percent"]
        return told
    percent = float(_PERCENT * found / Fraction(row["published"]) - _PERCENT)
    return max(percent, 0.0) if row["at_most"] else percent


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
