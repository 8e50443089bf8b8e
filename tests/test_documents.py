"""What `docs/` says of the code is what the code says of itself."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MADE = runpy.run_path(str(ROOT / "scripts" / "make_docs.py"))["documents"]()


@pytest.mark.parametrize("name", sorted(MADE))
def test_a_document_made_from_the_code_is_up_to_date(name: str) -> None:
    written = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert written == MADE[name], "run: python scripts/make_docs.py"
