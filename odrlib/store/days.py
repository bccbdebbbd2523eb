"""Days: how a caller names a day."""

from __future__ import annotations

from datetime import date, datetime

from odrlib.errors import BadParameter
from odrlib.languages import tr


def parse_day(value: str | date | None) -> date | None:
    """A day from text like 2026-03-01; None for empty; BadParameter for anything else."""
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value).strip())
    except ValueError as error:
        raise BadParameter(
            tr("as-of {value!r} is not a day; write it like 2026-03-01", value=value)
        ) from error
