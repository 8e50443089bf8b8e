"""`edtravel policy show`: a version as a document, to standard output or into a file."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from eligibility.errors import UsageError


def run(version_id: str, *, form: str, out: str | None) -> None:
    """Write the document of a version. Raises UsageError where the file cannot be written."""
    from eligibility.document import write
    from eligibility.policy_files import policies

    held = policies()
    document = write(held, held.version(version_id))
    if form == "text":
        from eligibility.document.as_text import as_text

        deliver(as_text(document), out)
    elif form == "docx":
        from eligibility.document.as_docx import as_docx

        deliver(as_docx(document), out)
    else:
        from eligibility.document.as_html import as_html
        from eligibility.page import as_pdf

        html = as_html(document)
        deliver(as_pdf(html) if form == "pdf" else html, out)


def deliver(made: str | bytes, out: str | None) -> None:
    """Put what was made into a file, or on standard output; a PDF or Word file never on a terminal.

    Raises UsageError where the file cannot be written, or a terminal would be filled with what nobody can read.
    """
    if out is None:
        if isinstance(made, str):
            click.echo(made, nl=False)
            return
        if sys.stdout.isatty():
            raise UsageError("this would fill the terminal with what nobody can read; name a file with --out")
        sys.stdout.buffer.write(made)
        return
    data = made.encode() if isinstance(made, str) else made
    try:
        Path(out).write_bytes(data)
    except OSError as error:
        raise UsageError(f"{out} cannot be written: {error.strerror}") from error
    click.echo(f"edtravel: written to {out}", err=True)
