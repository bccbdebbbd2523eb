"""A finding: one thing the reader should know, where it is, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from odrlib.languages import trn

Level = Literal["information", "warning", "error"]


def count(number: int, one: str, many: str = "") -> str:
    """
    A number with its noun, in the spoken language; the noun is a literal, for the catalogues.

    >>> count(1, "order"), count(1_204, "order"), count(0, "reply", "replies")
    ('1 order', '1,204 orders', '0 replies')
    """
    return trn(f"{{n:,}} {one}", f"{{n:,}} {many or one + 's'}", number)


@dataclass(frozen=True)
class Place:
    """Where in the input a finding is. `line` counts from 1, the header included."""

    file: str
    line: int | None = None
    column: str | None = None
    value: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """The place as JSON: file, line, text (the value found there), column."""
        return {"file": self.file, "line": self.line, "text": self.value, "column": self.column}


@dataclass(frozen=True)
class Finding:
    """
    One thing the reader should know. Findings are results, never exceptions.

    Parameters
    ----------
    id : a stable code in kebab-case, the same in every store and version ("order-not-in-orders")
    message : what is so, in one sentence, with its counts
    to_do : what to do about it, in one sentence; empty if nothing is to be done
    order_id : the one order at fault; `order_ids` : all orders concerned
    count : how many rows, files or orders the finding speaks of
    """

    id: str
    level: Level
    message: str
    to_do: str = ""
    place: Place | None = None
    order_id: str | None = None
    order_ids: tuple[str, ...] = ()
    count: int = 1

    def as_dict(self) -> dict[str, Any]:
        """The finding as JSON, in the form every command shares."""
        return {
            "id": self.id,
            "level": self.level,
            "order_id": self.order_id,
            "order_ids": list(self.order_ids),
            "place": self.place.as_dict() if self.place else None,
            "message": self.message,
            "to_do": self.to_do,
            "count": self.count,
        }
