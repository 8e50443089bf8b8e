"""YAML means what it says, and a mistake in one case costs only that case."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from eligibility.reading import YAML_LIMIT, read_cases
from tests.reading.helpers import COLUMNS, cases, piped, read, references, rejected


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("12", 12),
        ("-3", -3),
        ("0", 0),
        ("007", "007"),
        ("3.412", Decimal("3.412")),
        ("2.0", Decimal("2.0")),
        ("2018-09-04", date(2018, 9, 4)),
        ("2018-02-30", "2018-02-30"),
        ("yes", "yes"),
        ("off", "off"),
        ("1:30", "1:30"),
        ("0x10", "0x10"),
        ("1e3", "1e3"),
        (".nan", ".nan"),
        ("1" * 5000, "1" * 5000),
        ("BA2 0AA", "BA2 0AA"),
        ('"12"', "12"),
        ("'true'", "true"),
        ('"2018-09-04"', "2018-09-04"),
    ],
)
def test_an_unquoted_word_is_read_as_yaml_1_2_reads_it(written: str, value: object, tmp_path: Path) -> None:
    (case,) = cases(read(f"key: {written}\n", "a.yaml", tmp_path))
    assert case == {"key": value}
    assert type(case["key"]) is type(value)


def test_the_key_on_stays_a_word_and_a_school_number_becomes_one(tmp_path: Path) -> None:
    text = "incidents: [{on: 2018-11-02}]\nplaces: {136335: false}\n"
    assert cases(read(text, "a.yml", tmp_path)) == [
        {"incidents": [{"on": date(2018, 11, 2)}], "places": {"136335": False}}
    ]


def test_several_documents_are_several_cases_each_with_its_text(tmp_path: Path) -> None:
    found = read("%YAML 1.2\n---\nreference: é\n---\n# nothing\n---\nreference: B\n...\n", "a.yaml", tmp_path)
    assert references(found) == ["é", "B"]
    assert [(item.row, item.raw) for item in found] == [
        (1, "reference: é"),
        (2, "reference: B"),
    ]


def test_many_blank_lines_are_passed_over_at_once(tmp_path: Path) -> None:
    text = "\n" * 5000 + "# c\n" * 50 + "reference: A\n"
    assert [item.line for item in read(text, "a.yaml", tmp_path)] == [5051]


def test_a_list_holds_one_case_an_item(tmp_path: Path) -> None:
    found = read("- reference: A\n  year_group: 7\n- reference: B\n", "a.yaml", tmp_path)
    assert references(found) == ["A", "B"]
    assert [(item.row, item.line, item.raw) for item in found] == [
        (1, 1, "reference: A\n  year_group: 7"),
        (2, 3, "reference: B"),
    ]


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("reference: A\nhome:\n\tpostcode: x\n", 3, 1, "tab"),
        ("home:\n  moved_on: null\n \tpostcode: x\n", 3, 2, "tab"),
        ("reference: A\nreference: B\n", 2, 1, "'reference' is given twice"),
        ("home: &a {b: c}\n", 1, 7, "anchors and aliases"),
        ("a: &a [*a]\n", 1, 4, "anchors and aliases"),
        ("a: 1\nb: *a\n", 2, 4, "anchors and aliases"),
        ("a: !!python/object/apply:os.system [ls]\n", 1, 4, "tags"),
        ("a: " + "[" * 30 + "]" * 30, 1, 23, "nested more than 20 deep"),
        ("a: " + "[" * 5000, 1, 23, "nested more than 20 deep"),
        ("? [1, 2]\n: 3\n", 1, 3, "a key is one word"),
        ("just words\n", 1, 1, "set of keys and values"),
        ("a: [1, 2\n", 2, 1, "not YAML"),
        ("a: b: c\n", 1, 5, "not YAML"),
        ("a: \x07\n", 0, 0, "control character"),
        ("# nothing\n", 0, 0, "holds no case"),
        ("", 0, 0, "holds no case"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_column(
    text: str, line: int, column: int, words: str, tmp_path: Path
) -> None:
    found = rejected(read(text, "a.yaml", tmp_path))
    assert (found.line, found.column) == (line, column)
    assert words in found.reason


def test_a_mistake_in_one_case_leaves_the_others_of_a_list(tmp_path: Path) -> None:
    text = "- reference: A\n- {reference: B, x: 1, x: 2}\n- reference: &r C\n- " + "[" * 25 + "]" * 25
    found = read(text + "\n- reference: E\n", "a.yaml", tmp_path)
    assert references(found) == ["A", "E"]
    assert [item.row for item in found] == [1, 2, 3, 4, 5]


def test_a_mistake_in_one_document_leaves_the_others_and_keeps_the_line_of_the_file(tmp_path: Path) -> None:
    found = read("reference: A\n---\nreference: B\n\tx: 1\n---\nreference: C\n", "a.yaml", tmp_path)
    assert references(found) == ["A", "C"]
    bad = rejected(found)
    assert (bad.row, bad.line, bad.column) == (2, 4, 1)
    assert "reference: B" in bad.raw


def test_a_repeated_key_that_is_no_field_name_is_not_repeated_in_the_reason(tmp_path: Path) -> None:
    assert "BA2" not in rejected(read("BA2 0AA: 1\nBA2 0AA: 2\n", "a.yaml", tmp_path)).reason


def test_a_byte_order_mark_is_accepted(tmp_path: Path) -> None:
    assert references(read(b"\xef\xbb\xbfreference: A\n", "a.yaml", tmp_path)) == ["A"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("name", ["a.yaml", "a.csv", "a.json", "a.jsonl"])
def test_utf_16_is_refused_with_a_sentence(encoding: str, name: str, tmp_path: Path) -> None:
    found = rejected(read("reference: A\n".encode(encoding), name, tmp_path))
    assert "UTF-16" in found.reason


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_byte_that_is_not_utf_8_is_named(mark: bytes, tmp_path: Path) -> None:
    found = rejected(read(mark + b"a: 1\nb: \xe9t\xe9\n", "a.yaml", tmp_path))
    assert (found.line, found.column) == (2, 4)
    assert f"byte {9 + len(mark)} of the file is not UTF-8" in found.reason


def test_windows_and_old_mac_line_ends_are_read(tmp_path: Path) -> None:
    assert references(read("reference: A\r\n---\r\nreference: B\r\n", "a.yaml", tmp_path)) == ["A", "B"]
    assert references(read("reference: A\r---\rreference: B\r", "a.yaml", tmp_path)) == ["A", "B"]


def test_a_file_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    with path.open("wb") as file:
        file.truncate(200_000_000)
    found = rejected(list(read_cases([path], columns=COLUMNS)))
    assert "200 MB" in found.reason
    assert "JSON Lines or CSV" in found.reason


def test_standard_input_too_large_is_refused() -> None:
    text = "reference: A\n" + "# comment\n" * (YAML_LIMIT // 10)
    assert "more than 20 MB" in rejected(piped(text)).reason
