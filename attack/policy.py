"""What a release promises, as its manifest states it."""

from dataclasses import dataclass

COUNCIL, CCG, PUBLIC = "council", "ccg", "public"


@dataclass(frozen=True)
class Policy:
    """Limits of one release.

    The defaults hold where the manifest is silent: ten persons in a class, two sensitive values,
    at most nine tenths with one of them; counts from 1 to 7 hidden and the others rounded to 5 (the
    rule of the Hospital Episode Statistics analysis guide, 2018); hidden cells known no closer than
    to three units; a share shown where eight persons are in it and eight are not.
    """

    recipient_type: str = PUBLIC
    k_persons: int = 10
    l_values: int = 2
    top_share: float = 0.9
    small_number_threshold: int = 8
    rounding_base: int = 5
    interval_width: int = 3
    share_margin_persons: int = 8
    batch_persons: int | None = None
    fingerprint_share: float = 0.02

    @classmethod
    def of(cls, manifest: dict, product: str = "") -> "Policy":
        """Read a manifest's policy; numbers may be text. What cannot be read keeps its default.

        What the policy says of one product goes before what it says of all.
        """
        stated = manifest.get("policy") or {}
        of_products = stated.get("products")
        if isinstance(of_products, dict) and isinstance(of_products.get(product), dict):
            stated = stated | of_products[product]
        values = {"recipient_type": stated.get("recipient_type") or _type_by_code(manifest)}
        for name, kind in (
            ("k_persons", int),
            ("l_values", int),
            ("top_share", float),
            ("small_number_threshold", int),
            ("rounding_base", int),
            ("interval_width", int),
            ("share_margin_persons", int),
            ("batch_persons", int),
        ):
            try:
                values[name] = kind(float(stated[name]))
            except (KeyError, TypeError, ValueError):
                continue
        return cls(**values)

    @property
    def batch(self) -> int:
        """Persons that must join or leave a class together."""
        return min(self.k_persons, self.batch_persons or self.k_persons)

    def interval(self, value: int | None, status: str | None = None) -> tuple[float, float]:
        """Return the counts that may stand behind a shown cell, as (lowest, highest).

        `interval(None)` is (1, 7), `interval(10)` is (8, 12), `interval(0)` is (0, 0), and a value
        off the rounding base stands for itself.
        """
        small, base = self.small_number_threshold, self.rounding_base
        if value is None or status == "hidden":
            return (1, small - 1)
        if value == 0 or base <= 1 or value % base:
            return (value, value)
        half = base // 2
        return (max(small, value - half) if value + half >= small else value, value + half)


def _type_by_code(manifest: dict) -> str:
    code = str((manifest.get("controller") or {}).get("code", ""))
    if not code:
        return PUBLIC
    return COUNCIL if code.isdigit() else CCG
