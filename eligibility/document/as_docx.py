"""The document for Word: real headings, lists and tables, which a screen reader and a table of contents can use."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import Any

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from eligibility.document.blocks import Document, Item, Listing, Paragraph, Section, Table
from eligibility.phrases import Phrase

_SAME_DAY = (1980, 1, 1, 0, 0, 0)
_CREATED = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
_DEEPEST = 5
_LONGEST_TITLE = 255
"""Characters that a property of a Word file can hold."""


def as_docx(document: Document) -> bytes:
    """The file. The same document gives the same bytes."""
    writer = _Writer(document)
    writer.write()
    held = io.BytesIO()
    writer.made.save(held)
    return _without_clock(held.getvalue())


class _Writer:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.made: Any = docx.Document()
        self.styles: dict[str, str] = {}

    def write(self) -> None:
        made, document = self.made, self.document
        properties = made.core_properties
        properties.title, properties.language = document.title[:_LONGEST_TITLE], "en-GB"
        properties.author = document.about[1][1][:_LONGEST_TITLE]
        properties.comments, properties.created, properties.modified = "", _CREATED, _CREATED
        page = made.sections[0]
        page.page_width, page.page_height = Cm(21), Cm(29.7)
        page.left_margin = page.right_margin = Cm(2)
        made.styles["Normal"].font.name, made.styles["Normal"].font.size = "Arial", Pt(11)
        made.add_heading(document.title, level=0)
        for label, text in document.about:
            self._labelled(made.add_paragraph(), label, (text,))
        for section in document.sections:
            self._section(section, 1)
        made.add_heading("What this was made from", level=1)
        for label, text in document.footer:
            self._labelled(made.add_paragraph(), label, (text,))
        page.footer.paragraphs[0].text = " · ".join(text for _, text in document.footer)
        page.footer.paragraphs[0].runs[0].font.size = Pt(7)

    def _section(self, section: Section, level: int) -> None:
        self.made.add_heading(f"{section.number}  {section.title}", level=min(level, _DEEPEST))
        for block in section.blocks:
            match block:
                case Paragraph(phrase, label):
                    self._labelled(self.made.add_paragraph(), label, phrase)
                case Listing(items, numbered):
                    restarted = self._restarted() if numbered else None
                    for item in items:
                        self._item(item, "List Number" if numbered else "List Bullet", restarted)
                case Table():
                    self._table(block)
        for part in section.sections:
            self._section(part, level + 1)

    def _labelled(self, paragraph: Any, label: str, phrase: Phrase) -> None:
        if label:
            paragraph.add_run(f"{label}: ").bold = True
        paragraph.add_run(self._words(phrase))

    def _words(self, phrase: Phrase) -> str:
        said = ""
        for piece in phrase:
            number = "" if isinstance(piece, str) else self.document.number_of(piece)
            said += piece if isinstance(piece, str) else piece.text
            said += f" ({number})" if number else ""
        return said

    def _item(self, item: Item, style: str, restarted: int | None = None, depth: int = 1) -> None:
        name = style if depth == 1 else f"List Bullet {min(depth, 3)}"
        paragraph = self._styled(name)
        paragraph.add_run(self._words(item.phrase))
        if restarted is not None:
            paragraph.paragraph_format.element.get_or_add_pPr().get_or_add_numPr().get_or_add_numId().val = restarted
        for part in item.parts:
            self._item(part, style, depth=depth + 1)
        for note in item.notes:
            self._labelled(self._styled("List Continue"), note.label, note.phrase)

    def _styled(self, style: str) -> Any:
        """A new paragraph of a style, whose mark is looked up once: the library looks through all of them each time."""
        if style not in self.styles:
            self.styles[style] = self.made.styles[style].style_id
        paragraph = self.made.add_paragraph()
        paragraph.paragraph_format.element.style = self.styles[style]
        return paragraph

    def _restarted(self) -> int:
        """A list of numbers that begins at one again."""
        numbering = self.made.part.numbering_part.element
        style = self.made.styles["List Number"].element.pPr.numPr.numId.val
        abstract = numbering.num_having_numId(style).abstractNumId.val
        number = numbering.add_num(abstract)
        number.add_lvlOverride(ilvl=0).add_startOverride(1)
        return int(number.numId)

    def _table(self, table: Table) -> None:
        self.made.add_paragraph(table.caption, style="Caption")
        made = self.made.add_table(rows=1, cols=len(table.heads), style="Table Grid")
        for cell, head in zip(made.rows[0].cells, table.heads, strict=True):
            cell.paragraphs[0].add_run(head).bold = True
        heading = OxmlElement("w:tblHeader")
        heading.set(qn("w:val"), "true")
        made.rows[0]._tr.get_or_add_trPr().append(heading)
        for row in table.rows:
            cells = made.add_row().cells
            for cell, phrase in zip(cells, row.cells, strict=True):
                cell.text = self._words(phrase)
            if row.number:
                cells[0].text = f"{row.number}  {cells[0].text}"
            if row.assumed:
                self._labelled(cells[-1].add_paragraph(), "Assumed", (row.assumed,))


def _without_clock(data: bytes) -> bytes:
    """The same file with one fixed day in place of the time at which each part of it was written."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, _SAME_DAY), old.read(name), zipfile.ZIP_DEFLATED)
    return made.getvalue()
