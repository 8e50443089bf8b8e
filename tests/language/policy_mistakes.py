"""What the tests of the policy files share: a copy of the folders to edit, and where a text stands."""

from __future__ import annotations

import pytest

from eligibility.errors import PolicyError
from eligibility.policy_check import check
from eligibility.policy_files import load_policies
from tests.policy_folders import Folders

OLD, NEW, STATUTE = (
    "policy_versions/somerset-2016.yaml",
    "policy_versions/somerset-2018.yaml",
    "policy_versions/england.yaml",
)
INCOME, FAITH = "rules/definitions/income.yaml", "rules/grounds/faith.yaml"


def refused(folders: Folders) -> PolicyError:
    """The error with which the folders are refused."""
    with pytest.raises(PolicyError) as found:
        load_policies(folders.rules, folders.versions)
    return found.value


def line_of(folders: Folders, place: str, text: str) -> int:
    """The one line of a file in which a text stands, from 1."""
    lines = (folders.rules.parent / place).read_text(encoding="utf-8").splitlines()
    (number,) = [number for number, line in enumerate(lines, 1) if text in line]
    return number


def findings(folders: Folders) -> list[str]:
    """Everything that the check finds wrong."""
    return [str(finding) for finding in check(load_policies(folders.rules, folders.versions))]


def ground(name: str, outcome: str, *tests: str) -> str:
    lines = "".join(f"  - test: {test}\n    otherwise: it does not hold\n" for test in tests)
    head = f"ground: {name}\ntitle: {name}\nkind: local\noutcome: {outcome}\nsource: invented\n"
    return f"{head}conditions:\n{lines}met: It holds.\nnot_met: 'Not met: {{because}}.'\n"
