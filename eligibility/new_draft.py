"""A new draft version, written as a file that a policy officer goes on with.

A draft holds only what it changes. Where it withdraws a ground, it takes over from the latest change known who keeps
what was withdrawn, so that a run-off can be modelled at once; the officer may write otherwise.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from eligibility import wording
from eligibility.errors import EdtravelError, UsageError, nearest
from eligibility.policy import Policies, Version
from eligibility.policy_findings import uses
from eligibility.reading_names import EXPECTATION

_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*\Z")
_NO_SOURCE = "a draft; no source yet"
_WIDTH = 100

_TOP = """\
# A draft: it can be modelled and compared and can never decide a case. A draft that changes nothing is refused.
# Only what it changes against {base} is written here, each change with its source. A change is one of these:
#
#   - {{parameter: waiting_guideline, value: 20, source: where it comes from}}
#   - {{withdraw: faith, source: where it comes from}}
#   - {{add_ground: faith, source: where it comes from}}
#
# Grounds of {base} that are the council's to withdraw:
{grounds}
# Parameters of {base}, those that statute sets left out:
{parameters}
"""


def draft_text(
    policies: Policies,
    name: str,
    base: Version,
    *,
    withdraw: Sequence[str] = (),
    change: Mapping[str, str] | None = None,
    choose: Mapping[str, str] | None = None,
    starts: dt.date | None = None,
    source: str = "",
    title: str = "",
) -> str:
    """The file of a draft `name` that changes `base` from the day `starts` on.

    By default that is the day after the last one of `base`, and where it has none its first day, so that the draft
    stands beside what replaced it, or in its place. `withdraw` are grounds that it drops; `change` gives parameters
    their new value as it is written in a file; `choose` gives open readings another of their choices. `source` says
    where the change is decided.

    Raises UsageError for an id that cannot be one, for a `base` that is no council's, for a ground or parameter that it
    has not, and for a ground that is not the council's to withdraw.
    """
    source = source or _NO_SOURCE
    if not _ID.match(name):
        raise UsageError(f"{name} cannot be the id of a version; expected small letters, digits and hyphens")
    for said in (title, source):
        if not said.isprintable():
            raise UsageError("a title or source holds a character that cannot be seen, such as one that turns the text")
    if not base.council:
        councils = ", ".join(version.id for version in policies.council_versions())
        raise UsageError(f"a draft changes the version of a council, and {base.id} is none; expected one of {councils}")
    if name in policies.versions:
        raise UsageError(f"there is a version {name} already; choose another id")
    by_law = policies.versions[base.statute].grounds if base.statute else {}
    own = {ground: policies.rules.grounds[ground].title for ground in base.grounds if ground not in by_law}
    for ground in withdraw:
        if ground in by_law:
            raise UsageError(f"{ground} is a ground of statute, which no council can withdraw{_may_be(own)}")
        if ground not in base.grounds:
            raise UsageError(f"{base.id} has no ground {ground}{nearest(ground, base.grounds) or _may_be(own)}")
    for parameter in change or {}:
        if parameter not in base.parameters:
            raise UsageError(f"{base.id} has no parameter {parameter}{nearest(parameter, base.parameters)}")
    changes: list[dict[str, Any]] = [{"withdraw": ground, "source": source} for ground in withdraw]
    changes += [
        {"parameter": parameter, "value": _value(parameter, value), "source": source}
        for parameter, value in (change or {}).items()
    ]
    first = starts or (base.ends + dt.timedelta(days=1) if base.ends else base.starts)
    if first < base.starts:
        begins = wording.date(base.starts)
        raise UsageError(f"a draft cannot begin before what it changes; {base.id} begins on {begins}")
    content: dict[str, Any] = {
        "version": name,
        "title": title or f"Draft {name}, changed from {base.id}",
        "council": base.council,
        "layer": base.layer,
        "replaces": base.id,
        "from": {"value": first, "source": source},
        "changes": changes,
    }
    readings = {name: _read_as(base, name, choice) for name, choice in (choose or {}).items()}
    if withdraw:
        kept = _who_keeps(policies, base, withdraw)
        readings = {**kept.pop("readings", {}), **readings}
        content |= kept
    if readings:
        content["readings"] = readings
    statute = policies.versions[base.statute].parameters if base.statute else {}
    listed = "\n".join(f"#   {p.name}: {p.written}" for p in base.parameters.values() if p.name not in statute)
    grounds = "\n".join(f"#   {ground}: {called}" for ground, called in own.items())
    top = _TOP.format(base=base.id, grounds=grounds, parameters=listed)
    return top + yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=_WIDTH)


def _may_be(grounds: Mapping[str, str]) -> str:
    """The grounds that may be withdrawn, by id and title."""
    return "; expected one of " + ", ".join(f"{ground} ({title})" for ground, title in grounds.items())


def _who_keeps(policies: Policies, base: Version, withdrawn: Sequence[str]) -> dict[str, Any]:
    """The transition of the latest change known, for the grounds withdrawn; nothing where no version has one."""
    known = [version for version in policies.council_versions() if version.transition]
    held = base if base.transition else (known[-1] if known else None)
    if held is None:
        return {}
    written = held.mark.plain()
    source = f"as in {held.id}; a draft, no source yet"
    # Who had travel on a ground that itself hangs on one withdrawn loses it just the same.
    hanging = [g for g in base.grounds if g not in withdrawn and uses(policies.rules, g) & set(withdrawn)]
    protects = [{"ground": ground, "source": source} for ground in (*withdrawn, *hanging)]
    found: dict[str, Any] = {"transition": {**written["transition"], "source": source, "protects": protects}}
    if EXPECTATION not in base.readings:
        found = {"readings": {EXPECTATION: written["readings"][EXPECTATION]}, **found}
    return found


def _read_as(base: Version, name: str, choice: str) -> dict[str, Any]:
    """A reading of the base with another choice; its other keys stay."""
    reading = base.readings.get(name)
    if reading is None or choice not in reading.others:
        known = base.readings if reading is None else reading.others
        wrong = name if reading is None else choice
        raise UsageError(f"{base.id} leaves no such reading open as {name}: {choice}{nearest(wrong, known)}")
    written: dict[str, Any] = {"chosen": choice, "choices": list(reading.choices), "source": _NO_SOURCE}
    if reading.refer_if_different:
        written["refer_if_different"] = True
    return written


def _value(parameter: str, written: str) -> Any:
    try:
        return yaml.safe_load(written)
    except yaml.YAMLError as error:
        raise UsageError(f"the value of {parameter} cannot be read; expected a number, a word or a date") from error


def write_draft(folder: Path, name: str, text: str) -> Path:
    """Write the file of a draft into a folder of drafts; an existing file is never written over.

    Raises UsageError where there is such a file, and EdtravelError where it cannot be written.
    """
    path = folder / f"{name}.yaml"
    try:
        folder.mkdir(exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise UsageError(f"there is a file {path} already; choose another id, or go on with that file") from error
    except OSError as error:
        raise EdtravelError(
            f"{path} cannot be written ({error.strerror}); "
            "copy the policy versions and name the copy in EDTRAVEL_POLICY_VERSIONS"
        ) from error
    return path
