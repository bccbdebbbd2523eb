"""Noted: what a look at all orders says of each, kept as small as a large store needs it."""

from __future__ import annotations

import numpy as np


class Noted:
    """
    For each order whether a sign is there, unknown or not there, and a sentence where it is.

    Parameters
    ----------
    known : for which orders an answer can be given, one boolean per row
    """

    def __init__(self, known: np.ndarray) -> None:
        self.known = known
        self.sentences: list[str] = []
        # The number of each order's sentence; most orders have none.
        self._place = np.full(len(known), -1, dtype="int32")

    def note(self, rows: np.ndarray, sentence: str) -> None:
        """The sign is there in these rows (numbers, or one boolean per row)."""
        self._place[rows] = len(self.sentences)
        self.sentences.append(sentence)

    @property
    def there(self) -> np.ndarray:
        """The orders in which the sign is there."""
        return self._place >= 0

    def flags(self, rows: np.ndarray) -> list[bool | None]:
        """Is the sign there, for these rows; None where nobody knows, and for row -1."""
        return [
            None if row < 0 or not self.known[row] else bool(self._place[row] >= 0) for row in rows
        ]

    def says(self, rows: np.ndarray) -> list[str]:
        """The sentences of these rows, empty where there is none."""
        return [
            "" if row < 0 or self._place[row] < 0 else self.sentences[self._place[row]]
            for row in rows
        ]
