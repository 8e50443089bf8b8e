"""An invented third version, with a ground, a figure and a transition of its own, as a draft."""

from __future__ import annotations

from tests.policy_folders import Folders
from tests.test_by_files_alone import GROUND, VERSION

THIRD = "somerset-2020"


def write_third_version(folders: Folders) -> None:
    """Put it into the folders."""
    folders.write("rules/grounds/ferry.yaml", GROUND)
    limit = "measures:\n  ferry_limit:\n    - {value: walking_mm, limit: ferry_limit}\n"
    folders.replace("rules/measures.yaml", "measures:\n", limit)
    folders.write(f"policy_versions/drafts/{THIRD}.yaml", VERSION)
