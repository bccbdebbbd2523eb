"""Comments: what a buyer's comment is about, as far as the removal rules ask."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from odrlib.exports.contacts import A_PHONE, AN_EMAIL
from odrlib.languages import mark, tr
from odrlib.reasons.lexicon import lexicon
from odrlib.reasons.texts import read_text, reader
from odrlib.triage.candidate import Answer
from odrlib.triage.gather import Said
from odrlib.triage.routes import removal, words

_NO_TEXT = mark("no file gives the comment")
# An address, or what stands in place of one, or of a number, that stopped at the door.
_EMAIL = re.compile(rf"[\w.+-]+@[\w-]+\.[\w.-]*\w|{re.escape(AN_EMAIL)}|{re.escape(A_PHONE)}")
_PHONE = re.compile(r"(?<![\w-])\+?\d[\d ().\-/]{6,18}\d(?![\w-])")
_ORDER = re.compile(r"\d{3}-\d{7}-\d{7}")
_DIGITS = range(8, 15)
# Stands for a letter that was understood; no text holds it.
_CUE = "\x00"
# How many words before an address or a number say whose it is.
_BEFORE = 3


@dataclass(frozen=True)
class Reading:
    """An answer about a comment, and the clause that says why."""

    answer: Answer
    says: str


def product_only(said: Said | None) -> Reading:
    """Is the whole comment a product review?"""
    if said is None or not said.texts:
        return Reading("unknown", tr(_NO_TEXT))
    if said.product_only is False:
        return Reading("no", tr("the comment speaks of the seller or the delivery too"))
    if said.product_only and any(_pattern("service").search(t.casefold()) for t in said.texts):
        return Reading("no", tr("the comment names the seller or the delivery too"))
    if said.product_only is None:
        return Reading("unknown", tr("what the comment is about was not understood; read it"))
    if set(said.from_text) & set(removal()["product"]["doubtful"]):
        says = tr("damage or a used item may be laid to packing or to the seller; read the comment")
        return Reading("unknown", says)
    return Reading("yes", tr("the whole comment is about the product"))


def delivery_only(said: Said | None) -> Reading:
    """Is the whole comment about late delivery or non-delivery?"""
    if said is None or not said.texts:
        return Reading("unknown", tr(_NO_TEXT))
    delivery = set(removal()["delivery"]["themes"])
    if not said.from_text:
        if said.product_only is None and said.state in ("not understood", "no complaint"):
            return Reading("unknown", tr("what the comment is about was not understood; read it"))
        return Reading("no", tr("the comment is not about the delivery"))
    if not delivery.issuperset(said.from_text):
        if not delivery & set(said.from_text):
            return Reading("no", tr("the comment is about something else than the delivery"))
        return Reading("no", tr("the comment is about more than the delivery"))
    if not delivery.issuperset(said.named):
        says = tr(
            "the comment also names what was not wrong; read whether all of it is about delivery"
        )
        return Reading("unknown", says)
    return _nothing_else(said)


def _nothing_else(said: Said) -> Reading:
    """A complaint about the delivery may stand beside words about the item or the seller."""
    pairs = list(zip(said.texts, said.spans, strict=True))
    strange = [clause for text, spans in pairs for clause in _not_understood(text, spans)]
    if any(_of_something_else(clause) for clause in strange):
        return Reading("no", tr("the comment speaks of something else beside the delivery"))
    if any(_pattern("product").search(_rest(text, spans)) for text, spans in pairs):
        if any(read_text(text, reader()).pleased for text, _ in pairs):
            return Reading("no", tr("the comment speaks of item or seller beside the delivery"))
        return Reading("unknown", tr("the comment may speak of item or seller too; read it"))
    if strange:
        return Reading("unknown", tr("a part of the comment was not understood; read it"))
    return Reading("yes", tr("the whole comment is about the delivery"))


def _rest(text: str, spans: Iterable[tuple[str, int, int]], mark: str = " ") -> str:
    """The text with a mark in place of each letter that was understood."""
    rest = list(text)
    for _, start, end in spans:
        rest[start:end] = mark * (end - start)
    return "".join(rest).casefold()


def _not_understood(text: str, spans: Iterable[tuple[str, int, int]]) -> list[str]:
    """The clauses with words of their own and without any cue."""
    clauses = _pattern("clause").split(_rest(text, spans, _CUE))
    return [clause for clause in clauses if _CUE not in clause and _content(clause)]


def _of_something_else(clause: str) -> bool:
    """Does it say of something that it is so ("the widget is dull"), and name no delivery?"""
    found = set(re.findall(r"[^\W\d_]+", clause))
    return bool(found & words("clause", "says")) and not found & words("clause", "delivery")


def _content(clause: str) -> bool:
    """Does it hold a word that says something, or two letters of a script without blanks?"""
    return any(
        len(word) > 1 and word not in lexicon().common and word not in words("filler", "words")
        for word in re.findall(r"[^\W\d_]+", clause)
    )


@cache
def _pattern(table: str) -> re.Pattern[str]:
    """The words of a table: whole words in Latin letters, anything else wherever it stands."""
    listed = sorted(words(table, "words"), key=len, reverse=True)
    whole = [re.escape(word) for word in listed if _whole(word)]
    parts = [re.escape(word) for word in listed if not _whole(word)]
    return re.compile("|".join([*([rf"\b(?:{'|'.join(whole)})\b"] if whole else []), *parts]))


def _whole(word: str) -> bool:
    """Is it a word of a script with blanks between its words?"""
    return word[0].isalpha() and word[0] < "\u2000"


def obscene(said: Said | None) -> bool:
    """Does the comment hold an obscene word?"""
    texts = said.texts if said else ()
    return any(_pattern("obscene").search(text.casefold()) for text in texts)


def personal_data(said: Said | None) -> Reading | None:
    """An e-mail address or telephone number in the comment; None if there is none."""
    found = [
        text[: hit.start()]
        for text in (said.texts if said else ())
        for pattern in (_EMAIL, _PHONE)
        for hit in pattern.finditer(_ORDER.sub(_blank, text))
        if pattern is _EMAIL or sum(letter.isdigit() for letter in hit[0]) in _DIGITS
    ]
    if not found:
        return None
    if all(_of_buyer(before) for before in found):
        says = tr(
            "the comment holds an e-mail address or a telephone number, and it may be the buyer's "
            "own"
        )
        return Reading("unknown", says)
    return Reading("yes", tr("the comment holds an e-mail address or a telephone number"))


def _blank(hit: re.Match[str]) -> str:
    return " " * len(hit[0])


def _of_buyer(before: str) -> bool:
    mine = words("personal_data", "of_buyer")
    near = re.findall(r"\w+", before.casefold())[-_BEFORE:]
    return bool(mine & set(near)) or any(word > "\u2000" and before.rstrip().endswith(word)
                                         for word in mine)  # fmt: skip
