"""The commands of README and runbooks, as they stand there."""

import re

from plugins.home import PROJECT_ROOT

_BLOCK = re.compile(r"^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


def sections(path: str) -> dict[str, str]:
    """Text of a document by its second-level headings; what stands before the first is under ''."""
    parts = re.split(r"^## (.*)$", (PROJECT_ROOT / path).read_text(encoding="utf-8"), flags=re.M)
    return {"": parts[0]} | dict(zip(parts[1::2], parts[2::2], strict=True))


def blocks(text: str, language: str) -> list[str]:
    """Code blocks of one language in a text."""
    return [m["text"] for m in _BLOCK.finditer(text) if m["language"] == language]


def commands(text: str) -> list[str]:
    """Lines of the `sh` blocks in a text."""
    return [line for block in blocks(text, "sh") for line in block.splitlines() if line.strip()]
