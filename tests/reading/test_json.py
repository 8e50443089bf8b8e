"""JSON keeps decimals as written and refuses what two readers could read differently."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from eligibility.reading import JSON_LIMIT, read_cases
from tests.reading.helpers import COLUMNS, cases, piped, read, references, rejected


def test_an_object_is_one_case_and_a_list_is_several(tmp_path: Path) -> None:
    assert references(read('{"reference": "A"}', "a.json", tmp_path)) == ["A"]
    found = read('[\n{"reference": "A"},\n {"reference": "B"}\n]', "a.json", tmp_path)
    assert references(found) == ["A", "B"]
    assert [(item.row, item.line, item.raw) for item in found] == [
        (1, 2, '{"reference": "A"}'),
        (2, 3, '{"reference": "B"}'),
    ]


def test_a_decimal_is_kept_as_written_and_never_becomes_a_float(tmp_path: Path) -> None:
    (case,) = cases(read('{"a": 2.00000001, "b": 7, "c": null, "d": 1.5e2}', "a.json", tmp_path))
    assert case == {"a": Decimal("2.00000001"), "b": 7, "c": None, "d": Decimal(150)}
    assert type(case["a"]) is Decimal


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ('{\n"a": 1,\n"a": 2}', 3, 1, "'a' is given twice"),
        ('{"a": {"b": 1},\n "c": {"b": 1, "b": 2}}', 2, 16, "'b' is given twice"),
        ('{"a": NaN}', 1, 0, "NaN or Infinity"),
        ('{"a": -Infinity}', 1, 0, "NaN or Infinity"),
        ('{"a": 1e999999999}', 1, 0, "more than 18 digits"),
        ('{"a": 1e99999999999999999999}', 1, 0, "more than 18 digits"),
        ('{"a": ' + "9" * 5000 + "}", 1, 0, "more than 18 digits"),
        ('{"a": "\\ud800"}', 1, 0, "no character"),
        ('{"a": ' + "[" * 30 + "]" * 30 + "}", 1, 0, "more than 20 deep"),
        ('{"a": ' + "[" * 100_000, 0, 0, "more than 20 deep"),
        ('{"a": 1,\n "b" 2}', 2, 6, "not JSON"),
        ('{"a": 1}\n{"a": 2}', 2, 1, ".jsonl"),
        ('[{"a": 1}\n {"a": 2}]', 2, 2, "a comma or the end of the list"),
        ("[1]", 1, 0, "an object of keys and values"),
        ('"words"', 1, 0, "an object of keys and values"),
        ("[]", 0, 0, "holds no case"),
        ("  ", 0, 0, "holds no case"),
        ("[", 1, 2, "not JSON"),
    ],
)
def test_a_mistake_is_named_with_its_place(text: str, line: int, column: int, words: str, tmp_path: Path) -> None:
    bad = rejected(read(text, "a.json", tmp_path))
    assert words in bad.reason
    assert bad.line == line
    assert not column or bad.column == column


def test_a_duplicate_key_in_one_case_of_a_list_leaves_the_others(tmp_path: Path) -> None:
    found = read('[{"reference": "A"},\n{"x": 1, "x": 2},\n{"reference": "C"}]', "a.json", tmp_path)
    assert references(found) == ["A", "C"]
    assert (rejected(found).row, rejected(found).line) == (2, 2)


def test_a_line_that_cannot_be_read_costs_its_own_case_alone(tmp_path: Path) -> None:
    lines = [
        b'\xef\xbb\xbf{"reference": "A"}',
        b'{"reference": ',
        b"",
        b'{"reference": "caf\xe9"}',
        b'{"reference": "B"} {}',
        b"[1]",
        b'{"x": 1, "x": 2}',
        b'{"x": ' + b"[" * 50_000,
        b'{"x": "' + b"y" * 3_000_000 + b'"}',
        b'{"reference": "C"}',
    ]
    found = read(b"\r\n".join(lines), "a.ndjson", tmp_path)
    assert references(found) == ["A", "C"]
    assert [item.row for item in found] == [1, 2, 3, 4, 5, 6, 7, 8, 9]
    assert [item.line for item in found] == [1, 2, 4, 5, 6, 7, 8, 9, 10]


def test_plain_json_too_large_is_refused_and_json_lines_is_not(tmp_path: Path) -> None:
    path = tmp_path / "large.json"
    with path.open("wb") as file:
        file.write(b"[ 1, 2, 3 ")
        file.truncate(JSON_LIMIT + 1)
    bad = rejected(list(read_cases([path], columns=COLUMNS)))
    assert "50 MB" in bad.reason
    assert "JSON Lines" in bad.reason


def test_piped_json_lines_are_read_one_at_a_time() -> None:
    assert references(piped('{"reference": "A"}\n' * 3)) == ["A"] * 3
