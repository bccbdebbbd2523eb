"""Rules: whether a condition holds for a case, and how what was found is said."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from odrlib.categories.cases import Fields
from odrlib.categories.catalogue import Category, Condition, Way, fields
from odrlib.errors import BadParameter
from odrlib.finding import count
from odrlib.languages import language, mark, tr
from odrlib.naming import level
from odrlib.policy.states import state_said

ANY_THEME = "*"
KIND_NOUNS = {
    "claim": mark("claim"),
    "chargeback": mark("chargeback"),
    "negative_feedback": mark("feedback"),
}

Flags = npt.NDArray[np.bool_]
Case = Mapping[str, Any]


class Answers:
    """
    The answers of all cases to the rules' conditions; each condition is asked once.

    Parameters
    ----------
    signs : one list or array per field, `kind` and `themes` too, with one value per case; beside a
        field that is told by a sentence stands `…_says`
    """

    def __init__(self, signs: Fields) -> None:
        self.values: dict[str, list[Any]] = {
            name: column.tolist() if isinstance(column, np.ndarray) else column
            for name, column in signs.items()
        }
        self.cases: list[Case] = [
            dict(zip(self.values, row, strict=True))
            for row in zip(*self.values.values(), strict=True)
        ]
        self._held: dict[tuple[Condition, str], Flags] = {}

    def holds(self, condition: Condition, category: str = "") -> Flags:
        """
        For which cases the condition is known to hold; what is unknown holds nothing.

        `category` is the one that asks: its gatherings are its own.

        Raises
        ------
        BadParameter : a field or an operator that is not there
        """
        key = (condition, category)
        if key not in self._held:
            self._held[key] = _held(self.values, condition, category)
        return self._held[key]

    def fits(self, category: Category, way: Way) -> Flags:
        """For which cases the defect belongs to the category in this way."""
        answer = self._speaks(way)
        for condition in way.all:
            answer = answer & self.holds(condition, category.id)
        if way.any:
            answer = answer & np.logical_or.reduce(
                [self.holds(condition, category.id) for condition in way.any]
            )
        for condition in category.unless:
            answer = answer & ~self.holds(condition, category.id)
        return answer

    def _speaks(self, way: Way) -> Flags:
        """For which cases the buyer's themes are those of the way."""
        wanted = set(way.themes)
        told = [
            bool(themes)
            if ANY_THEME in wanted
            else not wanted.isdisjoint(themes)
            if wanted
            else not themes
            for themes in self.values["themes"]
        ]
        return np.array(told, dtype=bool)

    def shown(self, place: int, category: Category, way: Way) -> tuple[str, ...]:
        """What shows it for one case: the conditions that hold, then the way's known fields."""
        asked = [
            condition.field
            for condition in (*way.all, *way.any)
            if self.holds(condition, category.id)[place]
        ]
        beside = [name for name in way.fields if not _idle_no(self.cases[place], name)]
        return said_of(self.cases[place], [*asked, *beside], category.id)

    def spoken_against(self, place: int, category: Category) -> tuple[str, ...]:
        """What speaks against the category for one case."""
        asked = [c.field for c in category.against if self.holds(c, category.id)[place]]
        return said_of(self.cases[place], asked, category.id)


_TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "is": lambda value, wanted: value == wanted,
    "in": lambda value, wanted: value in wanted,
    "over": lambda value, wanted: value > wanted,
    "under": lambda value, wanted: value < wanted,
    "between": lambda value, wanted: wanted[0] <= value <= wanted[1],
    "has": lambda value, wanted: not set(wanted).isdisjoint(value),
}


def _held(values: Mapping[str, list[Any]], condition: Condition, category: str) -> Flags:
    name = column_of(condition.field, category)
    if name not in values:
        raise BadParameter(
            tr("no field {field!r} for a rule of {category}", field=condition.field,
               category=category or tr("a category"))
        )  # fmt: skip
    test = _TESTS.get(condition.operator)
    if test is None:
        raise BadParameter(tr("no operator {operator!r} in the rules", operator=condition.operator))
    wanted = condition.value
    # No comparison with a missing number holds.
    return np.array([value is not None and test(value, wanted) for value in values[name]], bool)


def unknown(value: Any) -> bool:
    """Is it None, or a missing number?"""
    return value is None or value != value


def column_of(field: str, category: str) -> str:
    """The column of a field; what has gathered is looked at for each category by itself."""
    return f"gathered_{category}" if field == "gathered" else field


def _idle_no(case: Case, field: str) -> bool:
    """A "no" that nobody asked for and that tells nothing."""
    rule = fields()[field]
    return rule["type"] == "flag" and not rule.get("no") and case.get(field) is False


def said_of(case: Case, names: Iterable[str], category: str = "") -> tuple[str, ...]:
    """The known fields of a case in words, each once."""
    found = [phrase(case, name, category) for name in dict.fromkeys(names)]
    return tuple(dict.fromkeys(text for text in found if text))


def phrase(case: Case, field: str, category: str = "") -> str:
    """One field of a case in words; empty if it is unknown, or a set that is empty."""
    rule = fields()[field]
    name = column_of(field, category)
    value = case[name]
    if not len(value) if rule["type"] == "set" else unknown(value):
        return ""
    if rule["phrase"] == "{says}":
        return str(case[f"{name}_says"])
    return tr(
        rule["phrase"],
        value=_word(field, value, rule["type"]),
        kind=tr(KIND_NOUNS[case["kind"]]),
        days=count(round(value), "day") if rule["type"] == "number" else "",
    )


def _word(field: str, value: Any, kind: str) -> Any:
    if kind == "flag":
        return tr("yes") if value else tr("no")
    if kind == "set":
        return ("、" if language() == "zh" else ", ").join(value)
    if kind == "number":
        return int(value) if float(value).is_integer() else float(value)
    return state_said(value) if field == "tracking_state" else level(field, value)
