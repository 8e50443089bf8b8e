"""What `edtravel policy diff` prints: the changes of the text, and what they change for pupils."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from eligibility.commands._progress import counted
from eligibility.errors import EdtravelError


def run(old: str, new: str, *, cases: str | None, form: str) -> None:
    """Print what NEW changes against OLD, and write the pupils to the file `cases`, if there is one.

    Raises EdtravelError where a question cannot be settled in time, a pupil is not decided as the proof says, or the
    file cannot be written.
    """
    from eligibility import policy_text
    from eligibility.assess import Assessor
    from eligibility.decision import to_json
    from eligibility.difference_text import page, proved
    from eligibility.proving.differences import find_differences
    from eligibility.told.differences import tell

    assessor = Assessor()
    held = assessor.policies
    versions = held.version(old), held.version(new)
    if form == "text":
        click.echo(policy_text.diff(held, *versions))
        click.echo()
    try:
        with counted("putting both to every pupil") as progress:
            found = find_differences(held, *versions, progress)
    except TimeoutError as late:
        raise EdtravelError("whether these versions differ for some pupil could not be settled in time") from late
    told = tell(found, assessor)
    if form == "text":
        click.echo(page(found, told))
    else:
        text = policy_text.diff(held, *versions).splitlines()[1:]
        click.echo(
            to_json(
                {
                    "policies": [old, new],
                    "from": found.first.isoformat(),
                    "to": found.last.isoformat(),
                    "text": [line.strip() for line in text],
                    "differences": told.as_list(),
                    "proved": proved(found),
                }
            )
        )
    if cases is not None:
        _write(Path(cases), told.cases)
        click.echo(f"edtravel: {len(told.cases)} pupils are in {cases}", err=True)


def _write(path: Path, cases: list[dict[str, Any]]) -> None:
    import yaml

    try:
        path.write_text(yaml.safe_dump(cases, sort_keys=False, allow_unicode=True), encoding="utf-8")
    except OSError as error:
        raise EdtravelError(f"{path} cannot be written: {error.strerror}") from error
