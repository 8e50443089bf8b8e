"""What a document is made of, whatever it is printed as: numbered sections of paragraphs, lists and tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from eligibility.phrases import Link, One, Phrase, Said, Several, links, plain


@dataclass(frozen=True)
class Paragraph:
    """A sentence or a few, perhaps with a word before it that says what it is: Source, Assumed."""

    phrase: Phrase
    label: str = ""


@dataclass(frozen=True)
class Item:
    """One entry of a list, with notes under it and perhaps a list within it."""

    phrase: Phrase
    notes: tuple[Paragraph, ...] = ()
    parts: tuple[Item, ...] = ()


@dataclass(frozen=True)
class Listing:
    """A list; `numbered` where its entries are referred to by number."""

    items: tuple[Item, ...]
    numbered: bool = False


@dataclass(frozen=True)
class Row:
    """A row of a table. `anchor` is what links lead to, where there is one; `number` is given when it is numbered.

    `assumed` is told under its last cell.
    """

    cells: tuple[Phrase, ...]
    anchor: str = ""
    assumed: str = ""
    number: str = ""


@dataclass(frozen=True)
class Table:
    """Rows under heads; the first cell of a row names it."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[Row, ...]


Block = Paragraph | Listing | Table


@dataclass(frozen=True)
class Section:
    """A part of a document with its own number, and parts of its own."""

    title: str
    blocks: tuple[Block, ...] = ()
    sections: tuple[Section, ...] = ()
    anchor: str = ""
    number: str = ""


@dataclass(frozen=True)
class Document:
    """A document with its sections numbered. `about` tells what it is in pairs, `footer` what it was made from."""

    title: str
    about: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    footer: tuple[tuple[str, str], ...]
    numbers: dict[str, str]
    """By anchor: the number of the section or row that it leads to."""

    def number_of(self, link: Link) -> str:
        """The number of what a link leads to; "" where this document does not write it out."""
        return self.numbers.get(self.place_of(link), "")

    def place_of(self, link: Link) -> str:
        """The anchor of what a link leads to, as this version words it or else the older one; "" where neither does."""
        places = (anchor(link.kind, link.name), anchor(f"older-{link.kind}", link.name))
        return next((place for place in places if place in self.numbers), "")

    def every_link(self) -> Iterator[Link]:
        """Every link in it, in order."""
        for section in self.sections:
            yield from _links(section)


def told(text: str, label: str = "") -> Paragraph:
    """A paragraph of plain text."""
    return Paragraph((text,), label)


def entry(text: str) -> Item:
    """An entry of plain text."""
    return Item((text,))


def anchor(kind: str, name: str) -> str:
    """What stands for a figure, term, ground or point in a link."""
    return f"{kind}-{name}".replace("_", "-").replace(".", "-")


def numbered(
    title: str, about: Iterable[tuple[str, str]], sections: Iterable[Section], footer: Iterable[tuple[str, str]]
) -> Document:
    """The document with every section and every row that can be referred to numbered."""
    numbers: dict[str, str] = {}
    counted = tuple(_numbered(section, str(number), numbers) for number, section in enumerate(sections, start=1))
    return Document(title, tuple(about), counted, tuple(footer), numbers)


def _numbered(section: Section, number: str, numbers: dict[str, str]) -> Section:
    here = section.anchor or f"section-{number.replace('.', '-')}"
    numbers[here] = number
    count = 0
    blocks: list[Block] = []
    for block in section.blocks:
        if isinstance(block, Table):
            rows = []
            for row in block.rows:
                if row.anchor:
                    count += 1
                    numbers[row.anchor] = f"{number}.{count}"
                rows.append(replace(row, number=f"{number}.{count}" if row.anchor else ""))
            blocks.append(replace(block, rows=tuple(rows)))
        else:
            blocks.append(block)
    inner = tuple(_numbered(part, f"{number}.{n}", numbers) for n, part in enumerate(section.sections, start=count + 1))
    return replace(section, number=number, anchor=here, blocks=tuple(blocks), sections=inner)


def items_of(said: Said) -> tuple[Item, ...]:
    """Statements as entries of a list, with a list within where one is made of several."""
    if isinstance(said, Several):
        return tuple(item(part) for part in said.parts)
    return (Item(said.phrase),)


def item(said: Said, *notes: Paragraph) -> Item:
    """One statement, or a heading with the statements under it, as an entry."""
    if isinstance(said, One):
        return Item(said.phrase, notes)
    return Item((f"{said.heading}:",), notes, items_of(said))


def labelled(sections: Iterable[Section], label: str) -> dict[str, list[str]]:
    """Everything told under a label (Source, Assumed), each with the numbers of where it is told."""
    found: dict[str, list[str]] = {}
    for section in sections:
        for block in section.blocks:
            if isinstance(block, Paragraph) and block.label == label:
                found.setdefault(plain(block.phrase), []).append(section.number)
            elif isinstance(block, Table):
                for row in block.rows:
                    cell = plain(row.cells[block.heads.index(label)]) if label in block.heads else ""
                    text = row.assumed if label == "Assumed" else cell
                    if text:
                        found.setdefault(text, []).append(row.number or section.number)
        for text, places in labelled(section.sections, label).items():
            found.setdefault(text, []).extend(places)
    return found


def _links(section: Section) -> Iterator[Link]:
    for block in section.blocks:
        match block:
            case Paragraph(phrase):
                yield from links(phrase)
            case Listing(items):
                for each in items:
                    yield from _links_of(each)
            case Table(_, _, rows):
                for row in rows:
                    for cell in row.cells:
                        yield from links(cell)
    for part in section.sections:
        yield from _links(part)


def _links_of(each: Item) -> Iterator[Link]:
    yield from links(each.phrase)
    for note in each.notes:
        yield from links(note.phrase)
    for part in each.parts:
        yield from _links_of(part)
