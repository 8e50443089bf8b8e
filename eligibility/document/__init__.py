"""The whole policy as a document, made from the rulebook and one version: text, HTML, PDF and Word."""

from eligibility.document.blocks import Document
from eligibility.document.contents import write

__all__ = ["Document", "write"]
