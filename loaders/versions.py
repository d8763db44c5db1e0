"""Which version of the specification a submission was written to, by the values it uses.

The header row does not tell: release 1 headers stand on release 2 files. Values do, for release 2
recased most of them. A value speaks for every version whose code lists have it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from loaders.specification import Field

# Of versions with equally many values the first wins; most pilot values are release 1's too.
VERSIONS = ("release_1", "release_2", "pilot_2017")


class VersionDetector:
    """Counts, per version, the cells that hold a value of its code lists."""

    def __init__(
        self, fields: list[Field], code_versions: dict[str, dict[str, frozenset[str]]]
    ) -> None:
        """Keep the fields that have a code list: field -> value -> versions."""
        self._values = {
            field.name: code_versions[field.code_list]
            for field in fields
            if field.code_list in code_versions
        }

    def detect(self, columns: Mapping[str, Sequence[str | None]]) -> str:
        """Return the version that most cells speak for; `release_1` where none does.

        `columns` maps a field to its cells, one per row.
        """
        votes = dict.fromkeys(VERSIONS, 0)
        for name, values in self._values.items():
            for cell, cells in Counter(columns.get(name, ())).items():
                for version in values.get(cell.strip(), ()) if cell else ():
                    if version in votes:
                        votes[version] += cells
        return max(VERSIONS, key=votes.__getitem__)
