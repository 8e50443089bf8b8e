"""The document as one HTML page that needs nothing else: no network, no script, a style that prints on A4."""

from __future__ import annotations

from markupsafe import Markup, escape

from eligibility.document.blocks import Block, Document, Listing, Paragraph, Table
from eligibility.page import page
from eligibility.phrases import Phrase


def as_html(document: Document) -> str:
    """The page. `footer` of the document stands at its end, and in short at the foot of every printed page."""
    return page(
        "policy.html",
        title=document.title,
        foot=" · ".join(_short(text) for label, text in document.footer if label in ("Version", "Rules", "Policy")),
        document=document,
        words=lambda phrase: words_of(document, phrase),
        kind=block_kind,
    )


def block_kind(block: Block) -> str:
    """What a block is, for a template."""
    return {Paragraph: "paragraph", Listing: "listing", Table: "table"}[type(block)]


def _short(text: str) -> str:
    """A hash by its first twelve digits, enough to tell one from another."""
    kind, colon, digits = text.partition("sha256:")
    return f"{kind}{colon}{digits[:12]}" if colon else text


def words_of(document: Document, phrase: Phrase) -> Markup:
    """A phrase with its links, each with the number of what it leads to."""
    said = Markup()
    for piece in phrase:
        if isinstance(piece, str):
            said += escape(piece)
            continue
        place, number = document.place_of(piece), document.number_of(piece)
        if place:
            said += Markup('<a href="#{}">{}</a> <span class="ref">({})</span>').format(place, piece.text, number)
        else:
            said += escape(piece.text)
    return said
