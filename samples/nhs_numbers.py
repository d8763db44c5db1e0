"""Synthetic NHS numbers: ten digits beginning with 9, valid under Modulus 11, unique."""

import numpy as np

_WEIGHTS = np.arange(10, 1, -1)


def check_digits(bodies: np.ndarray) -> np.ndarray:
    """Check digit of each nine-digit body, shape (n,) -> (n,); 10 means the body is unusable."""
    digits = bodies[:, None] // 10 ** np.arange(8, -1, -1) % 10
    check = (11 - digits @ _WEIGHTS % 11) % 11
    return check


def issue(rng: np.random.Generator, count: int) -> np.ndarray:
    """Draw `count` distinct valid numbers as text, shape (count,), dtype object."""
    bodies = np.empty(0, dtype=np.int64)
    while len(bodies) < count:
        drawn = rng.integers(900_000_000, 1_000_000_000, int(count * 1.3) + 50)
        drawn = drawn[(check_digits(drawn) < 10) & (drawn != 999_999_999)]
        bodies = np.concatenate([bodies, drawn])
        _, first = np.unique(bodies, return_index=True)
        bodies = bodies[np.sort(first)]
    bodies = bodies[:count]
    return (bodies * 10 + check_digits(bodies)).astype(str).astype(object)


def is_valid(number: str) -> bool:
    """Whether ten digits pass Modulus 11 and are not one digit repeated."""
    if len(number) != 10 or not (number.isascii() and number.isdigit()) or len(set(number)) == 1:
        return False
    return int(check_digits(np.array([int(number[:9])]))[0]) == int(number[9])
