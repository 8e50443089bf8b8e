"""A report as a workbook: what the page says first, then a sheet a table, with the same numbers withheld."""

from __future__ import annotations

from pathlib import Path

import xlsxwriter

from eligibility.modelling.report.blocks import Report

_WIDEST, _FIRST_WIDTH = 60, 100
_NAME_LENGTH = 31
"""The longest name that a sheet can have."""


def write_xlsx(report: Report, path: Path) -> None:
    """Write the workbook. Nothing in it is a formula, whatever a cell says."""
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        wraps = book.add_format({"text_wrap": True, "valign": "top"})
        number = book.add_format({"num_format": "#,##0", "valign": "top"})
        sheet = book.add_worksheet("Report")
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 1, _FIRST_WIDTH)
        lines = [("", report.title), ("", report.headline), *report.about]
        for section in report.sections:
            lines += [(section.title, text) for text in (*section.sentences, *section.items)]
        lines.append(("Made from", report.made_from))
        if report.warning:
            lines.insert(0, ("", report.warning))
        for place, (label, text) in enumerate(lines):
            sheet.write_string(place, 0, label, bold)
            sheet.write_string(place, 1, text, bold if not label else wraps)
        for table in report.tables():
            sheet = book.add_worksheet(table.name[:_NAME_LENGTH])
            sheet.write_string(0, 0, table.caption, book.add_format({"bold": True}))
            for place, head in enumerate(table.heads):
                longest = max(len(str(cell)) for cell in (head, *(row[place] for row in table.rows)))
                sheet.set_column(place, place, min(max(10, longest + 2), _WIDEST))
                sheet.write_string(1, place, head, bold)
            sheet.freeze_panes(2, 1)
            for down, row in enumerate(table.rows, 2):
                for place, cell in enumerate(row):
                    if isinstance(cell, int):
                        sheet.write_number(down, place, cell, number)
                    else:
                        sheet.write_string(down, place, cell, wraps)
