"""From the text of a document to a draft plan. Deterministic; says for every piece which rule found it and where."""

from documents.parsing.parser import parse

__all__ = ["parse"]
