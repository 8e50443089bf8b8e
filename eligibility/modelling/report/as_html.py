"""A report as one HTML page that needs nothing else: no network, no script."""

from __future__ import annotations

from markupsafe import Markup

from eligibility.modelling.report.blocks import Report
from eligibility.modelling.report.withheld import MARK
from eligibility.page import page


def as_html(report: Report) -> str:
    """The page."""
    return page(
        "report.html",
        title=report.title,
        foot=report.warning or report.title,
        report=report,
        drawn=lambda sheet: Markup(str(sheet)),  # noqa: S704 - ElementTree has escaped every word
        written=lambda cell: f"{cell:,}" if isinstance(cell, int) else cell,
        is_number=lambda cell: isinstance(cell, int) or cell == MARK or cell.lstrip("-").startswith("£"),
    )
