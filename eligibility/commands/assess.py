"""`edtravel assess`: decide cases."""

from __future__ import annotations

import datetime as dt
from typing import IO, TYPE_CHECKING, Any

import click

from eligibility.commands._cases import open_area, row_of, run, sample_inputs, shared_options
from eligibility.reading import RawCase

if TYPE_CHECKING:
    from eligibility.assess import Assessor


@click.command("assess")
@shared_options
@click.option("--policy", metavar="ID", help="Decide under this version, in force or not.")
def command(
    *,
    cases: tuple[str, ...],
    area: str | None,
    on: dt.date | None,
    decided: dt.date | None,
    form: str,
    rejects: str | None,
    sample: bool,
    policy: str | None,
) -> int:
    """Decide cases from YAML, JSON, JSON Lines or CSV (- for standard input).

    The version in force on the day decides, unless --policy names one. A case that cannot be used is set aside with its
    row and reason, and the others go on (exit code 3).

    \b
    Example:
        edtravel assess pupil.yaml --area somerset.gpkg --on 2018-09-04
    """
    from eligibility.assess import Assessor

    if sample:
        cases, area = sample_inputs(cases, area)
    assessor = click.get_current_context().with_resource(Assessor(area=open_area(area)))
    return decide_cases(assessor, cases, policy=policy, on=on, decided=decided, form=form, rejects=rejects)


def decide_cases(
    assessor: Assessor,
    cases: tuple[str, ...],
    *,
    policy: str | None,
    on: dt.date | None,
    form: str,
    decided: dt.date | None = None,
    rejects: str | None = None,
    stdin: IO[bytes] | None = None,
) -> int:
    """Decide every case and write what is decided. Returns the exit code; `stdin` is read for `-`."""
    from eligibility.text import decision_text

    if policy is not None:
        assessor.policies.deciding(policy)

    def decide(item: RawCase) -> list[Any]:
        decision = assessor.assess(item.data, policy=policy, on=on, decided=decided)
        if form != "text" or decision.other_version is None:
            return [decision]
        other = assessor.assess(item.data, policy=decision.other_version.policy, on=decision.on, decided=decided)
        return [decision, other]

    return run(
        cases,
        decide,
        why_one_engine=lambda: assessor.why_one_engine,
        rejects=rejects,
        form=form,
        as_text=lambda found: decision_text(found[0], found[1] if len(found) > 1 else None),
        as_object=lambda found: found[0].as_dict(),
        as_row=lambda found: row_of(found[0]),
        stdin=stdin,
    )
