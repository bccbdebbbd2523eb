"""
Languages: how a site's language writes numbers, days and shares, and its sentence plans.

A plan is a sentence with named places; it lives in `languages/<code>.toml`, and so do the terms as
Seller Central writes them. Values go in as numbers and days, so one fact reads rightly in each.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from odrlib.errors import BadParameter
from odrlib.languages import tr

CODES = ("en", "de", "ja", "fr", "it", "es")
# The analyst's own language, beside the site's.
ANALYST = "zh"


@dataclass(frozen=True)
class Share:
    """A share 0-1 that is written as a percentage with so many decimals."""

    value: float
    decimals: int = 2


@dataclass(frozen=True)
class Term:
    """A word that the catalogue translates: group and name in it, else `otherwise` as it is."""

    group: str
    name: str
    otherwise: str = ""


@dataclass(frozen=True)
class Plan:
    """A sentence that is part of another."""

    name: str
    values: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True)
class Listing:
    """Values in a row."""

    values: Sequence[Any]


@dataclass(frozen=True)
class Language:
    """
    One language's catalogue.

    Parameters
    ----------
    plans : sentence plans by name
    terms : groups of terms: "column", "kind", "value", "category", "class"
    form : how it writes numbers (`thousands`, `decimal`, `percent`), days (`day`) and `comma`
    months : its twelve months; empty where days are written in numbers
    """

    code: str
    plans: dict[str, str]
    terms: dict[str, dict[str, str]]
    form: dict[str, str]
    months: tuple[str, ...]

    def say(self, plan: str, **values: Any) -> str:
        """The sentence of a plan with its values written as this language writes them."""
        return self.plans[plan].format_map({key: self.write(v) for key, v in values.items()})

    def write(self, value: Any) -> str:
        """One value: a number, a day, a `Share`, a `Term`, a `Plan`, a `Listing` or text."""
        if isinstance(value, Share):
            return self.form["percent"].format(self._number(100 * value.value, value.decimals))
        if isinstance(value, Term):
            otherwise = value.otherwise or value.name.replace("_", " ")
            return self.terms.get(value.group, {}).get(value.name, otherwise)
        if isinstance(value, Plan):
            return self.say(value.name, **dict(value.values))
        if isinstance(value, Listing):
            return self.form["comma"].join(self.write(one) for one in value.values)
        if isinstance(value, date):
            return self.day(value)
        if isinstance(value, float):
            return self._number(value, 2)
        return self._number(value, 0) if isinstance(value, int) else str(value)

    def day(self, moment: date) -> str:
        """
        A day in words.

        >>> language("de").day(date(2026, 3, 3)), language("ja").day(date(2026, 3, 3))
        ('3. März 2026', '2026年3月3日')
        """
        month = self.months[moment.month - 1] if self.months else str(moment.month)
        return self.form["day"].format(day=moment.day, month=month, year=moment.year)

    def _number(self, value: float, decimals: int) -> str:
        plain = f"{value:,.{decimals}f}"
        marks = {",": self.form["thousands"], ".": self.form["decimal"]}
        return "".join(marks.get(sign, sign) for sign in plain)


@cache
def language(code: str) -> Language:
    """
    The catalogue of a language.

    >>> language("it").write(Share(0.01435)), language("en").write(7317)
    ('1,44%', '7,317')

    Raises
    ------
    BadParameter for a language without a catalogue
    """
    if code not in (*CODES, ANALYST):
        raise BadParameter(
            tr("no language {code!r}; choose one of {known}", code=code, known=", ".join(CODES))
        )
    table = catalogue(f"languages/{code}")
    return Language(
        code=code,
        plans=table["plan"],
        terms={name: table[name] for name in ("column", "kind", "value", "category", "class")},
        form=table["form"],
        months=tuple(table["form"].get("months", "").split()),
    )


@cache
def catalogue(name: str) -> dict[str, Any]:
    """One of the TOML files of this room, by its name without the ending."""
    path = files(__package__).joinpath(f"{name}.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))
