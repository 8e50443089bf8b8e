"""The first test of a new draft, as a file to go on with."""

from __future__ import annotations

from pathlib import Path

from eligibility.assess import Assessor
from eligibility.errors import EdtravelError, InputError
from eligibility.policy import Policies
from eligibility.testing.background import whole_pupil
from eligibility.testing.decided import Decided

_FIRST = """\
# Sentences of policy that {draft} has to keep to, each held against pupils by `edtravel policy test {draft}`.
# How they are written: docs/testing-a-policy.md. `edtravel policy test {draft} --coverage` says what is left to write,
# and `edtravel policy test --policy {draft}` which sentences of {base} the draft breaks.
about: What {draft} changes, and what it leaves as it was.
policy: [{base}, {draft}]
begin_with: whole_pupil
tests:
  - name: A pupil about whom nothing calls for travel is treated as before
    expect: {{{base}: {before}, {draft}: {after}}}
"""


def write_first_test(folder: Path, policies: Policies, base: str, draft: str) -> Path | None:
    """Write a file with one test that holds into a folder of tests; None where none is written.

    `policies` hold the draft, or where it cannot be read yet only what it changes. Raises EdtravelError where the file
    cannot be written.
    """
    assessor = Assessor(policies, second=None)
    try:
        before, after = (
            Decided(assessor.matter(whole_pupil(), policy=version)).outcome
            for version in (base, draft if draft in policies.versions else base)
        )
    except InputError:
        return None  # the versions of a council that begin later say nothing of that pupil's day
    path = folder / f"{draft}.yaml"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(_FIRST.format(base=base, draft=draft, before=before, after=after))
    except FileExistsError:
        return None
    except OSError as error:
        raise EdtravelError(f"{path} cannot be written ({error.strerror})") from error
    return path
