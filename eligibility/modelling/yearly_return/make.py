"""Making a return from whatever holds the pupils: a file of decisions, a population, or a run of the model."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable
from pathlib import Path

from eligibility.errors import MismatchError, UsageError
from eligibility.in_force import Books
from eligibility.modelling.population_file import Checks, check_population
from eligibility.modelling.run import checked_path, finished_run
from eligibility.modelling.yearly_return.categories import Categories
from eligibility.modelling.yearly_return.counted import YearlyReturn, count
from eligibility.modelling.yearly_return.sources import from_decisions, from_population, read_about
from eligibility.policy import Policies, Version
from eligibility.reading import Rejected

DECISIONS = (".jsonl", ".json")


def make(
    source: Path,
    categories: Categories,
    policies: Policies,
    *,
    policy: str | None = None,
    on: dt.date | None = None,
    about: Path | None = None,
    set_aside: Callable[[Rejected], None],
) -> YearlyReturn:
    """The return of the pupils of a source, on a day if one is given.

    Decisions stand as they were made, and are counted where travel runs on the day. The pupils of a population are
    assessed under `policy` (by default the version in force on the day, and of a run the one held) on the day, or each
    on their own. Raises UsageError or InputError where the source cannot be used, MismatchError where a run was made
    with other rules.
    """
    aside: list[Rejected] = []

    def keep(rejected: Rejected) -> None:
        aside.append(rejected)
        set_aside(rejected)

    if not source.exists():
        raise UsageError(f"{source}: there is no such file or folder")
    if about is not None and source.suffix.lower() not in DECISIONS:
        raise UsageError("--about goes with decisions; the columns of a population stand in its file")
    if source.suffix.lower() in DECISIONS:
        if policy is not None:
            raise UsageError("--policy goes with a population; decisions stand as they were made")
        more = read_about(about, set_aside) if about is not None else {}
        pupils = from_decisions(
            source, categories.columns, on=on, about=more, set_aside=keep, set_about_aside=set_aside
        )
        told = {"from": f"decisions in {source.name}", "policy": None, "on": on}
        return count(categories, pupils, set_aside=len(aside), about=told)
    if source.is_dir():
        run = finished_run(source)
        if run.about["rules"] != policies.rules_hash:
            raise MismatchError(f"{source} was run with other rules; run it again, in another folder")
        version = policies.version(policy or run.about["policies"][0]["id"])
        on = on or _day(run.about["on"])
        pupils = from_population(checked_path(source), policies, version, categories.columns, on=on)
        told = {"from": f"the run in {source.name}", "policy": version.id, "on": on}
        return count(categories, pupils, set_aside=run.about["populations"][0]["set_aside"], about=told)
    version = _version(policies, policy, on)
    with tempfile.TemporaryDirectory(prefix="edtravel-") as folder:
        checked = Path(folder) / "checked.parquet"
        check_population(source, checked, Checks(Books(policies), [version], on), set_aside=keep)
        pupils = from_population(checked, policies, version, categories.columns, on=on)
    told = {"from": f"the population in {source.name}", "policy": version.id, "on": on}
    return count(categories, pupils, set_aside=len(aside), about=told)


def _version(policies: Policies, policy: str | None, on: dt.date | None) -> Version:
    if policy is not None:
        return policies.version(policy)
    if on is None:
        raise UsageError("say under which version (--policy), or on which day (--on)")
    return policies.for_day(on)


def _day(said: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(said)
    except ValueError:
        return None
