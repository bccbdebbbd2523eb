"""
Masking: buyers' names, e-mails, phones and addresses in a text, found by the rules of masking.toml.

What is known of a buyer (from the downloads, or from another file of the order) is masked wherever
it stands; the rest by how it is written. Order ids, tracking numbers and dates stay.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache

from odrlib.evidence import rules as evidence_rules
from odrlib.package import rules
from odrlib.package.people import names_in

KINDS = ("email", "phone", "name", "address")
Known = frozenset[tuple[str, str]]
_BETWEEN = r"[\s\"']{0,4}[:：=#]?[\s\"']{0,4}"


@dataclass(frozen=True)
class Span:
    """A part of a text that is masked: letters `start` to `end`, and the kind of what they say."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True)
class Masker:
    """
    What to mask in the files of one order.

    Parameters
    ----------
    known : pairs of kind and text that are known to be personal
    safe : order ids and tracking numbers, which stay
    keep : kinds that stay, because they are the proof
    """

    known: Known = frozenset()
    safe: frozenset[str] = frozenset()
    keep: frozenset[str] = field(default_factory=frozenset)

    def spans(self, text: str) -> list[Span]:
        """What to mask, from left to right, without overlap."""
        safe = _marked(len(text), _safe(text, self.safe))
        found = [*_emails(text), *_phones(text, safe), *_known(text, self.known, safe)]
        if "name" not in self.keep:
            found += [Span(a, b, "name") for a, b, _ in names_in(text)]
        if "address" not in self.keep:
            found += _addresses(text)
        kept = [span for span in found if span.kind not in self.keep and span.start < span.end]
        return list(_joined(sorted(kept, key=lambda span: (span.start, -span.end))))

    def masked(self, text: str) -> tuple[str, Counter[str]]:
        """The text with words such as "[name masked]" in it, and how many of each kind."""
        words = rules.data("masking")["words"]
        parts: list[str] = []
        at, counted = 0, Counter[str]()
        for span in self.spans(text):
            parts += [text[at : span.start], words[span.kind]]
            at = span.end
            counted[span.kind] += 1
        return "".join([*parts, text[at:]]), counted


def known_from(texts: Iterable[str]) -> Known:
    """The names that the texts give away by a label, a salutation or a signature."""
    found = set()
    for text in texts:
        for _, _, name in names_in(text):
            found.add(("name", name))
    return frozenset(found)


def keep_of(class_: str) -> frozenset[str]:
    """The kinds that stay in a file of a class."""
    return frozenset(rules.data("masking")["keep"].get(class_, ()))


def _joined(spans: Iterable[Span]) -> Iterator[Span]:
    """Spans that overlap as one, of the kind of the first."""
    last: Span | None = None
    for span in spans:
        if last and span.start < last.end:
            last = Span(last.start, max(last.end, span.end), last.kind)
            continue
        if last:
            yield last
        last = span
    if last:
        yield last


def any_of(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first; Latin ones only whole."""
    parts = []
    for word in sorted(words, key=lambda one: (-len(one), one)):
        escaped = re.escape(word).replace(r"\ ", r"[ \t_]{1,3}")
        parts.append(rf"(?<![^\W_]){escaped}(?![^\W_])" if word.isascii() else escaped)
    return "(?:" + "|".join(parts) + ")"


@cache
def _compiled(table: str, which: str) -> tuple[re.Pattern[str], ...]:
    row = rules.data("masking")[table]
    if which == "labelled":
        return (re.compile(rf"{any_of(row['labels'])}{_BETWEEN}({row['number']})", re.I),)
    return tuple(re.compile(pattern) for pattern in row[which])


def _safe(text: str, numbers: Collection[str]) -> Iterator[tuple[int, int]]:
    """The parts of a text that are no telephone number, whatever they look like."""
    for pattern in _compiled("safe", "patterns"):
        yield from (match.span() for match in pattern.finditer(text))
    for match in _compiled("safe", "labelled")[0].finditer(text):
        yield match.span(1)
    for number in sorted(numbers):
        spaced = r"[\s.-]?".join(map(re.escape, number))
        yield from (match.span() for match in re.finditer(spaced, text, re.I))


def _emails(text: str) -> Iterator[Span]:
    for match in re.finditer(rules.data("masking")["email"]["pattern"], text):
        yield Span(*match.span(), "email")


def _marked(length: int, spans: Iterable[tuple[int, int]]) -> bytearray:
    """One byte per letter of a text: 1 inside a span."""
    marks = bytearray(length)
    for start, end in spans:
        marks[start:end] = b"\1" * (end - start)
    return marks


def _phones(text: str, safe: bytearray) -> Iterator[Span]:
    ids = _marked(len(text), (m.span() for m in _compiled("safe", "patterns")[0].finditer(text)))
    # After a word for it even what looks like a date is a telephone number; an order id never is.
    for pattern, kept in [
        *((pattern, ids) for pattern in _compiled("phone", "labelled")),
        *((pattern, safe) for pattern in _compiled("phone", "patterns")),
    ]:
        for match in pattern.finditer(text):
            start, end = match.span(pattern.groups)
            if not any(kept[start:end]):
                yield Span(start, end, "phone")


def _known(text: str, known: Known, safe: bytearray) -> Iterator[Span]:
    for kind, said in sorted(known):
        for match in _exactly(said).finditer(text):
            if not any(safe[match.start() : match.end()]):
                yield Span(*match.span(), kind)
        for word in said.split() if kind == "name" else ():
            yield from (Span(*m.span(), "name") for m in _part(word).finditer(text))


@cache
def _exactly(said: str) -> re.Pattern[str]:
    spaced = r"\s+".join(map(re.escape, said.split()))
    return re.compile(rf"(?<![^\W_]){spaced}(?![^\W_])" if said.isascii() else spaced, re.I)


@cache
def _part(word: str) -> re.Pattern[str]:
    """A part of a name, where it is written with a capital and long enough to mean somebody."""
    bare = word.strip(".,'’")
    if len(bare) < 3 or bare.casefold() in never() or not bare[0].isalpha():
        return re.compile(r"(?!)")
    forms = sorted({bare, bare.upper(), bare.capitalize()} - {bare.lower()})
    if not forms:
        return re.compile(r"(?!)")
    return re.compile(r"(?<![^\W_])(?:" + "|".join(map(re.escape, forms)) + r")(?![^\W_])")


@cache
def never() -> frozenset[str]:
    """Words that are nobody's name."""
    return frozenset(rules.data("masking")["name"]["never"])


@cache
def _address_patterns() -> tuple[re.Pattern[str], ...]:
    row = evidence_rules.data("cues")["address"]
    tail = rules.data("masking")["address"]["tail"]
    forms = tuple(re.compile(f"(?:{form}){tail}", re.I) for form in row["forms"])
    labelled = rf"{any_of(row['labels'])}[ \t\"']{{0,4}}[:：=][ \t\"']{{0,4}}\n?([^\n\"|]{{2,200}})"
    return (re.compile(labelled, re.I), *forms)


def _addresses(text: str) -> Iterator[Span]:
    labelled, *forms = _address_patterns()
    yield from (Span(*match.span(1), "address") for match in labelled.finditer(text))
    for line in re.finditer(r"[^\n]+", text):
        for form in forms:
            # Within its line: `\\s` in a form would reach into the next.
            for match in form.finditer(line.group()):
                yield Span(line.start() + match.start(), line.start() + match.end(), "address")
