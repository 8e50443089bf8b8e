"""`edtravel replay`: decide a recorded case again, and say what differs."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from eligibility.commands._cases import open_area
from eligibility.commands.compare import comparison
from eligibility.errors import Disagreement, EdtravelError, InputError, MismatchError, UsageError

if TYPE_CHECKING:
    from eligibility.decision import Decision


@click.command("replay")
@click.argument("decision", metavar="DECISION.json")
@click.option(
    "--area",
    metavar="AREA",
    help="Measure again in this area; by default the recorded measurements are used.",
)
def command(decision: str, area: str | None) -> int:
    """Decide a recorded case again: the same bytes, or what differs (exit code 4).

    What `assess` or `compare` wrote as JSON or JSON Lines. Without --area the recorded distances are taken as they are.

    \b
    Example:
        edtravel assess pupil.yaml --format json > decision.json
        edtravel replay decision.json
    """
    from eligibility.assess import Assessor

    text = _read(decision)
    recorded = _parse(text, decision)
    assessor = click.get_current_context().with_resource(Assessor(area=open_area(area)))
    entries = recorded if isinstance(recorded, list) else [recorded]
    differences: list[str] = []
    disagreements: list[str] = []
    notes: dict[str, None] = {}
    again: list[dict[str, Any]] = []
    for number, entry in enumerate(entries, 1):
        where = f"decision {number}: " if len(entries) > 1 else ""
        try:
            fresh, differs, noted = replay_entry(assessor, entry)
        except Disagreement as error:
            disagreements.append(f"{where}{error.message}")
            continue
        except (MismatchError, UsageError) as error:
            if len(entries) == 1:
                raise
            differences.append(f"{where}{error.message}")
            continue
        again.append(fresh)
        differences.extend(f"{where}{line}" for line in differs)
        notes.update(dict.fromkeys(noted))
    _echo(again, text, isinstance(recorded, list))
    if assessor.area is None and any(_was_measured(entry) for entry in entries):
        click.echo("edtravel: distances taken from the record, not measured again", err=True)
    for note in notes:
        click.echo(f"edtravel: {note}", err=True)
    if disagreements:
        raise EdtravelError("; ".join([*disagreements, *differences]))
    if differences:
        which = "the decision is" if len(entries) == 1 else "not every decision is"
        raise MismatchError(f"{which} {'not ' if len(entries) == 1 else ''}the same now: " + "; ".join(differences))
    click.echo("edtravel: the same decision, byte for byte", err=True)
    return 0


def replay_entry(assessor: Any, entry: Any) -> tuple[dict[str, Any], list[str], list[str]]:
    """Decide a recorded decision again, or both of a comparison. Returns the same again, what differs, and notes."""
    if not _is_comparison(entry):
        fresh, differs, notes = replay_one(assessor, entry)
        return fresh.as_dict(), differs, notes
    differences: list[str] = []
    notes = []
    decisions: list[Decision] = []
    for recorded in entry["decisions"]:
        fresh, differs, noted = replay_one(assessor, recorded)
        decisions.append(fresh)
        notes.extend(noted)
        differences.extend(f"under {fresh.policy}, {line}" for line in differs)
    made = comparison(decisions[0], decisions[1])
    differences.extend(
        f"{key} differs"
        for key in dict.fromkeys((*entry, *made))
        if key != "decisions" and json.dumps(entry.get(key), default=str) != json.dumps(made.get(key))
    )
    return made, differences, notes


def _is_comparison(entry: Any) -> bool:
    found = entry.get("decisions") if isinstance(entry, dict) else None
    return isinstance(found, list) and len(found) == 2


def _was_measured(entry: Any) -> bool:
    recorded = entry["decisions"] if _is_comparison(entry) else [entry]
    places = [each.get("provenance") if isinstance(each, dict) else None for each in recorded]
    return any(isinstance(place, dict) and place.get("area") for place in places)


def replay_one(assessor: Any, entry: Any) -> tuple[Decision, list[str], list[str]]:
    """Decide one recorded case again. Returns the decision, what differs and what is only to be noted, a line each."""
    import datetime as dt

    from eligibility.decide import FIRST, SECOND

    provenance = entry.get("provenance") if isinstance(entry, dict) else None
    if not isinstance(provenance, dict) or not {"case", "asked", "rules", "policy"} <= set(provenance):
        raise UsageError("this is not a decision of edtravel: it has no provenance with case, asked, rules and policy")
    asked = provenance["asked"]
    area = assessor.area
    if area is not None and provenance.get("area") not in (None, area.content_hash):
        raise MismatchError(
            f"the decision was measured in another area ({str(provenance['area'])[:23]}...) than this one "
            f"({area.content_hash[:23]}...); give the area it was measured in, or none"
        )
    try:
        fresh: Decision = assessor.again(
            provenance["case"],
            policy=asked.get("policy"),
            on=dt.date.fromisoformat(asked["on"]) if asked.get("on") else None,
            decided=dt.date.fromisoformat(asked["decided_on"]),
            remembered=None if area else provenance.get("measured"),
        )
    except (InputError, ValueError, KeyError, TypeError, AttributeError) as error:
        reason = error.message if isinstance(error, InputError) else "its provenance is not as edtravel writes it"
        raise MismatchError(f"the recorded case can no longer be decided: {reason}") from error
    notes = []
    recorded, now = entry.get("checked_by"), fresh.checked_by
    if recorded != now and recorded in ([FIRST], [FIRST, SECOND]):
        # By how many engines a decision is checked hangs on the machine, and is no part of what was decided.
        notes.append(f"checked by {_engines(now)} this time, when it was recorded by {_engines(recorded)}")
        fresh = fresh.model_copy(update={"checked_by": recorded})
    return fresh, _differences(entry, fresh.as_dict()), notes


def _engines(names: list[str]) -> str:
    return "two engines" if len(names) > 1 else "one engine"


def _differences(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    if json.dumps(old, default=str) == json.dumps(new):
        return []
    found = []
    for key in ("rules", "policy", "area", "engine"):
        was, now = old["provenance"].get(key), new["provenance"].get(key)
        if was != now:
            found.append(f"{key} was {str(was)[:19]}, is {str(now)[:19]}")
    for key in dict.fromkeys((*old, *new)):
        if key != "provenance" and json.dumps(old.get(key), default=str) != json.dumps(new.get(key)):
            shown = f" was {old.get(key)}, is {new.get(key)}" if key in _SHOWN else ""
            found.append(f"{key}{shown}" if shown else f"{key} differs")
    return found or ["provenance differs"]


_SHOWN = ("policy", "on", "decided_on", "outcome", "starts_on", "ends_on")


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 at byte {error.start}") from error


def _parse(text: str, path: str) -> Any:
    lines = [line for line in text.splitlines() if line.strip()]
    try:
        if len(lines) > 1 and lines[0].startswith("{") and lines[0].endswith("}"):
            return [json.loads(line, parse_float=Decimal) for line in lines]
        return json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        where = f" (line {error.lineno}, column {error.colno})" if isinstance(error, json.JSONDecodeError) else ""
        raise UsageError(
            f"{path} is not JSON{where}; expected a decision as `assess --format json` writes it"
        ) from error


def _echo(again: list[dict[str, Any]], text: str, several: bool) -> None:
    """Write the decisions in the form of the file."""
    from eligibility.decision import to_json

    if text.lstrip().startswith("[") and several:
        click.echo("[\n" + ",\n".join(to_json(each) for each in again) + "\n]")
        return
    one_line = several or "\n" not in text.strip()
    for each in again:
        click.echo(to_json(each, one_line=one_line))
