"""Every sheet of a picture, in order: the overview, the small charts, the notes on their words."""

from __future__ import annotations

from collections.abc import Iterator

from eligibility.chart.one_chart import one_chart
from eligibility.chart.overview import foot, heading, overview
from eligibility.chart.picture import Picture
from eligibility.document.as_text import body_lines
from eligibility.geography.drawing import HEIGHT, MARGIN, WIDTH, Sheet
from eligibility.lettering import wrapped

_SIZE, _LEADING = 30, 40
_INDENT = 16.0


def sheets(picture: Picture) -> list[Sheet]:
    """The sheets, each A4."""
    charts = picture.charts()
    notes = list(_pages(picture))
    pages = 1 + len(charts) + len(notes)
    made = [overview(picture, pages)]
    made += [one_chart(picture, chart, page, pages) for page, chart in enumerate(charts, start=2)]
    for page, lines in enumerate(notes, start=len(made) + 1):
        sheet = Sheet(f"{picture.title}: notes", "What the words of the questions mean.", name=f"notes-{page}-")
        y = heading(sheet, "Notes", f"{picture.title}. What the words of the questions mean.", WIDTH)
        for indent, line, bold in lines:
            sheet.words(MARGIN + indent, y, line, _SIZE, font_weight="bold" if bold else "normal")
            y += _LEADING
        foot(sheet, picture, page, pages, (WIDTH, HEIGHT))
        made.append(sheet)
    return made


_Line = tuple[float, str, bool]


def _pages(picture: Picture) -> Iterator[list[_Line]]:
    """The notes in lines, sheet by sheet; a note is not begun at the foot of one."""
    room = int((HEIGHT - 3.4 * MARGIN) / _LEADING) - 4
    page: list[_Line] = []
    for section in picture.notes.sections:
        lines = [*_fitted(f"{section.number}  {section.title}", bold=True)]
        lines += [line for text in body_lines(picture.notes, section) for line in _fitted(text)]
        lines.append((0.0, "", False))
        while len(lines) > room:
            yield [*page, *lines[: room - len(page)]]
            lines, page = lines[room - len(page) :], []
        if len(page) + len(lines) > room:
            yield page
            page = []
        page += lines
    if page:
        yield page


def _fitted(text: str, *, bold: bool = False) -> Iterator[_Line]:
    """One line of the text as lines that fit the sheet."""
    said = text.lstrip()
    indent = (len(text) - len(said)) * _INDENT
    for line in wrapped(said, _SIZE, WIDTH - 2 * MARGIN - indent, bold=bold):
        yield indent, line, bold
