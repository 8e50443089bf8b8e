"""From the names on a command line to the cases in those files."""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from eligibility.errors import UsageError
from eligibility.reading._csv import read_csv
from eligibility.reading._json import read_json, read_json_lines
from eligibility.reading._records import Columns, Problem, RawCase, Rejected
from eligibility.reading._text import HEAD, Format, Prefixed, decode, read_bounded, refuse_other_files, sniff
from eligibility.reading._yaml import read_yaml

YAML_LIMIT = 20_000_000  # bytes; a document is held in memory whole, and YAML is slow to read
JSON_LIMIT = 50_000_000  # bytes; a list is held in memory whole
_FORMATS: dict[str, Format] = {
    ".yaml": "yaml",
    ".yml": "yaml",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
}


def read_cases(
    sources: Sequence[str | Path], *, columns: Columns, stdin: IO[bytes] | None = None
) -> Iterator[RawCase | Rejected]:
    """The cases of all `sources`, in order, as they are read; what cannot be read comes as a Rejected.

    The format follows the file's extension; with another extension, and for `-`, which is `stdin`, it
    follows from how the text begins. JSON Lines and CSV are read row by row in bounded memory.

    Raises UsageError at once, before anything is read, if a source is not there, is a folder, may not
    be read, or if `-` is given twice or without a `stdin`; and later if reading a file fails.
    """
    names = [str(source) for source in sources]
    for name in names:
        if name != "-":
            _check(Path(name))
    if names.count("-") > 1 or ("-" in names and stdin is None):
        raise UsageError("standard input (-) can be read once and only where there is one")
    return _read_all(names, columns, stdin)


def _check(path: Path) -> None:
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        raise UsageError(f"{path}: there is no such file") from None
    except (OSError, ValueError):
        raise UsageError(f"{path}: the file cannot be opened") from None
    if stat.S_ISDIR(mode):
        raise UsageError(f"{path}: this is a folder, and a file of cases was expected")
    if not os.access(path, os.R_OK):
        raise UsageError(f"{path}: the file may not be read; ask for permission to read it")


def _read_all(names: list[str], columns: Columns, stdin: IO[bytes] | None) -> Iterator[RawCase | Rejected]:
    for name in names:
        try:
            if name == "-" and stdin is not None:
                yield from _read(stdin, "-", None, None, columns)
            else:
                path = Path(name)
                with path.open("rb") as stream:
                    status = os.fstat(stream.fileno())
                    size = status.st_size if stat.S_ISREG(status.st_mode) else None
                    yield from _read(stream, name, _FORMATS.get(path.suffix.lower()), size, columns)
        except OSError as error:
            reason = (error.strerror or "the device failed").lower()
            raise UsageError(f"{name}: the file cannot be read ({reason})") from None


def _read(
    stream: IO[bytes], source: str, known: Format | None, size: int | None, columns: Columns
) -> Iterator[RawCase | Rejected]:
    try:
        head = stream.read(HEAD)
        refuse_other_files(head)
        found = known or sniff(head)
        whole = io.BufferedReader(Prefixed(head, stream), HEAD)
        if found == "jsonl":
            yield from read_json_lines(whole, source)
        elif found == "csv":
            yield from read_csv(whole, source, columns)
        elif found == "json":
            yield from read_json(decode(read_bounded(whole, JSON_LIMIT, "JSON", size)), source)
        else:
            yield from read_yaml(decode(read_bounded(whole, YAML_LIMIT, "YAML", size)), source)
    except Problem as problem:
        yield Rejected(source, 0, problem.reason, "", problem.line, problem.column)
