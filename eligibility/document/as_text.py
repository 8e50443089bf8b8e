"""The document as plain text, in lines that a terminal and a printer can take."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from eligibility.document.blocks import Document, Item, Listing, Paragraph, Section, Table
from eligibility.phrases import Phrase

WIDTH = 100


def as_text(document: Document) -> str:
    """The whole document."""
    return "\n".join(_lines(document)) + "\n"


def _lines(document: Document) -> Iterator[str]:
    yield document.title
    yield "=" * len(document.title)
    for label, text in document.about:
        yield from _wrapped(f"{label}: {text}")
    for section in document.sections:
        yield from section_lines(document, section, rule=True)
    yield ""
    yield "-" * 40
    for label, text in document.footer:
        yield f"{label}: {text}"


def section_lines(document: Document, section: Section, *, rule: bool = False) -> Iterator[str]:
    """A section with its parts; with a `rule` under its title where it stands by itself."""
    title = f"{section.number}  {section.title}"
    yield ""
    yield from _wrapped(title, after=" " * (len(section.number) + 2))
    if rule and "." not in section.number:
        yield "-" * min(len(title), WIDTH)
    yield from body_lines(document, section)
    for part in section.sections:
        yield from section_lines(document, part)


def body_lines(document: Document, section: Section) -> Iterator[str]:
    """What stands under the title of a section."""
    for block in section.blocks:
        match block:
            case Paragraph(phrase, label):
                yield from _wrapped((f"{label}: " if label else "") + _words(document, phrase))
            case Listing(items, numbered):
                for count, item in enumerate(items, start=1):
                    yield from _item(document, item, f"{count}." if numbered else "-", "  ")
            case Table():
                yield from _table(document, block)


def _item(document: Document, item: Item, mark: str, indent: str) -> Iterator[str]:
    inner = indent + " " * (len(mark) + 1)
    yield from _wrapped(f"{mark} {_words(document, item.phrase)}", indent, inner)
    for part in item.parts:
        yield from _item(document, part, "-", inner)
    for note in item.notes:
        yield from _wrapped((f"{note.label}: " if note.label else "") + _words(document, note.phrase), inner, inner)


def _table(document: Document, table: Table) -> Iterator[str]:
    """Each row as a line or a few: no table that a narrow window would break."""
    for row in table.rows:
        named, *cells = [_words(document, cell) for cell in row.cells]
        said = "; ".join(f"{head.lower()}: {cell}" for head, cell in zip(table.heads[1:], cells, strict=True))
        mark = row.number or "-"
        after = " " * (len(mark) + 3)
        yield from _wrapped(f"{mark} {named.removesuffix('.')}. {said[:1].upper()}{said[1:]}", "  ", after)
        if row.assumed:
            yield from _wrapped(f"Assumed: {row.assumed}", after, after)


def _words(document: Document, phrase: Phrase) -> str:
    said = ""
    for piece in phrase:
        if isinstance(piece, str):
            said += piece
        else:
            number = document.number_of(piece)
            said += f"{piece.text} ({number})" if number else piece.text
    return said


def _wrapped(text: str, before: str = "", after: str = "") -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=before, subsequent_indent=after, break_long_words=False)
