"""`edtravel policy prove`: settle every property for every pupil."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from eligibility.errors import Disagreement, InputError, UsageError, nearest

if TYPE_CHECKING:
    from eligibility.assess import Assessor
    from eligibility.policy import Policies
    from eligibility.proof_text import Said
    from eligibility.proving.property_files import Property
    from eligibility.proving.settle import Pupil, Settled

_WIDEST = 100


@click.command("prove")
@click.argument("ids", nargs=-1, metavar="[ID...]")
@click.option("--only", metavar="TEXT", help="Only properties whose sentence contains this.")
@click.option("--examples", is_flag=True, help="Give a pupil wherever one should exist, too (slower).")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def prove(ids: tuple[str, ...], only: str | None, examples: bool, form: str) -> int:  # click's way
    """Settle every property of properties/ for every pupil there can be, under each version and each pair.

    Prints "proved", or a pupil that breaks it, as a case that is then decided. Without ID: every version, drafts too.

    \b
    Example:
        edtravel policy prove somerset-2018 --only faith
    """
    from eligibility import proof_text
    from eligibility.assess import Assessor
    from eligibility.folders import properties_folder
    from eligibility.policy_files import policies
    from eligibility.proving.property_files import load_properties
    from eligibility.proving.settle import NOT_ASKED

    held = policies()
    versions = [held.version(name).id for name in ids] or list(held.versions)
    properties = _chosen(load_properties(properties_folder(), held), only)
    settled = [one for found in _counted(held, properties, versions, examples=examples) for one in found]
    with Assessor(held) as assessor:
        decided = {id(one): _decide(assessor, one) for one in settled if one.pupils}
    if form == "json":
        _write_json([proof_text.as_object(held, one, decided.get(id(one), {})) for one in settled])
    else:
        width = min(shutil.get_terminal_size((_WIDEST, 24)).columns, _WIDEST)
        for line in proof_text.page(held, settled, decided, width):
            click.echo(_coloured(line))
        click.echo(proof_text.summary(settled))
    if all(one.status == NOT_ASKED for one in settled):
        raise UsageError("none of these properties says anything of these versions")
    # Told of every pupil, those that break a property too.
    agree = [_agree(one, decided[id(one)]) for one in settled if one.pupils]
    return 0 if all(agree) and all(one.green for one in settled) else 1


def _chosen(properties: list[Property], only: str | None) -> list[Property]:
    chosen = [one for one in properties if only is None or only.lower() in one.says.lower()]
    if not properties:
        raise UsageError("there is no property to prove; expected files of them in the folder of properties")
    if not chosen:
        known = [word for one in properties for word in one.says.split()]
        raise UsageError(f"no property says “{only}”{nearest(only or '', known)}")
    return chosen


def _counted(
    held: Policies, properties: Sequence[Property], versions: Sequence[str], *, examples: bool
) -> Iterator[list[Settled]]:
    """The properties as they are settled, counted on a terminal."""
    from eligibility.proving.prove import prove as settle

    found = settle(held, properties, versions, examples=examples, processes=min(os.cpu_count() or 1, 4))
    if not sys.stderr.isatty():
        yield from found
        return
    from rich.console import Console
    from rich.progress import track

    total = len(properties) * len(versions)
    yield from track(found, "Proving", total=total, console=Console(stderr=True), transient=True)


def _decide(assessor: Assessor, one: Settled) -> dict[tuple[str, str], Said]:
    """What `assess` says of the pupils that were found."""
    return {
        (pupil.case["reference"], version): _said(assessor, pupil, version)
        for pupil in one.pupils
        for version in (one.version, *(one.against if pupil is one.pupils[0] else ()))
    }


def _said(assessor: Assessor, pupil: Pupil, version: str) -> Said:
    from eligibility.proof_text import Said, in_json_types

    on = pupil.case["travel_from"]
    try:
        made = assessor.again(in_json_types(pupil.case), policy=version, on=on, decided=on, remembered=None)
    except (InputError, Disagreement) as error:
        return Said(f"no decision, {error.message}")
    return Said(made.outcome, {ground.id: ground.result for ground in made.grounds})


def _agree(one: Settled, decided: dict[tuple[str, str], Said]) -> bool:
    """Whether `assess` says what the proof took the versions to say; where not, that is told."""
    for pupil in one.pupils:
        for version, takes_it_to_say in _taken_to_say(pupil, decided):
            said = f"the proof takes {version} to say {takes_it_to_say} of {pupil.who}, and assess does not"
            click.echo(f"edtravel: “{one.sentence}”: {said}; please report it", err=True)
            return False
    return True


def _taken_to_say(pupil: Pupil, decided: dict[tuple[str, str], Said]) -> Iterator[tuple[str, str]]:
    """What the proof takes a version to say of a pupil and it does not say."""
    for version, outcome in pupil.outcomes:
        if decided[pupil.case["reference"], version].outcome != outcome:
            yield version, outcome
    for version, ground, met in pupil.grounds:
        result = decided[pupil.case["reference"], version].results.get(ground)
        if result is not None and (result == "met") != met:
            yield version, f"{ground} {'met' if met else 'not met'}"


def _coloured(line: str) -> str:
    if not sys.stdout.isatty() or os.environ.get("NO_COLOR") or not line.startswith("  "):
        return line
    from eligibility.proof_text import LABEL

    label = line[LABEL].strip()
    colour = {"proved": "green", "found": "green", "finding": "yellow"}.get(label, "red" if label.isupper() else None)
    return line[: LABEL.start] + click.style(line[LABEL], fg=colour) + line[LABEL.stop :] if label else line


def _write_json(found: list[dict[str, object]]) -> None:
    from eligibility.decision import to_json

    click.echo(to_json({"settled": found}))
