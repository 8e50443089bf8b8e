"""Pages of HTML that stand alone: one file, no network, no script, and a policy that forbids both."""

from __future__ import annotations

import base64
import functools
import hashlib
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

_FOLDER = Path(__file__).parent / "pages"


def page(template: str, *, title: str, foot: str, **held: Any) -> str:
    """A page made from a template of `pages/`. `foot` stands at the foot of every printed sheet."""
    style = _style() + "@page { @bottom-left { content: " + _css_string(foot) + "; } }\n"
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return _pages().get_template(template).render(title=title, style=Markup(style), digest=digest, **held)  # noqa: S704 - of our own style sheet, and a string that is escaped


@functools.cache
def _pages() -> Environment:
    return Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


@functools.cache
def _style() -> str:
    return (_FOLDER / "page.css").read_text(encoding="utf-8")


def _css_string(text: str) -> str:
    """Text as a string of a style sheet; whatever is no plain letter, digit or space is written as its number."""
    return '"' + "".join(c if c.isascii() and (c.isalnum() or c == " ") else f"\\{ord(c):x} " for c in text) + '"'


def as_pdf(html: str) -> bytes:
    """The page as a tagged PDF (PDF/UA), on A4. Nothing is fetched: a page that asks for anything is a mistake."""
    from weasyprint import HTML

    def fetch(url: str, *_: object, **__: object) -> dict[str, Any]:
        raise ValueError(f"a page asks for {url}")

    made: bytes = HTML(string=html, url_fetcher=fetch).write_pdf(pdf_variant="pdf/ua-1")
    return made
