"""
Show: what a notebook cell calls to put a verdict, a figure, a table or findings on the page.

Each function takes finished data and returns a `Shown`, which JupyterLab displays at once and the
report draws again through the same templates. All text is escaped by the templates; nothing here
holds HTML.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, time
from itertools import groupby
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from odrlib import languages
from odrlib.errors import BadParameter
from odrlib.finding import Finding, Level
from odrlib.languages import tr
from odrlib.plain import arrays_of, listed
from odrlib.report import style, templates
from odrlib.report.media import MIME, MISSING, PLOTLY

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

LEVELS: tuple[Level, ...] = ("error", "warning", "information")
ROWS = 12  # rows of a table on the page before "show all"
TRAVEL = 500  # rows of a table that travel in the page; the files beside it have them all
LISTED = 1000  # order ids of one column of lists that travel; each cell tells how many it has
FINDINGS = 8  # findings with one id on the page; facts.json holds them all
SHORT = 22  # letters that a column keeps on one line
STORY = 70  # letters from which on a column needs room for sentences
# What the values of a type are, by its letter; text apart.
_HELD: dict[str, Literal["flags", "numbers", "moments"]] = {
    "b": "flags", "i": "numbers", "u": "numbers", "f": "numbers", "c": "numbers", "M": "moments",
}  # fmt: skip
INFINITE = float("inf")
MIDNIGHT = time()

Format = str | Callable[[Any], str]
Point = str | tuple[str, str]  # a sentence, or a sentence and the anchor of a section


@dataclass(frozen=True)
class Shown:
    """
    One thing on the page: its kind, its data as JSON, and how it reads in one line.

    `plotly` is the figure as plotly's own JSON, for the kind "figure" only.
    """

    kind: str
    data: dict[str, Any]
    text: str
    plotly: dict[str, Any] | None = None

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        # English needs no mark; by another's the page knows which language the notebook speaks.
        spoken = languages.language()
        mark = {} if spoken == "en" else {"language": spoken}
        bundle = {MIME.format(kind=self.kind): self.data | mark, "text/plain": self.text}
        if self.plotly is not None:
            return bundle | {PLOTLY: self.plotly}
        page = templates.environment().get_template("lab.html.j2")
        shown = page.render(
            kind=self.kind, data=self.data, words=templates.words(languages.language())
        )
        return bundle | {"text/html": shown}


# -- the verdict --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Card:
    """
    One rule's answer. All fields are finished text.

    Parameters
    ----------
    label : which rule ("Amazon's rule")
    status : "over", "under" or "unknown"
    value : the rate ("1.24%"), or "unknown"
    counts : what was divided by what ("31 of 2,500 orders")
    limit : "below 1%"
    window : "2 January to 1 March 2026"
    sentences : what follows from it, a sentence each
    parts : label and value of what it is made of: (("A-to-z claims", "12"), …)
    """

    label: str
    status: Literal["over", "under", "unknown"]
    value: str
    counts: str
    limit: str
    window: str
    sentences: Sequence[str] = ()
    parts: Sequence[tuple[str, str]] = ()


def verdict(
    headline: str,
    cards: Sequence[Card],
    *,
    causes: Sequence[Point] = (),
    to_do: Sequence[Point] = (),
    unknown: Sequence[Point] = (),
) -> Shown:
    """
    The first screen: a headline, a card for each rule, and what follows, all as finished text.

    Parameters
    ----------
    headline : the answer in one sentence
    causes, to_do, unknown : sentences for the three lists, each alone or with the anchor of the
        section that proves it; an empty list is left out
    """
    data = {
        "headline": headline,
        "cards": [asdict(card) for card in cards],
        "lists": [
            {"name": name, "items": [_point(point) for point in points]}
            for name, points in (("causes", causes), ("to_do", to_do), ("not_known", unknown))
            if points
        ],
    }
    return Shown("verdict", json.loads(json.dumps(data)), headline)


def _point(point: Point) -> dict[str, str]:
    text, anchor = (point, "") if isinstance(point, str) else point
    return {"text": text, "at": anchor}


def say(*sentences: str) -> Shown:
    """A paragraph of sentences that were made from numbers; empty ones are left out."""
    paragraph = languages.sentences(*sentences)
    return Shown("say", {"text": paragraph}, paragraph)


def findings(found: Iterable[Finding]) -> Shown:
    """Findings by level, the worst first, those with one id together and folded when many."""
    ranked = sorted(found, key=lambda finding: (LEVELS.index(finding.level), finding.id))
    levels = []
    for level, equals in groupby(ranked, key=lambda finding: finding.level):
        groups = []
        for code, alike in groupby(equals, key=lambda finding: finding.id):
            members = list(alike)
            shown = [_finding(finding) for finding in members[:FINDINGS]]
            groups.append({"id": code, "items": shown, "more": len(members) - len(shown)})
        levels.append({"level": level, "groups": groups})
    lines = [f"{finding.level}: {finding.message}" for finding in ranked]
    return Shown("findings", {"levels": levels}, "\n".join(lines))


def _finding(finding: Finding) -> dict[str, Any]:
    named = [finding.order_id] if finding.order_id else []
    return {
        "message": finding.message,
        "to_do": finding.to_do,
        "place": asdict(finding.place) if finding.place else None,
        "order_ids": list(dict.fromkeys([*named, *finding.order_ids])),
    }


# -- tables -------------------------------------------------------------------------------------


def table(
    frame: pd.DataFrame,
    caption: str,
    *,
    formats: Mapping[str, Format] | None = None,
    labels: Mapping[str, str] | None = None,
    download: str = "",
    rows: int = ROWS,
    note: str = "",
    home: bool = False,
    aside: Sequence[str] = (),
) -> Shown:
    """
    A table a person reads: it sorts, filters and downloads in the page, without any server.

    Parameters
    ----------
    frame : one row per row; a named index becomes the first columns
    caption : what a row is, and of what
    formats : column → format spec (".2%", ",.1f") or a function from a value to text
    labels : column → heading with its unit ("rate, %"); the name with spaces by default
    download : file name of the CSV with every row; made from the caption by default
    rows : rows on the page before "show all"; the others travel along, up to TRAVEL of them
    home : this is the table where links to an order lead
    aside : columns that travel in the CSV only, to leave room on the page

    A missing value shows as a dash. A column `order_id` links to the order; a column of lists of
    order ids opens to links. BadParameter if a column that is named is not there.
    """
    formats, labels = formats or {}, labels or {}
    named = any(name is not None for name in frame.index.names)
    whole = frame.reset_index() if named else frame
    unknown = [*(set(formats) | set(labels) | set(aside)) - set(whole.columns)]
    if unknown:
        raise BadParameter(
            tr("no column {unknown} in this table; it has {known}",
               unknown=", ".join(map(repr, sorted(unknown))),
               known=", ".join(map(str, whole.columns)))
        )  # fmt: skip
    total, whole = len(whole), whole if len(whole) <= TRAVEL else whole.head(TRAVEL)
    data = {
        "caption": caption,
        "note": note,
        "download": download or f"{style.slug(caption)}.csv",
        "rows": rows,
        "total": total,
        "held": len(whole),
        "home": home,
        "columns": [
            _column(str(name), values, formats.get(name), labels.get(name))
            | ({"aside": True} if name in aside else {})
            for name, values in arrays_of(whole)
        ],
    }
    return Shown("table", data, tr("{caption} ({rows:,} rows)", caption=caption, rows=total))


def _column(name: str, values: Any, form: Format | None, label: str | None) -> dict[str, Any]:
    """One column as the page wants it: `text` to show; `sort` where order or CSV need the value."""
    column: dict[str, Any] = {"name": name, "label": label or name.replace("_", " ")}
    every = listed(values)
    there = [value for value in every if value is not None]
    holds = _holds(values.dtype)
    raw: list[Any] | None = None
    make: Callable[[Any], str] = str
    if holds == "flags":
        kind, make = "text", [tr("no"), tr("yes")].__getitem__
    elif holds == "numbers":
        kind, make = "number", "{:,.0f}".format if all(map(_whole, there)) else "{:,.2f}".format
        raw = [None if value is None or abs(value) == INFINITE else value for value in every]
    elif holds == "moments":
        kind, make = "day", _moment_format(there)
    elif holds == "anything" and any(isinstance(value, (list, tuple)) for value in there):
        most = max(20, LISTED // len(values))
        kind, make = "orders", lambda ids: " ".join(ids[:most])
        if any(len(ids) > most for ids in there):
            column["sizes"] = [0 if ids is None else len(ids) for ids in every]
    elif holds == "anything" and there and all(isinstance(value, date) for value in there):
        kind = "day"
    else:
        kind = "order" if name == "order_id" else "text"
    if form is not None:
        make = form if callable(form) else f"{{:{form}}}".format
        if kind == "day":
            raw = [None if value is None else f"{value:%Y-%m-%d}" for value in every]
    if make is str and holds == "texts":
        shown = [MISSING if value is None else value for value in every]
    else:
        shown = [MISSING if value is None else make(value) for value in every]
    longest = max(map(len, shown), default=0)
    if kind == "text" and longest <= STORY and (longest <= SHORT or not any(map(_breaks, shown))):
        kind = "text short"
    elif kind == "text" and longest > STORY:
        kind = "text story"
    return column | {"kind": kind, "text": shown} | ({} if raw is None else {"sort": raw})


def _holds(kind: Any) -> Literal["texts", "flags", "numbers", "moments", "anything"]:
    """What the values of a type are."""
    return "texts" if isinstance(kind, pd.StringDtype) else _HELD.get(kind.kind, "anything")


def _breaks(text: str) -> bool:
    """Has a text a place where a line may end? A checksum has none."""
    return len(text.split()) > 1 or not text.isascii()


def _whole(number: float) -> bool:
    """Has a number nothing behind the point? What is without end counts as whole."""
    return number % 1 == 0 or abs(number) == INFINITE


def _moment_format(there: Sequence[pd.Timestamp]) -> Callable[[Any], str]:
    """Days alone, or with the time of day where any has one."""
    timed = any(moment.time() != MIDNIGHT for moment in there)
    return lambda moment: moment.isoformat(" ", "minutes")[:16] if timed else str(moment.date())


# -- figures ------------------------------------------------------------------------------------


def figure(
    fig: Figure, title: str, alt: str, how: str, data: pd.DataFrame | Shown | None = None
) -> Shown:
    """
    A plotly figure with what the eye cannot ask it.

    Parameters
    ----------
    title : the finding, in one sentence, above the figure
    alt : what the figure shows, for who cannot see it
    how : how the numbers were counted
    data : the numbers behind it, as a frame or a `table(…)`
    """
    from plotly.io.json import to_json_plotly

    from odrlib.figures import drawing

    drawn = drawing.plain(fig)
    layout = {"title": {"text": style.plotly_text(title)}} | drawn.get("layout", {})
    drawn = drawn | {"layout": layout | {"template": style.LAB}}
    behind = table(data, title) if isinstance(data, pd.DataFrame) else data
    about = {
        "title": title,
        "alt": alt or title,
        "how": how,
        "table": behind.data if behind else None,
    }
    return Shown("figure", about, title, plotly=json.loads(to_json_plotly(drawn)))


def end() -> Shown:
    """The mark of the last cell. A run without it is not a report, whatever else it left behind."""
    return Shown("end", {"complete": True}, tr("End of the report."))
