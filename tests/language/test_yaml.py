"""The plain parts of YAML alone, and every mistake with its place."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from eligibility.errors import PolicyError
from eligibility.marked_yaml import parse, read


def refused(text: str) -> PolicyError:
    with pytest.raises(PolicyError) as found:
        parse(text, "policy.yaml")
    return found.value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("no", "no"),
        ("on", "on"),
        ("3", 3),
        ("-3", -3),
        ("007", "007"),
        ("1_000", "1_000"),
        ("0x10", "0x10"),
        ("2.5", "2.5"),
        ("1e3", "1e3"),
        ("12:30", "12:30"),
        ("null", None),
        ("2018-09-01", dt.date(2018, 9, 1)),
        ("2018-02-30", "2018-02-30"),
        ('"3"', "3"),
        ("'true'", "true"),
    ],
)
def test_a_value_is_what_a_policy_officer_reads(text: str, value: Any) -> None:
    found = parse(f"a: {text}", "policy.yaml").plain()["a"]
    assert (found, type(found)) == (value, type(value))


MISTAKES: dict[str, tuple[str, int, int, str]] = {
    "a key written twice": ("a: 1\nb: 2\na: 3\n", 3, 1, "a is written twice"),
    "a key written twice further in": ("top:\n  x: 1\n  x: 1\n", 3, 3, "x is written twice"),
    "an anchor": ("a: &one 1\nb: 2\n", 1, 4, "anchors and aliases"),
    "an alias": ("a: 1\nb: *one\n", 2, 4, ""),
    "a circle of aliases": ("a: &a [*a]\n", 1, 4, "anchors and aliases"),
    "a tab": ("a:\n\tb: 1\n", 2, 1, "a tab is used for indentation; use spaces"),
    "a tag": ("a: !python/object:os.system x\n", 1, 4, "tags (!) are not allowed"),
    "a list as a key": ("? [a, b]\n: 1\n", 1, 3, "a key is one word"),
    "keys and values as a key": ("a: 1\n{b: 1}: 2\n", 2, 1, "a key is one word"),
    "a comment after a value": ("a: 1\nb: 2 # two\n", 2, 4, "a comment (#) may not follow a value"),
    "a bracket never closed": ("a: [1, 2\n", 2, 1, "not readable as YAML"),
    "two documents": ("a: 1\n---\nb: 2\n", 2, 1, "not readable as YAML"),
    "an empty file": ("", 1, 1, "the file is empty"),
    "nothing but comments": ("# a\n# b\n", 1, 1, "the file is empty"),
}


@pytest.mark.parametrize(("text", "line", "column", "says"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_in_yaml_is_named_by_its_place(text: str, line: int, column: int, says: str) -> None:
    error = refused(text)
    assert (error.file, error.line, error.column) == ("policy.yaml", line, column)
    assert says in error.message


@pytest.mark.parametrize("text", ["[" * 40 + "]" * 40, "a:\n" + "".join(" " * n + "- a:\n" for n in range(1, 30))])
def test_deep_nesting_is_refused(text: str) -> None:
    assert "deep" in refused(text).message or "not readable" in refused(text).message


def test_a_thousand_brackets_do_not_break_the_reader() -> None:
    refused("[" * 3000 + "]" * 3000)


@pytest.mark.parametrize("content", [b"a: \xff\n", "a: caf\u00e9\n".encode("latin-1"), b"a: \x00\n", b"a: \x07\n"])
def test_bytes_that_no_text_file_holds_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "policy.yaml"
    path.write_bytes(content)
    with pytest.raises(PolicyError, match=r"policy\.yaml"):
        read(path)


def test_a_file_that_is_not_there_is_refused_without_its_folder(tmp_path: Path) -> None:
    with pytest.raises(PolicyError) as found:
        read(tmp_path / "gone.yaml")
    assert found.value.file == "gone.yaml"
    assert str(tmp_path) not in found.value.message


def test_an_unknown_key_is_refused_with_the_nearest_one() -> None:
    mark = parse("titel: x\n", "policy.yaml")
    with pytest.raises(PolicyError, match="did you mean title"):
        mark.mapping((), ("title", "source"))


def test_a_missing_key_is_named() -> None:
    mark = parse("title: x\n", "policy.yaml")
    with pytest.raises(PolicyError, match="source is missing here"):
        mark.mapping(("title", "source"), ())
