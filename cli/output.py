"""Writing reports: aligned text for people, one JSON document for programs."""

import json
from collections.abc import Iterable, Sequence

import click


def say(text: str, quiet: bool) -> None:
    """Write a line to stdout unless quiet."""
    if not quiet:
        click.echo(text)


def document(content: object) -> None:
    """Write one JSON document to stdout; dates and paths as text."""
    click.echo(json.dumps(content, indent=1, ensure_ascii=False, default=str))


def aligned(rows: Iterable[Sequence[object]], indent: str = "") -> list[str]:
    """Return rows as lines with aligned columns; numbers to the right, the rest to the left.

    `aligned([("landed", 12), ("refused", 3)])` gives `landed   12` and `refused   3`.
    """
    listed = [tuple(row) for row in rows]
    shown = [tuple(_shown(cell) for cell in row) for row in listed]
    widths = [max(len(cell) for cell in column) for column in zip(*shown, strict=True)]
    lines = []
    for row, texts in zip(listed, shown, strict=True):
        cells = [
            text.rjust(width) if isinstance(cell, int | float) else text.ljust(width)
            for cell, text, width in zip(row, texts, widths, strict=True)
        ]
        lines.append((indent + "  ".join(cells)).rstrip())
    return lines


def _shown(cell: object) -> str:
    if cell is None:
        return "-"
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, int):
        return f"{cell:,}"
    return str(cell)
