"""The chart as one HTML page: each sheet drawn, and below it the same in words; it prints a sheet on a page of A4."""

from __future__ import annotations

from markupsafe import Markup

from eligibility.chart.as_text import HOW
from eligibility.chart.pen import ENDS
from eligibility.chart.picture import Picture, places
from eligibility.chart.sheets import sheets
from eligibility.document.as_html import block_kind, words_of
from eligibility.page import page
from eligibility.phrases import capital


def as_html(picture: Picture) -> str:
    """The page."""
    charts = picture.charts()
    drawn = [Markup(str(sheet)) for sheet in sheets(picture)[: 1 + len(charts)]]  # noqa: S704 - ElementTree has escaped every word
    where = places(picture.nodes)
    return page(
        "tree.html",
        title=picture.title,
        foot=picture.made_from,
        picture=picture,
        how=HOW,
        overview=drawn[0],
        charts=list(zip(charts, drawn[1:], strict=True)),
        where=lambda node: where[id(node)],
        ends=ENDS,
        capital=capital,
        words=lambda phrase: words_of(picture.notes, phrase),
        kind=block_kind,
    )
