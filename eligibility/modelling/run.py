"""A run of the model: populations checked, counted part by part, tables written; a killed run goes on where it stopped.

What lies in the folder of a run: `tables/`, whose counts are exact, however small; `run.json`, how they came to be; and
`work/`, the checked pupils and the parts counted. All of it is the officers'; what is published is the report.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from eligibility import __version__
from eligibility.errors import EdtravelError, MismatchError, UsageError
from eligibility.modelling import tables as model_tables
from eligibility.modelling.about_columns import LAST_YEAR_GROUP
from eligibility.modelling.counted_by import check_values
from eligibility.modelling.engines import NAMES, engine
from eligibility.modelling.manifest import manifest, origin
from eligibility.modelling.parts import ROWS_IN_A_PART, KeptParts, add_up, cuts
from eligibility.modelling.population_file import Checks, check_population
from eligibility.modelling.questions import Asker
from eligibility.modelling.run_off import years_to_follow
from eligibility.modelling.scenario import Scenario
from eligibility.modelling.spread import measures, spread
from eligibility.reading import Rejected

WORK, TABLES, RUN = "work", "tables", "run.json"
Told = Callable[[int, int], None]
"""Is told how many pupils of how many are counted."""


@dataclass(frozen=True)
class Run:
    """A finished run: where it lies, its tables, how they came to be, how many rows were set aside."""

    folder: Path
    tables: dict[str, pl.DataFrame]
    about: dict[str, Any]

    @property
    def set_aside(self) -> int:
        """Rows of the population files that could not be used."""
        return sum(population["set_aside"] for population in self.about["populations"])


def run(
    scenario: Scenario,
    populations: Sequence[Path],
    folder: Path,
    engine_name: str = NAMES[0],
    *,
    set_aside: Callable[[Rejected], None],
    told: Told = lambda _done, _of: None,
    rows_in_a_part: int = ROWS_IN_A_PART,
) -> Run:
    """Run a scenario on population files; the tables are of the first, the spread of all.

    Raises UsageError or InputError where a file cannot be used, MismatchError where the folder holds another run or
    what cannot be read, EdtravelError where nothing can be written there.
    """
    for path in populations:
        if not path.is_file():
            raise UsageError(f"{path}: there is no such file")
        check_values(scenario.by, path)
    running = _Running(scenario, folder, engine_name, rows_in_a_part, told)
    try:
        return _run(running, populations, set_aside)
    except OSError as error:
        reason = (error.strerror or "the device failed").lower()
        raise EdtravelError(f"{folder}: the run cannot be written there ({reason}); name another folder") from None


def _run(running: _Running, populations: Sequence[Path], set_aside: Callable[[Rejected], None]) -> Run:
    scenario, folder = running.scenario, running.folder
    running.claim(populations)
    counted = [running.count(number, path, set_aside) for number, path in enumerate(populations, 1)]
    first = counted[0][0]
    found = model_tables.finished(scenario, running.asker, first)
    if len(counted) > 1:
        figures = [measures(each["outcomes"], each.get("late_notices")) for each, _ in counted]
        found["spread"] = spread(figures)
    about = manifest(scenario, running.asker, running.engine_name, [about for _, about in counted])
    model_tables.write(found, folder / TABLES)
    _write(folder / RUN, about)
    return Run(folder, found, about)


def finished_run(folder: Path) -> Run:
    """A run that was finished before. Raises UsageError where the folder holds none."""
    try:
        about = json.loads((folder / RUN).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise UsageError(f"{folder}: there is no finished run here (expected {RUN})") from None
    try:
        tables = model_tables.read(folder / TABLES)
    except pl.exceptions.PolarsError:
        tables = {}
    if not {"outcomes", "calibration", "unit_costs"} <= set(tables):
        raise UsageError(f"{folder}: the tables of the run are not whole; run it again, in another folder")
    return Run(folder, tables, about)


def checked_path(folder: Path, number: int = 1) -> Path:
    """Where the checked pupils of a population of a run lie."""
    return folder / WORK / f"population-{number}.parquet"


def file_hash(path: Path) -> str:
    """What a file holds, as a hash."""
    with path.open("rb") as stream:
        return "sha256:" + hashlib.file_digest(stream, "sha256").hexdigest()


def _write(path: Path, content: Any) -> None:
    unfinished = path.with_name(path.name + ".unfinished")
    unfinished.write_text(json.dumps(content, indent=2, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
    unfinished.replace(path)


@contextlib.contextmanager
def _of_an_earlier_run(path: Path) -> Iterator[None]:
    """Raises MismatchError where what an earlier run left cannot be read."""
    try:
        yield
    except (ValueError, pl.exceptions.PolarsError):
        raise MismatchError(
            f"{path}: what an earlier run left there cannot be read; remove that folder, or name another with --out"
        ) from None


class _Running:
    """One run under way."""

    def __init__(self, scenario: Scenario, folder: Path, engine_name: str, rows_in_a_part: int, told: Told) -> None:
        self.scenario, self.folder, self.rows_in_a_part, self.told = scenario, folder, rows_in_a_part, told
        self.engine_name, self.brought = engine_name, folder / WORK / "brought"
        self.asker = Asker(scenario.policies, engine(engine_name), self.brought)

    def claim(self, populations: Sequence[Path]) -> None:
        """Take the folder for this run, or go on with the same run there."""
        scenario, policies = self.scenario, self.scenario.policies
        identity = {
            "edtravel": __version__,
            "populations": [file_hash(path) for path in populations],
            "rules": policies.rules_hash,
            "policies": [[version.id, policies.policy_hashes[version.id]] for version in scenario.versions],
            "on": scenario.on.isoformat() if scenario.on else None,
            "unit costs": [scenario.costs.hash, scenario.costs.schedule.id],
            "by": list(scenario.by),
            "brief": scenario.brief,
            "engine": self.engine_name,
            "rows in a part": self.rows_in_a_part,
        }
        path = self.folder / WORK / "identity.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        kept = any(path.parent.glob("population-*"))  # where no file could be used, there is nothing to go on with
        if path.is_file() and kept:
            with _of_an_earlier_run(path):
                held = json.loads(path.read_text(encoding="utf-8"))
            other = [name for name, value in identity.items() if held.get(name) != value]
            if other:
                raise MismatchError(
                    f"{self.folder} holds a run with other {', '.join(other)}; name another folder with --out"
                )
        _write(path, identity)

    def count(
        self, number: int, source: Path, set_aside: Callable[[Rejected], None]
    ) -> tuple[dict[str, pl.DataFrame], dict[str, Any]]:
        """The sums of one population, and what is to be told of it."""
        about = self._checked(number, source, set_aside)
        checked = pl.scan_parquet(checked_path(self.folder, number))
        last_row, years = self._bounds(checked)
        kept = KeptParts(self.folder / WORK / f"parts-{number}")
        held: dict[str, list[pl.DataFrame]] = {}
        for first, last in cuts(last_row, self.rows_in_a_part):

            def tables(first: int = first, last: int = last) -> dict[str, pl.DataFrame]:
                rows = checked.filter(pl.col("row").is_between(first, last)).collect()
                return self.scenario.count(self.scenario.part(rows, self.asker), years) if rows.height else {}

            for name, table in kept.tables((first, last), tables).items():
                held.setdefault(name, []).append(table)
            shutil.rmtree(self.brought, ignore_errors=True)
            self.told(last, last_row)
        return {name: add_up(each) for name, each in held.items()}, about

    def _checked(self, number: int, source: Path, set_aside: Callable[[Rejected], None]) -> dict[str, Any]:
        path = checked_path(self.folder, number)
        about_path = path.with_suffix(".json")
        if not (path.is_file() and about_path.is_file()):
            checks = Checks(self.asker.books, self.scenario.versions, self.scenario.on)
            found = check_population(source, path, checks, set_aside=set_aside)
            _write(
                about_path,
                {
                    "file": source.name,
                    "hash": file_hash(source),
                    "pupils": found.count,
                    "set_aside": found.set_aside,
                    "origin": origin(source),
                },
            )
        with _of_an_earlier_run(about_path):
            about: dict[str, Any] = json.loads(about_path.read_text(encoding="utf-8"))
        with _of_an_earlier_run(path):
            pl.read_parquet_schema(path)
        return about

    def _bounds(self, checked: pl.LazyFrame) -> tuple[int, int]:
        """The last row, and for how many school years anybody can still be protected."""
        groups, known = self.scenario.groups, checked.collect_schema().names()
        day = pl.lit(self.scenario.on, pl.Date) if self.scenario.on else pl.col("travel_from")
        group = groups.group(pl.col("date_of_birth"), day)
        given = pl.col(LAST_YEAR_GROUP) if LAST_YEAR_GROUP in known else pl.lit(None, pl.Int64)
        started = pl.col("school.started_on") if "school.started_on" in known else pl.lit(None, pl.Date)
        bounds = checked.select(
            (groups.last(given, group) - group).max().alias("years_left"),
            started.min().alias("started"),
            pl.col("row").max(),
        ).collect()
        years = max(years_to_follow(bounds, option, groups) for option in self.scenario.options)
        return int(bounds.item(0, "row")), years
