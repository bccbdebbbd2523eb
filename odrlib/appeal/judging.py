"""Judging: may a case take a step, and what does the step rest on?"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from odrlib.appeal.cases import WAITING, Case, rules, said_state
from odrlib.appeal.notices import Notice, read_notice
from odrlib.appeal.reading import text_of
from odrlib.appeal.register import Register
from odrlib.appeal.wording import plain
from odrlib.errors import BadParameter
from odrlib.finding import Finding, count
from odrlib.languages import language, tr
from odrlib.policy import KINDS

EVERY_KIND = "*"


def may(register: Register, id_: str, state: str) -> Case:
    """The case, if it may move to `state`."""
    case = register.case(id_)
    if state in rules()["moves"][case.state]:
        return case
    if case.state in WAITING and state in ("drafted", "submitted"):
        raise BadParameter(
            tr(
                "{case} is {state}: a second submission for the same matter is refused while "
                "Amazon looks at the first; wait for its answer, or withdraw",
                case=id_,
                state=said_state(case.state),
            )
        )
    values = {"case": id_, "state": said_state(case.state), "wanted": said_state(state)}
    allowed = rules()["moves"][case.state]
    if not allowed:
        raise BadParameter(
            tr("{case} is {state}, it cannot become {wanted}; open a new case", **values)
        )
    comma = "、" if language() == "zh" else ", "
    raise BadParameter(
        tr("{case} is {state}, it cannot become {wanted}; next may be: {allowed}",
           allowed=comma.join(map(said_state, allowed)), **values)
    )  # fmt: skip


def not_twice(register: Register, mine: Case) -> None:
    """No second submission for the same matter in another case."""
    for other in register.cases.values():
        same = other.matter == mine.matter and (
            mine.matter == "account" or set(other.order_ids) & set(mine.order_ids)
        )
        if other.id != mine.id and other.state in WAITING and same:
            raise BadParameter(
                tr(
                    "{case} is {state} for the same matter; a second submission is refused until "
                    "Amazon answers or you withdraw it",
                    case=other.id,
                    state=said_state(other.state),
                )
            )


def not_unchanged(register: Register, text: str) -> None:
    """No draft whose words were submitted before, in any case of the store."""
    for case in register.cases.values():
        for submission in case.submissions:
            if submission.submitted_on and submission.text == text:
                raise BadParameter(
                    tr(
                        "this draft has the same words as submission {number} of {case} "
                        "({submitted_on}); an unchanged resubmission is refused",
                        number=submission.number,
                        case=case.id,
                        submitted_on=submission.submitted_on,
                    )
                )


def words(path: Path) -> str:
    """The hash of a draft's words, whatever their form."""
    signs = "".join(sign for sign in plain(text_of(path)) if sign.isalnum())
    if not signs:
        raise BadParameter(tr("{path}: there are no words in it", path=path))
    return hashlib.sha256(signs.encode()).hexdigest()


def original(notice: str | Path) -> tuple[Notice, bytes, str]:
    """What a notice says, and its original."""
    said = read_notice(notice)
    path = Path(notice) if isinstance(notice, Path) or len(notice) < 1_000 else None
    try:
        if path is not None and path.is_file():
            return said, path.read_bytes(), path.name
    except (OSError, ValueError):
        pass
    return said, str(notice).encode("utf-8", errors="replace"), "notice.txt"


def facts_of(said: Notice) -> dict[str, Any]:
    """What the journal keeps of a notice."""
    return {key: value for key, value in said.as_dict().items() if key != "findings"}


def exempted_orders(outcome: str, exempted: Iterable[tuple[str, str]]) -> list[list[str]]:
    """(order id, kind) pairs as the journal keeps them; BadParameter where they cannot be."""
    off = [[order, kind or EVERY_KIND] for order, kind in exempted]
    if off and outcome != "approved":
        raise BadParameter(
            tr("orders are exempted by an approval, not by {outcome!r}", outcome=outcome)
        )
    for _, kind in off:
        if kind not in (*KINDS, EVERY_KIND):
            raise BadParameter(
                tr(
                    "kind {kind!r}; choose {known} or {every}",
                    kind=kind,
                    known=", ".join(KINDS),
                    every=EVERY_KIND,
                )
            )
    return off


def late_findings(case: Case) -> list[Finding]:
    """A submission after the notice's deadline is allowed, and said to be late."""
    dated = [notice for notice in case.notices if notice.said.get("days") is not None]
    if not dated or case.current is None or case.current.submitted_on is None:
        return []
    days = dated[-1].said["days"]
    late = (case.current.submitted_on - dated[-1].on).days - days
    if late <= 0:
        return []
    return [
        Finding(
            "submitted-after-deadline",
            "warning",
            tr(
                "{case} was submitted {late} after the {days} that the notice of {on} gives.",
                case=case.id,
                late=count(late, "day"),
                days=count(days, "day"),
                on=dated[-1].on,
            ),
            tr("Say so in the appeal and why; Amazon may still read it."),
        )
    ]
