"""Which files are changed, and every mutant of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from eligibility.facts import vocabulary
from eligibility.policy import RULE_TYPES
from mutation.code_files import code_mutants
from mutation.data_files import Names, data_mutants
from mutation.mutants import Mutant

DATA = (
    "rules/**/*.yaml",
    "policy_versions/*.yaml",
    "policy_versions/drafts/*.yaml",
    "policy_versions/calendars/*.yaml",
)
"""What the policy is; the sentences in policy_versions/tests are tests of it."""
LANGUAGE = tuple(f"eligibility/language/{name}.py" for name in ("partial", "simplify", "straight_line"))
ENGINE = ("eligibility/engines/reference.py", "eligibility/engines/figures.py", *LANGUAGE)
SECOND = tuple(f"eligibility/engines/{name}.py" for name in ("durable*", "clauses", "proof"))
DECISION = tuple(
    f"eligibility/{name}.py"
    for name in ("assess", "decide", "derived", "establish", "grounds", "in_force", "notices", "outcome", "timeline")
)
CALENDAR = ("eligibility/school_calendar.py", "eligibility/calendar_files.py", "eligibility/policy_figures.py")
SUBJECTS = {
    "rules": DATA[:1],
    "policy versions": DATA[1:],
    "reference engine": ENGINE,
    "decision": DECISION,
    "calendar": CALENDAR,
    "second engines": SECOND,
}
"""What is changed, by what the figures are given of."""
TRIED_BY = {"rules": "policy", "policy versions": "policy", "second engines": "engines"}
"""Which tests try the mutants of a subject, see `worker.py`; those of all others are tried by the tests of the code."""
BY_BOTH_ENGINES = ("eligibility/assess.py",)
"""The files that have the second engine check the first: tried by the tests of the code with both at work."""


def files(project: Path, subject: str) -> list[str]:
    """The files of a subject, as paths from the top of the project."""
    found = (path for pattern in SUBJECTS[subject] for path in project.glob(pattern))
    return sorted(path.relative_to(project).as_posix() for path in found if path.name != "__init__.py")


def mutants(project: Path, subject: str) -> Iterator[tuple[Mutant, str]]:
    """Every mutant of a subject, with the text of its file as it then is."""
    known = names(project)
    for file in files(project, subject):
        text = (project / file).read_text(encoding="utf-8")
        made = code_mutants(file, text) if file.endswith(".py") else data_mutants(file, text, known)
        for mutant in made:
            yield mutant, mutant.applied(text)


def code_files(project: Path) -> list[str]:
    """The files of all subjects that are code."""
    return [file for subject in SUBJECTS for file in files(project, subject) if file.endswith(".py")]


def tried_by(file: str) -> str:
    """`policy`, `code`, `both` or `engines`: which tests try the mutants of a file."""
    if file in BY_BOTH_ENGINES:
        return "both"
    path = PurePosixPath(file)
    by = (TRIED_BY.get(name, "code") for name, patterns in SUBJECTS.items() for p in patterns if path.match(p))
    return "policy" if file.endswith(".yaml") else next(by, "code")


def names(project: Path) -> Names:
    """What the rules and versions of a project speak of."""
    types = {name: kind.type for name, kind in vocabulary().kinds().items()}
    choices: dict[str, tuple[str, ...]] = {}
    grounds: list[str] = []
    measures: tuple[str, ...] = ()
    for path in sorted(path for pattern in DATA for path in project.glob(pattern)):
        content: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), yaml.CBaseLoader)  # noqa: S506 - plain words
        for entry in content.get("definitions", ()):
            types[entry["name"]] = "boolean"
        if "ground" in content:
            grounds.append(content["ground"])
        if isinstance(content.get("measures"), dict):
            measures = tuple(content["measures"])
        for name, entry in content.get("parameters", {}).items():
            types[name] = RULE_TYPES.get(entry["unit"], entry["unit"])
            choices[name] = tuple(entry.get("choices", ()))
        for name, entry in content.get("readings", {}).items():
            choices[name] = tuple(entry["choices"])
    return Names(types, choices, tuple(grounds), measures)
