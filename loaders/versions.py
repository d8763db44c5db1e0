"""Which version of the specification a submission was written to, by the values it uses.

The header row alone does not tell: release 1 headers stand on release 2 files. Values do, for
release 2 recased most of them. A value speaks for every version whose code lists have it. Where
several versions have equally many values, the headers decide that only one of them has.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from loaders.headers import Column, normalised
from loaders.specification import Field


class VersionDetector:
    """Counts, per version, the cells that hold a value of its code lists, and its own headers."""

    def __init__(
        self,
        fields: list[Field],
        code_versions: dict[str, dict[str, frozenset[str]]],
        versions: Sequence[str],
    ) -> None:
        """Keep the fields that have a code list: field -> value -> versions.

        `versions`: those to choose from; of equally likely ones the first wins.
        """
        self._versions = tuple(versions)
        self._values = {
            field.name: code_versions[field.code_list]
            for field in fields
            if field.code_list in code_versions
        }
        self._headers = {
            (field.name, normalised(header)): version
            for field in fields
            for version, header in field.version_headers
        }

    @property
    def fields(self) -> frozenset[str]:
        """The fields whose values tell."""
        return frozenset(self._values)

    def detect(
        self, columns: Mapping[str, Iterable[str | None]], headers: Sequence[Column] = ()
    ) -> str:
        """Return the version that most cells speak for; the first one where none does.

        `columns` maps a field to its cells, or to a count of each value; `headers` are the sheet's
        columns.
        """
        votes = dict.fromkeys(self._versions, 0)
        for name, values in self._values.items():
            for cell, cells in Counter(columns.get(name, ())).items():
                for version in values.get(cell.strip(), ()) if cell else ():
                    if version in votes:
                        votes[version] += cells
        own = Counter(
            self._headers.get((column.field, normalised(column.header)))
            for column in headers
            if column.is_field
        )
        return max(self._versions, key=lambda version: (votes[version], own[version]))
