"""Copies of the rules and policy versions for a test to edit, the way a policy officer would: by files alone."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from eligibility.assess import Assessor
from eligibility.policy_files import load_policies
from tests.conftest import PROJECT


class Folders:
    """A copy of both data folders under `root`."""

    def __init__(self, root: Path) -> None:
        self.rules, self.versions = root / "rules", root / "policy_versions"
        shutil.copytree(PROJECT / "rules", self.rules)
        shutil.copytree(PROJECT / "policy_versions", self.versions)

    def write(self, place: str, text: str) -> None:
        """Write a file, such as `rules/grounds/new.yaml`."""
        path = self.rules.parent / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def replace(self, place: str, old: str, new: str) -> None:
        """Replace the one occurrence of `old` in a file."""
        path = self.rules.parent / place
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {place}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    def choose(self, reading: str, choice: str) -> None:
        """Choose another reading in every version that has it."""
        pattern = re.compile(rf"^(  {reading}:\n    chosen: ).*$", re.MULTILINE)
        written = 0
        for path in self.versions.glob("*.yaml"):
            text, count = pattern.subn(rf'\g<1>"{choice}"', path.read_text(encoding="utf-8"))
            path.write_text(text, encoding="utf-8")
            written += count
        assert written, f"no version has the reading {reading}"

    def assessor(self) -> Assessor:
        """An assessor of what the folders now say."""
        return Assessor(policies=load_policies(self.rules, self.versions))
