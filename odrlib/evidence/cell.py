"""Cell: one class of evidence of one order, its state, and the faults that decide it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from odrlib.finding import Finding, Level, Place
from odrlib.languages import language, mark, tr, worded

State = Literal["closed", "open", "contradicted", "unknown", "not required"]
STATES: tuple[State, ...] = ("contradicted", "open", "unknown", "closed", "not required")
Effect = Literal["missing", "contradiction", "unknown", "note"]


STATE_WORDS = {
    "closed": mark("closed", context="evidence"),
    "open": mark("open", context="evidence"),
    "contradicted": mark("contradicted", context="evidence"),
    "unknown": mark("unknown", context="evidence"),
    "not required": mark("not required", context="evidence"),
}


def said_state(code: str) -> str:
    """The state of a cell in words; another word stays as it is."""
    return worded(code, STATE_WORDS, context="evidence")


CLASS_WORDS = {
    "logistics": mark("logistics", context="evidence"),
    "communication": mark("communication", context="evidence"),
    "remedy": mark("remedy", context="evidence"),
}


def said_class(code: str) -> str:
    """A class of evidence in words; another word stays as it is."""
    return worded(code, CLASS_WORDS, context="evidence")


def joined(texts: Iterable[str]) -> str:
    """Things in a row that are told of one order, each once."""
    return ("；" if language() == "zh" else "; ").join(dict.fromkeys(texts))


@dataclass(frozen=True)
class Fault:
    """
    One thing that keeps a cell from being closed, or that a reader should know of it.

    Parameters
    ----------
    id : stable code; the finding of the same name tells of it
    effect : "missing" opens the cell, "contradiction" contradicts it, "unknown" leaves it unknown,
        "note" changes nothing
    said : what is so, as part of a sentence; `lacks` : it names what is not there
    fetch : what to get, and from whom; empty where nothing that is fetched would help
    helps : would it close the cell? False for what can only be said, not proven
    source : who is asked; fetches of one class from one source are one errand
    level : of its finding; None if the cell alone tells it
    """

    id: str
    effect: Effect
    said: str
    fetch: str = ""
    helps: bool = True
    source: str = ""
    place: Place | None = None
    level: Level | None = None
    lacks: bool = False

    def finding(self, order_id: str) -> Finding | None:
        """The fault as a finding of its own; None if it is told by the cell alone."""
        if self.level is None:
            return None
        if self.lacks:
            message = tr("Order {order} lacks {said}.", order=order_id, said=self.said)
        else:
            message = tr("Order {order}: {said}.", order=order_id, said=self.said)
        fetch = f"{self.fetch[:1].upper()}{self.fetch[1:]}"
        to_do = fetch and tr("{fetch}.", fetch=fetch)
        return Finding(self.id, self.level, message, to_do, self.place, order_id, (order_id,))


def missing(id_: str, said: str, **more: Any) -> Fault:
    """A fault that opens a cell: `said` names what is not there."""
    return Fault(id_, "missing", said, lacks=True, **more)


def contradiction(id_: str, said: str, **more: Any) -> Fault:
    """A fault that contradicts a cell; its finding is an error."""
    return Fault(id_, "contradiction", said, level="error", **more)


def unknown(id_: str, said: str, **more: Any) -> Fault:
    """A fault that leaves a cell unknown."""
    return Fault(id_, "unknown", said, **more)


def note(said: str) -> Fault:
    """What a reader should know and what changes nothing."""
    return Fault("note", "note", said)


@dataclass(frozen=True)
class Cell:
    """
    One class of evidence of one order.

    Parameters
    ----------
    class_ : logistics, communication or remedy
    required : why it is needed; empty if it is not
    files : names of the files used, in the order's folder
    """

    order_id: str
    class_: str
    state: State
    required: str
    files: tuple[str, ...]
    faults: tuple[Fault, ...]

    def said(self, effect: Effect) -> list[str]:
        """What its faults of one effect say."""
        return list(dict.fromkeys(fault.said for fault in self.faults if fault.effect == effect))

    def as_dict(self) -> dict[str, Any]:
        """The cell as `odr evidence --json` prints it."""
        return {
            "state": self.state,
            "missing": self.said("missing"),
            "contradictions": self.said("contradiction"),
            "unknown": self.said("unknown"),
            "notes": self.said("note"),
            "files": list(self.files),
        }


def judged(
    order_id: str,
    class_: str,
    required: str,
    files: Iterable[str],
    faults: Iterable[Fault],
    on_hand: bool,
) -> Cell:
    """
    The cell with its state.

    Parameters
    ----------
    required : why the class is needed; empty if it is not
    on_hand : there is something of this class; what is handed in must stand, needed or not
    """
    files, faults = tuple(files), tuple(faults)
    effects = {fault.effect for fault in faults}
    if not required and not on_hand:
        state: State = "not required"
        faults = ()
    elif "contradiction" in effects:
        state = "contradicted"
    elif "missing" in effects:
        state = "open"
    elif "unknown" in effects:
        state = "unknown"
    else:
        state = "closed"
    return Cell(order_id, class_, state, required, files, faults)
