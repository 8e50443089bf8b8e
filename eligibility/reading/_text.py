"""From bytes to text: encodings, sizes, and guessing a format from the first bytes."""

from __future__ import annotations

import io
import json
import re
from typing import IO, Literal

from eligibility.reading._records import Problem

Format = Literal["yaml", "json", "jsonl", "csv"]

HEAD = 65_536  # bytes looked at before a format is chosen
SAVE_AS_UTF8 = "save the file as UTF-8 and try again"
_YAML_START = re.compile(r"---(\s|$)|-\s|[%#{\[]|[\"']?[A-Za-z_][\w.]*[\"']?[ ]*:(\s|$)")


class Prefixed(io.RawIOBase):
    """A stream with bytes already read from it put back in front, so that a pipe can be looked at."""

    def __init__(self, head: bytes, rest: IO[bytes]) -> None:
        self._head = head
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # any writable buffer will do
        taken = self._head[: len(buffer)] if self._head else self._rest.read(len(buffer))
        self._head = self._head[len(taken) :]
        buffer[: len(taken)] = taken
        return len(taken)


def refuse_other_files(head: bytes) -> None:
    """Raise Problem if `head`, the first bytes of a file, is plainly not UTF-8 text."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or _every_other_byte_is_null(head[:64]):
        raise Problem(f"this is UTF-16 text where UTF-8 was expected; {SAVE_AS_UTF8}")
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise Problem("this is a spreadsheet or an archive, not text; save it as CSV and try again")
    if head.startswith(b"PAR1"):
        raise Problem("this is a Parquet file, a population for edtravel model run; save it as CSV and try again")
    if head.startswith(b"\x1f\x8b"):
        raise Problem("this file is compressed; unpack it and try again")


def _every_other_byte_is_null(head: bytes) -> bool:
    return len(head) >= 4 and (not any(head[::2]) or not any(head[1::2])) and any(head)


def sniff(head: bytes) -> Format:
    """The format that text beginning with `head` is most likely in; CSV if nothing says otherwise."""
    text = head.decode("utf-8-sig", errors="replace").lstrip()
    first = text.splitlines()[0].strip() if text else ""
    if first.startswith("{") and _is_json_object(first):
        return "jsonl"
    if re.match(r'\{\s*("|\}|$)|\[\s*([\[{"\]]|$)', first):
        return "json"
    return "yaml" if _YAML_START.match(first) else "csv"


def _is_json_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def read_bounded(stream: IO[bytes], limit: int, format_name: str, size: int | None) -> bytes:
    """All bytes of `stream`, at most `limit`; `size` is known beforehand for a file.

    Raises Problem, before reading anything if the size is known, when there is more.
    """
    advice = f"a {format_name} file may have {limit // 1_000_000} MB; use JSON Lines or CSV, which have no limit"
    if size is not None and size > limit:
        raise Problem(f"the file has {size / 1_000_000:,.0f} MB and {advice}")
    data = stream.read(limit + 1)
    if len(data) > limit:
        raise Problem(f"the input has more than {limit // 1_000_000} MB and {advice}")
    return data


def decode(data: bytes) -> str:
    """UTF-8 text, a byte order mark removed. Raises Problem naming the byte, line and column."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # The codec counts from after the mark it removed.
        offset = error.start + (3 if data.startswith(b"\xef\xbb\xbf") else 0)
        line_start = data.rfind(b"\n", 0, offset) + 1
        line = data.count(b"\n", 0, offset) + 1
        column = len(data[line_start:offset].decode("utf-8-sig", errors="replace")) + 1
        raise Problem(f"byte {offset + 1} of the file is not UTF-8; {SAVE_AS_UTF8}", line, column) from None


def printable(text: str) -> str:
    """`text` with what could not be decoded, and NUL, written as escapes, so that it can be saved."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8").replace("\0", "\\x00")
