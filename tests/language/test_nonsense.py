"""Whatever is written, the reader answers with a sentence and a place, never with a traceback."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from eligibility.errors import PolicyError
from eligibility.language.parsing import parse_condition
from eligibility.marked_yaml import Marked, parse
from eligibility.policy_files import load_policies
from tests.language.test_conditions import KINDS, TAGS
from tests.policy_folders import Folders

_SIGNS = [*"()[]{}<>=!,.:;#'\"\\-+*/%&|~@^", "\n", " ", "  ", "\t", "==", "!=", "<=", ">=", ":=", "**", "...", "'''"]
_TEXT = "and or not in is if else lambda any years date from_other_home True None await yield 0 08 1_0 1e9 0x 3"
_SPOKEN = _TEXT.split(" ")
_words = st.sampled_from([*KINDS, *_SIGNS, *_SPOKEN, '"primary"', "f'{x}'", "\u00e9", "\u2028", "\x0c", "\ufeff"])
_rows = st.lists(_words, max_size=25)
nonsense = st.text(max_size=60) | _rows.map(" ".join) | _rows.map("".join)


@given(nonsense)
@example("(" * 200)
@example("not " * 2000 + "resident")
@example("resident\x00")
@example("resident\\")
@example("0" * 5000 + " < nearer_schools")
@example("9" * 5000 + " < nearer_schools")
@example("nearer_schools < 1" + " < 1" * 3000)
def test_no_text_makes_the_reader_of_conditions_fail_otherwise(text: str) -> None:
    mark = Marked(text, "rule.yaml", 3, 11, text)
    with contextlib.suppress(PolicyError):
        parse_condition(mark, KINDS, TAGS)


_TEXT_OF_YAML = "a b : [ ] { } *x | >- ' % @ ` --- ... true null 2018-09-01 0001-01-01 9999-99-99"
_YAML = _TEXT_OF_YAML.split(" ")
_MORE_YAML = [": ", "- ", "\n", "  ", "\t", "&x ", "!t ", "# ", '"', "? ", "<<: ", "\x00", "\x85", "\ufeff", "\u2028"]
_yaml_words = st.sampled_from([*_YAML, *_MORE_YAML])


@given(st.text(max_size=80) | st.lists(_yaml_words, max_size=30).map("".join))
@example("[" * 5000)
@example("{a: " * 3000)
@example("- " * 3000)
@example("? " * 3000)
def test_no_text_makes_the_reader_of_yaml_fail_otherwise(text: str) -> None:
    with contextlib.suppress(PolicyError):
        parse(text, "policy.yaml").plain()


def _files(folders: Folders) -> list[Path]:
    return sorted([*folders.rules.rglob("*.yaml"), *folders.versions.rglob("*.yaml")])


@settings(max_examples=40)
@given(data=st.data())
def test_no_edit_of_a_rule_or_policy_file_makes_the_engine_fail_otherwise(
    data: st.DataObject,
) -> None:
    """One line of one file is lost, repeated, moved in or given other words."""

    with tempfile.TemporaryDirectory() as root:
        folders = Folders(Path(root) / "county")
        path = data.draw(st.sampled_from(_files(folders)), label="file")
        lines = path.read_text(encoding="utf-8").splitlines()
        number = data.draw(st.integers(0, len(lines) - 1), label="line")
        line = lines[number]
        edits = {
            "lost": [],
            "repeated": [line, line],
            "moved in": ["  " + line],
            "cut": [line[: len(line) // 2]],
            "other words": [line.partition(":")[0] + ": " + data.draw(nonsense, label="words").replace("\n", " ")],
            "emptied": [line.partition(":")[0] + ":"],
            "listed": [line.partition(":")[0] + ": []"],
        }
        lines[number : number + 1] = edits[data.draw(st.sampled_from(sorted(edits)), label="edit")]
        path.write_text("\n".join(lines), encoding="utf-8")
        with contextlib.suppress(PolicyError):
            load_policies(folders.rules, folders.versions)
