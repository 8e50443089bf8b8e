"""Fixtures of the tests of rule and policy files."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.policy_folders import Folders


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    """A copy of the rules and policy versions to edit."""
    return Folders(tmp_path)
