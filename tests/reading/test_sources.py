"""Files and standard input, their formats, and what is wrong before anything is read."""

from __future__ import annotations

import gzip
import io
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eligibility.errors import UsageError
from eligibility.reading import RawCase, Rejected, read_cases
from tests.reading.helpers import COLUMNS, piped, read, references, rejected


@pytest.mark.parametrize(
    "text",
    [
        "reference: A\n",
        "# a comment\nreference: A\n",
        "---\nreference: A\n",
        "%YAML 1.2\n---\nreference: A\n",
        "- reference: A\n",
        "{reference: A}\n",
        '{"reference": "A"}',
        '{\n"reference": "A"}',
        '[{"reference": "A"}]',
        '[\n{"reference": "A"}]',
        '{"reference": "A"}\n',
        "reference\nA\n",
        "\ufeffreference,year_group\nA,7\n",
    ],
)
def test_the_format_of_standard_input_follows_from_how_it_begins(text: str) -> None:
    assert references(piped(text)) == ["A"]


def test_a_file_with_another_extension_is_read_by_how_it_begins(tmp_path: Path) -> None:
    assert references(read("reference: A\n", "case.txt", tmp_path)) == ["A"]
    assert references(read("reference\nA\n", "CASE.CSV", tmp_path)) == ["A"]


def test_a_pipe_is_read_like_a_file(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    with os.fdopen(writer, "w") as file:
        file.write("reference: A\n")
    try:
        assert references(list(read_cases([f"/dev/fd/{reader}"], columns=COLUMNS))) == ["A"]
    finally:
        os.close(reader)


def test_a_file_that_cannot_be_read_leaves_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a: [\n")
    (tmp_path / "b.yaml").write_text("reference: B\n")
    found = list(read_cases([tmp_path / "a.yaml", tmp_path / "b.yaml"], columns=COLUMNS))
    assert references(found) == ["B"]
    assert rejected(found).sentence.startswith(f"{tmp_path / 'a.yaml'}, line 2, column 1: the text is not YAML")


@pytest.mark.parametrize("data", [gzip.compress(b"x", mtime=0), b"PK\x03\x04xxxx", b"PAR1\xffxxx"])
def test_a_spreadsheet_or_compressed_file_is_recognised(data: bytes, tmp_path: Path) -> None:
    assert "this " in rejected(read(data, "a.csv", tmp_path)).reason


def test_a_missing_file_or_a_folder_is_wrong_usage_before_anything_is_read(tmp_path: Path) -> None:
    good = tmp_path / "good.yaml"
    good.write_text("reference: A\n")
    for wrong, words in ((tmp_path / "none.csv", "no such file"), (tmp_path, "is a folder")):
        with pytest.raises(UsageError, match=words):
            read_cases([good, wrong], columns=COLUMNS)
    with pytest.raises(UsageError, match="cannot be opened"):
        read_cases(["a\0b"], columns=COLUMNS)
    with pytest.raises(UsageError, match="standard input"):
        read_cases(["-", "-"], columns=COLUMNS, stdin=io.BytesIO())
    with pytest.raises(UsageError, match="standard input"):
        read_cases(["-"], columns=COLUMNS)


def test_a_file_that_may_not_be_read_is_wrong_usage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("reference: A\n")
    # Taking the permission away would not stop the superuser, who runs tests too.
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(UsageError, match="may not be read"):
        read_cases([path], columns=COLUMNS)


def test_a_device_that_fails_while_it_is_read_is_one_sentence() -> None:
    class Failing(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, _: object) -> int:
            raise OSError(5, "Input/output error")

    with pytest.raises(UsageError, match="cannot be read"):
        list(read_cases(["-"], columns=COLUMNS, stdin=io.BufferedReader(Failing())))


PIECES = st.sampled_from(
    [
        *(
            "a",
            "reference",
            ": ",
            ":",
            "\n",
            "- ",
            "  ",
            "\t",
            ",",
            ";",
            '"',
            "'",
            "{",
            "}",
            "[",
            "]",
            "&x ",
            "*x",
        ),
        *(
            "---",
            "...",
            "%",
            "!",
            ">",
            "|",
            "#",
            "?",
            "1",
            ".",
            "null",
            "true",
            "é",
            "\0",
            "\r",
            "\ufeff",
            "none",
        ),
    ]
)
BYTES = st.binary() | st.lists(PIECES).map(lambda pieces: "".join(pieces).encode())


@given(
    data=BYTES,
    header=st.sampled_from([b"", b"reference,year_group,places\n", b"reference: A\n---\n", b'{"a":']),
)
def test_whatever_the_bytes_reading_ends_in_cases_and_rejections(data: bytes, header: bytes) -> None:
    from eligibility.reading._csv import read_csv
    from eligibility.reading._json import read_json, read_json_lines
    from eligibility.reading._records import Problem
    from eligibility.reading._text import decode
    from eligibility.reading._yaml import read_yaml

    content = header + data
    found = piped(content)
    found += read_csv(io.BytesIO(content), "-", COLUMNS)
    found += read_json_lines(io.BytesIO(content), "-")
    try:
        text = decode(content)
    except Problem:
        text = content.decode("latin-1")
    found += [*read_yaml(text, "-"), *read_json(text, "-")]
    assert found
    for item in found:
        assert isinstance(item, RawCase | Rejected)
        assert isinstance(item, Rejected) or isinstance(item.data, dict)
        item.raw.encode()
