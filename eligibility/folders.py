"""Where the rules, the policy versions and the properties are."""

from __future__ import annotations

import os
from pathlib import Path

from eligibility.errors import EdtravelError, UsageError

_PACKAGE = Path(__file__).resolve().parent


def rules_folder() -> Path:
    """The folder of rule files: EDTRAVEL_RULES if it is set, otherwise the one edtravel came with.

    Raises UsageError if EDTRAVEL_RULES does not name a folder.
    """
    return _folder("rules", "EDTRAVEL_RULES")


def policy_folder() -> Path:
    """The folder of policy versions: EDTRAVEL_POLICY_VERSIONS if it is set, otherwise edtravel's own.

    Raises UsageError if EDTRAVEL_POLICY_VERSIONS does not name a folder.
    """
    return _folder("policy_versions", "EDTRAVEL_POLICY_VERSIONS")


def drafts_folder() -> Path:
    """The folder of drafts: `drafts` in the folder of policy versions, unless that is inside an installed package.

    There a draft would be lost with the next release, so it is `policy_drafts` in the folder one works in.
    """
    own = policy_folder()
    return Path("policy_drafts") if own == _PACKAGE / "policy_versions" else own / "drafts"


def draft_tests_folder() -> Path:
    """The folder of the table tests of drafts: that of the versions, or one among drafts that lie by themselves."""
    drafts, own = drafts_folder(), policy_folder()
    return (own if drafts.parent == own else drafts) / "tests"


def table_test_folders() -> tuple[Path, ...]:
    """The folders of table tests, of the versions and of the drafts; a folder need not be there."""
    return tuple(dict.fromkeys((policy_folder() / "tests", draft_tests_folder())))


def from_here(path: Path) -> str:
    """A path as it is written from the folder one works in, where it lies in it."""
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


def properties_folder() -> Path:
    """The folder of properties: EDTRAVEL_PROPERTIES if it is set, otherwise edtravel's own.

    Raises UsageError if EDTRAVEL_PROPERTIES does not name a folder.
    """
    return _folder("properties", "EDTRAVEL_PROPERTIES")


def _folder(name: str, variable: str) -> Path:
    if own := os.environ.get(variable):
        if not Path(own).is_dir():
            raise UsageError(f"{variable} is set to {own}, which is not a folder")
        return Path(own)
    # Inside an installed package, beside the package in a checkout.
    for folder in (_PACKAGE / name, _PACKAGE.parent / name):
        if folder.is_dir():
            return folder
    raise EdtravelError(f"the folder {name} that belongs to edtravel cannot be found; install it again")
