"""Statements: what a plan says that can be checked, each with its verdict and its place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from odrlib.languages import mark, tr, worded
from odrlib.poa.mentions import Mention
from odrlib.poa.passages import Passage

Verdict = Literal["supported", "contradicted", "not supported"]
VERDICT_WORDS = {
    "supported": mark("supported", context="verdict"),
    "contradicted": mark("contradicted", context="verdict"),
    "not supported": mark("not supported", context="verdict"),
}


def said_verdict(code: str) -> str:
    """A verdict in words."""
    return worded(code, VERDICT_WORDS, context="verdict")


def said_kind(code: str) -> str:
    """What a statement is, in words."""
    return {
        "order_id": tr("order id"),
        "sku": tr("sku", context="statement"),
        "carrier": tr("carrier", context="statement"),
        "date": tr("date", context="statement"),
        "number": tr("number", context="statement"),
        "percentage": tr("percentage", context="statement"),
    }.get(code, code.replace("_", " "))


@dataclass(frozen=True)
class Statement:
    """One checkable thing of a draft with its verdict, the key of the fact, and its place."""

    text: str
    kind: str
    verdict: Verdict
    fact: str
    line: int
    column: int

    def as_dict(self) -> dict[str, Any]:
        """The statement as JSON."""
        return {
            "text": self.text,
            "kind": self.kind,
            "verdict": self.verdict,
            "fact": self.fact,
            "place": {"line": self.line, "column": self.column},
        }


@dataclass(frozen=True)
class Judged:
    """A sentence with its mentions, their verdicts and the measure it speaks of."""

    passage: Passage
    start: int
    end: int
    mentions: tuple[Mention, ...]
    verdicts: tuple[tuple[Verdict, str], ...]

    @property
    def text(self) -> str:
        """The sentence."""
        return self.passage.text[self.start : self.end]

    def values(self, kind: str) -> list[Any]:
        """The values of its mentions of a kind."""
        return [one.value for one in self.mentions if one.kind == kind]


def statements_of(judged: Iterable[Judged]) -> list[Statement]:
    """The verdicts as a list, in the order of the draft."""
    found = []
    for one in judged:
        for mention, (verdict, key) in zip(one.mentions, one.verdicts, strict=True):
            line, column = one.passage.places[mention.start]
            found.append(Statement(mention.text, mention.kind, verdict, key, line, column))
    return found
