"""Descriptions as people wrote them in the YAML, made into HTML: paragraphs, strong words, code."""

import re

from markupsafe import Markup, escape

_STRONG = re.compile(r"\*\*(.+?)\*\*")
_CODE = re.compile(r"`([^`]+)`")


def inline(text: str) -> Markup:
    """Return a line of text with its `code` and **strong words**; everything else is escaped."""
    marked = _CODE.sub(r"<code>\1</code>", str(escape(" ".join(text.split()))))
    return Markup(_STRONG.sub(r"<strong>\1</strong>", marked))  # noqa: S704 (escaped above)


def paragraphs(text: str) -> list[Markup]:
    """Return the paragraphs of a description."""
    return [inline(part) for part in re.split(r"\n\s*\n", text.strip()) if part.strip()]
