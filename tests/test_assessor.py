"""What assesses cases: which version and day it takes, and that it ends with its second engine."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from eligibility.assess import Assessor
from eligibility.engines.durable import DurableEngine
from eligibility.errors import EdtravelError
from eligibility.new_draft import draft_text, write_draft
from eligibility.policy_files import load_policies, policies
from tests.case_builder import case
from tests.policy_folders import Folders

DAY = dt.date(2018, 9, 4)


class _Noted(DurableEngine):
    """The second engine, which notes that it is closed."""

    closed = 0

    def close(self) -> None:
        """Note it, and close."""
        self.closed += 1
        super().close()


def test_the_second_engine_is_closed_with_what_assesses() -> None:
    second = _Noted()
    with Assessor(second=second) as assessor:
        assert assessor.why_one_engine == second.why_absent
    assert second.closed == 1
    assessor.close()
    assert second.closed == 2
    with Assessor(second=None) as alone:
        assert alone.why_one_engine == "no second engine was asked for"


def test_an_earlier_decision_under_a_policy_that_there_is_not_is_told_with_the_nearest() -> None:
    asked: dict[str, Any] = {"on": DAY, "decided": DAY, "remembered": None}
    with pytest.raises(EdtravelError, match="somerset-2018"):
        Assessor(second=None).again(case(), policy="somerset-2081", **asked)


def test_a_version_that_is_asked_for_decides_though_it_goes_by_an_application_made_before_it_began(
    tmp_path: Path,
) -> None:
    folders = Folders(tmp_path)
    base = policies().version("somerset-2018")
    text = draft_text(policies(), "applied", base, choose={"governing_date": "date_applied"})
    write_draft(folders.versions / "drafts", "applied", text)
    assessor = Assessor(load_policies(folders.rules, folders.versions), second=None)
    matter = assessor.matter(case(applied_on=dt.date(2018, 5, 1)), policy="applied")
    assert (matter.version.id, matter.on) == ("applied", dt.date(2018, 5, 1))
