"""What an officer reads, on a wide terminal and on a narrow one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from eligibility.commands import main

SPARSE = "reference: A-1\ndate_of_birth: 2007-05-14\ntravel_from: 2018-09-04\nhome: {postcode: BA2 0AA}\n"
SPARSE += "school: {urn: 109329}\n"


def page(width: int, *words: str) -> str:
    done = CliRunner(env={"COLUMNS": str(width), "NO_COLOR": "1"}).invoke(main, list(words))
    assert done.exit_code == 0, done.stderr
    return done.stdout


def words(text: str) -> set[str]:
    return set(re.sub(r"[─\-]", " ", text).split())


@pytest.mark.parametrize("command", ["assess", "compare"])
@pytest.mark.parametrize("width", [40, 59, 69, 80, 110])
def test_no_line_is_wider_than_the_terminal_and_no_word_is_broken(command: str, width: int) -> None:
    text = page(width, command, "--sample")
    assert max(map(len, text.splitlines())) <= width
    # A word that is broken leaves two pieces, neither of which stands on a page that is wide enough.
    assert words(text) - {"Grounds", "under", "by", "road;", "place:", "foot,", "Outcome:"} <= {
        piece for word in words(page(110, command, "--sample")) for piece in (word, f"{word}:", f"{word};", f"{word},")
    }


def test_a_narrow_terminal_gets_a_list_of_the_grounds_and_schools() -> None:
    text = " ".join(page(40, "compare", "--sample").split())
    assert "─" not in text
    assert "- Beyond walking distance: not met - " in text
    assert "- Religion or belief: met under somerset-2016; 5.512 miles on foot" in text
    assert "- Outcome: Entitled under somerset-2016; Not entitled under somerset-2018" in text
    assert "Sandholm School (900035): 0.652 miles on foot, 0.653 miles by road; place: yes" in text


def test_a_reason_names_few_facts_by_their_questions_and_counts_many(tmp_path: Path) -> None:
    case = tmp_path / "case.yaml"
    case.write_text(SPARSE)
    text = " ".join(page(100, "assess", str(case)).split())
    reasons = text[text.index("Reasons") : text.index("Still to be known")]
    assert re.search(r"Not known until \d+ facts are given \(listed below\)\.", reasons)
    assert not re.search(r"given: \w+[._]", reasons)
    for place in re.findall(r"given: [^.]*?\[([\w.]+)\]", reasons):
        assert f"[{place}]" in text


def test_facts_that_could_change_nothing_are_said_to_be_such() -> None:
    from eligibility.text import _reason

    reason = "Not known until 4 facts are given: a.b, c, d, e.f. The distance is not exact."
    assert _reason(reason, []) == (
        "Not known until 4 facts are given; none of them could change the outcome. The distance is not exact."
    )
    assert "(listed below)" in _reason(reason, ["a", "c", "d", "e.f"])
    assert "(those that could change the outcome are listed below)" in _reason(reason, ["c"])
    assert _reason("Withdrawn; not known whether it is protected until given: a, b, c, d.", list("abcd")) == (
        "Withdrawn; not known whether it is protected until 4 facts are given (listed below)."
    )
    assert _reason("Not met: no.", []) == "Not met: no."
    assert _reason("Not known until 1 fact is given: needs.can_walk.", []).endswith("[needs.can_walk]")
