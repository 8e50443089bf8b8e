"""How the tables of a run came to be: versions and hashes, populations, unit costs, assumptions, definitions."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from eligibility import __version__, wording
from eligibility.modelling.accounts import in_year
from eligibility.modelling.open_readings import MEASURED
from eligibility.modelling.population_writing import about_path
from eligibility.modelling.questions import Asker
from eligibility.modelling.scenario import Scenario
from eligibility.policy_check import against_statute

DEFINITIONS = {
    "entitled": "the decision on the pupil is entitled; refer (an officer decides) is counted apart",
    "carried": "entitled, and the family takes it up; where that is not known it does",
    "protected": "the same outcome as before, only because a withdrawn element is kept (legitimate expectation)",
    "target": "what a full year saves if nobody were protected, at the average cost of a pupil carried",
    "probable": "what is saved under the reading of legitimate expectation chosen, at the average cost",
    "assured": "the least that is saved under any reading of it, counting only what an empty seat saves",
    "followed": "the pupils of today alone, on the first day of each later school year, until they leave the school",
    "kept": "the county as it is, each year's intake like the one before; the change so many years longer ago",
}
_ALWAYS = (
    "What a family tells (income, needs, belief, home) is taken to stay as it is in later school years.",
    "A pupil is looked at on one day of each school year; a birthday within it counts from the next one on.",
    "Outcomes of today are settled by proof, as in a decision; those of later years and other readings are not.",
)


def origin(population: Path) -> dict[str, Any] | None:
    """What the file beside a population says of how it came to be; None where there is none."""
    path = about_path(population)
    if not path.is_file():
        return None
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def manifest(scenario: Scenario, asker: Asker, engine: str, populations: list[dict[str, Any]]) -> dict[str, Any]:
    """Everything that a reader needs to judge the tables, in JSON types; nothing in it hangs on the clock."""
    policies, costs = scenario.policies, scenario.costs
    starts = str(costs.financial_year_starts.value)
    estimated = {
        population["file"]: (population["origin"] or {}).get("distances", "as the council's own file gives them")
        for population in populations
    }
    divisions = {option.id: in_year(policies, option, scenario.groups, starts) for option in scenario.options}
    against = {option.id: [found.what for found in against_statute(policies, option)] for option in scenario.options}
    return {
        "edtravel": __version__,
        "engine": engine,
        "rules": policies.rules_hash,
        "policies": [
            {
                "id": version.id,
                "title": version.title,
                "from": version.starts.isoformat(),
                "draft": version.draft,
                "hash": policies.policy_hashes[version.id],
            }
            for version in scenario.versions
        ],
        "grounds": {name: ground.title for name, ground in policies.rules.grounds.items()},
        "on": scenario.on.isoformat() if scenario.on else "each pupil's first day of travel",
        "by": list(scenario.by),
        "populations": populations,
        "estimated": estimated,
        "unit_costs": {
            "file": costs.file,
            "hash": costs.hash,
            "schedule": costs.schedule.id,
            "title": costs.schedule.title,
            "a_year_pence": costs.a_year_pence(),
            "empty_seat_pence": costs.empty_seat_pence(),
            "figures": [
                {"name": f.name, "value": f.written, "unit": f.unit, "source": f.source, "assumed": f.assumed}
                for f in costs.figures()
            ],
        },
        "accounts": {option: division.rule for option, division in divisions.items()},
        "in_year": {option: [division.first, division.whole] for option, division in divisions.items()},
        "readings_not_run": sorted(
            {
                reading.name
                for option in scenario.options
                for reading in scenario.readings(asker, option)
                if reading.changes == MEASURED
            }
        ),
        "definitions": DEFINITIONS,
        "against_statute": {option: said for option, said in against.items() if said},
        "assumptions": list(dict.fromkeys(_assumptions(scenario, populations, against))),
    }


def before_it_begins(about: Mapping[str, Any], option: str) -> str:
    """What is to be said where the pupils are of a day before an option begins; nothing where they are not.

    Only of a population that was invented for a day, and of a run that does not look at all pupils on another.
    """
    begins = next(each["from"] for each in about["policies"] if each["id"] == option)
    day = (about["populations"][0]["origin"] or {}).get("on", "")
    if not day or day >= begins or about["on"][:4].isdigit():
        return ""
    return (
        f"These pupils are of {wording.date(dt.date.fromisoformat(day))} and {option} begins on "
        f"{wording.date(dt.date.fromisoformat(begins))}: none of them starts at a school after the change, so nobody "
        f"loses as one who does. Take a population of that day (population generate --on {begins})."
    )


def _assumptions(
    scenario: Scenario, populations: list[dict[str, Any]], against: Mapping[str, list[str]]
) -> Iterator[str]:
    yield from (f"Against statute: {said}." for found in against.values() for said in found)
    for population in populations:
        yield from (population["origin"] or {}).get("assumptions", ())
    for version in scenario.versions:
        yield from version.assumed
        yield from filter(None, (reading.assumed for reading in version.readings.values()))
        yield from filter(None, (parameter.assumed for parameter in version.parameters.values()))
    yield from filter(None, (figure.assumed for figure in scenario.costs.figures()))
    yield from _ALWAYS
