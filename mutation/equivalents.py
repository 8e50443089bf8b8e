"""The mutants that no test can catch, because they decide and say the same; each with the reason."""

from __future__ import annotations

from pathlib import Path

import yaml

FILE = Path(__file__).with_name("equivalent.yaml")


def equivalents(file: Path = FILE) -> dict[str, str]:
    """The reason for each mutant, by its name."""
    content = yaml.safe_load(file.read_text(encoding="utf-8")) or []
    return {name: entry["reason"] for entry in content for name in entry["mutants"]}
