"""`edtravel compare`: decide cases under two versions, side by side."""

from __future__ import annotations

import datetime as dt
from typing import Any

import click

from eligibility.commands._cases import open_area, row_of, run, sample_inputs, shared_options
from eligibility.decision import Decision
from eligibility.reading import RawCase


@click.command("compare")
@shared_options
@click.option(
    "--policies",
    nargs=2,
    metavar="OLD NEW",
    help="The two versions, drafts too; by default the newest of the council and the one it replaced.",
)
def command(
    *,
    cases: tuple[str, ...],
    area: str | None,
    on: dt.date | None,
    decided: dt.date | None,
    form: str,
    rejects: str | None,
    sample: bool,
    policies: tuple[str, str] | None,
) -> int:
    """Decide cases under two policy versions on the same day, in force or not.

    Protection of what was withdrawn enters only under the later version.

    \b
    Example:
        edtravel compare pupil.yaml --policies somerset-2016 somerset-2018 --on 2018-09-04
    """
    from eligibility.assess import Assessor
    from eligibility.text import comparison_text

    if sample:
        cases, area = sample_inputs(cases, area)
    assessor = click.get_current_context().with_resource(Assessor(area=open_area(area)))
    versions = policies or assessor.policies.latest_change()
    for name in versions:
        assessor.policies.version(name)

    def decide(item: RawCase) -> list[Any]:
        return list(assessor.compare(item.data, versions=versions, on=on, decided=decided))

    return run(
        cases,
        decide,
        why_one_engine=lambda: assessor.why_one_engine,
        rejects=rejects,
        form=form,
        as_text=lambda found: comparison_text(found[0], found[1]),
        as_object=lambda found: comparison(found[0], found[1]),
        as_row=lambda found: _row(found[0], found[1]),
    )


def comparison(old: Decision, new: Decision) -> dict[str, Any]:
    """Two decisions on one case in JSON types."""
    return {
        "reference": new.reference,
        "on": new.on.isoformat(),
        "policies": [old.policy, new.policy],
        "outcomes": {old.policy: old.outcome, new.policy: new.outcome},
        "changed": old.outcome != new.outcome,
        "decisions": [old.as_dict(), new.as_dict()],
    }


def _row(old: Decision, new: Decision) -> dict[str, str]:
    rows = {"old": row_of(old), "new": row_of(new)}
    row = {key: rows["new"][key] for key in ("reference", "on", "decided_on")}
    for name, values in rows.items():
        for key in (
            "policy",
            "outcome",
            "checked_by",
            "grounds_met",
            "protected",
            "starts_on",
            "ends_on",
            "notices",
            "missing",
        ):
            row[f"{name}_{key}"] = values[key]
    return row
