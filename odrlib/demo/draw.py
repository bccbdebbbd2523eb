"""Draws: what a make-believe market throws up at random, each from the generator it is given."""

from __future__ import annotations

import numpy as np


def order_ids(rng: np.random.Generator, count: int, first: tuple[int | str, ...]) -> np.ndarray:
    """`count` different order ids; their first part (303 of 303-1234567-1234567) is in `first`."""
    numbers = np.unique(rng.integers(0, 10**14, size=count + count // 1000 + 10))
    numbers = rng.permutation(numbers)[:count]
    heads = rng.choice(np.array([str(head) for head in first]), size=count)
    return np.array(
        [
            f"{head}-{number // 10**7:07d}-{number % 10**7:07d}"
            for head, number in zip(heads, numbers.tolist(), strict=True)
        ],
        dtype=object,
    )


def digits(rng: np.random.Generator, count: int, length: int) -> np.ndarray:
    """`count` rows of `length` digits, as a matrix."""
    return rng.integers(0, 10, size=(count, length))


def _text(matrix: np.ndarray) -> list[str]:
    return ["".join(row) for row in matrix.astype(str).tolist()]


def s10(rng: np.random.Generator, count: int, letters: str, country: str) -> list[str]:
    """Postal numbers of the Universal Postal Union (RB123456785CN), with their check digit."""
    body = digits(rng, count, 8)
    check = 11 - body @ np.array([8, 6, 4, 2, 3, 5, 9, 7]) % 11
    check = np.select([check == 10, check == 11], [0, 5], check)
    return [
        f"{letters}{number}{last}{country}" for number, last in zip(_text(body), check, strict=True)
    ]


def usps(rng: np.random.Generator, count: int) -> list[str]:
    """22-digit numbers of the United States Postal Service, with their check digit."""
    body = np.hstack([np.tile([9, 4, 0, 0], (count, 1)), digits(rng, count, 17)])
    return _text(np.column_stack([body, _three_one(body)]))


def dhl(rng: np.random.Generator, count: int) -> list[str]:
    """20-digit parcel numbers of DHL in Germany, with their check digit."""
    body = np.hstack([np.tile([0, 0, 3, 4, 0, 4, 3, 4], (count, 1)), digits(rng, count, 11)])
    return _text(np.column_stack([body, _three_one(body)]))


def _three_one(body: np.ndarray) -> np.ndarray:
    weights = np.where(np.arange(body.shape[1])[::-1] % 2 == 0, 3, 1)
    return -(body @ weights) % 10


def ups(rng: np.random.Generator, count: int) -> list[str]:
    """UPS numbers (1Z and 16 digits), with their check digit."""
    body = digits(rng, count, 15)
    check = -(body @ np.where(np.arange(15) % 2 == 0, 1, 2)) % 10
    return [f"1Z{number}" for number in _text(np.column_stack([body, check]))]


def twelve(rng: np.random.Generator, count: int) -> list[str]:
    """12-digit numbers as Yamato and Sagawa give them: the last digit is the rest by seven."""
    body = digits(rng, count, 11)
    return _text(np.column_stack([body, body @ 10 ** np.arange(10, -1, -1) % 7]))


def plain(rng: np.random.Generator, count: int, prefix: str, length: int) -> list[str]:
    """Numbers without a check digit: a prefix and `length` digits."""
    return [f"{prefix}{number}" for number in _text(digits(rng, count, length))]
