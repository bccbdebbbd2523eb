"""
Denial: which cues are only named to be denied, supposed or asked about.

"Not late", "no damage or missing parts", "would have been late", "was it damaged?" state nothing. A
word that denies reaches a few tokens on, not past a stop, a "but" or another cue ("not good,
broken"); in a list with "or" it reaches all. Twice denied is said again, except in languages where
two denials are one.
"""

from __future__ import annotations

from odrlib.reasons.hits import Cut, Hit
from odrlib.reasons.lexicon import Language, Lexicon
from odrlib.reasons.themes import THEMES

# How many tokens a word such as "would have" reaches.
SUPPOSED_REACH = 5


def stated(cut: Cut, book: Lexicon) -> tuple[list[Hit], list[Hit], list[Hit]]:
    """The cues of themes that the text states, those that it only names, and what it praises."""
    marks = _Marks(cut, book)
    said: list[Hit] = []
    named: list[Hit] = []
    praised: list[Hit] = []
    for run in marks.lists([hit for hit in cut.hits if hit.label.use in ("theme", "praise")]):
        first = marks.denied(run[0], book.languages[run[0].label.language])
        for hit in run:
            denied = first or marks.denied(hit, book.languages[hit.label.language])
            if hit.label.use == "theme":
                (named if denied or marks.asked(hit) else said).append(hit)
            elif not denied:
                praised.append(hit)
    return said, named, praised


class _Marks:
    """Where in a text the words of grammar stand."""

    def __init__(self, cut: Cut, book: Lexicon) -> None:
        self.words = cut.words
        # The end of a word that denies -> its start.
        self.denies: dict[int, int] = {}
        # The end of what denies after a cue, by its start.
        self.denied_after: dict[int, int] = {}
        self.supposed: set[int] = set()
        self.joins: set[int] = set()
        self.clause = [word.kind in ("comma", "stop") for word in cut.words]
        self.taken = [False] * len(cut.words)
        for hit in cut.hits:
            self._mark(hit)
        self._ask(cut, book)

    def _mark(self, hit: Hit) -> None:
        use = hit.label.use
        if use == "denies":
            self.denies[hit.end] = min(hit.start, self.denies.get(hit.end, hit.start))
        elif use == "denied_after":
            self.denied_after[hit.start] = max(hit.end, self.denied_after.get(hit.start, 0))
        elif use == "supposed":
            self.supposed.add(hit.end)
        elif use == "list":
            self.joins.update(range(hit.start, hit.end))
        elif use == "clause":
            self.clause[hit.start : hit.end] = [True] * (hit.end - hit.start)
        elif use in ("theme", "praise", "no_denial"):
            self.taken[hit.start : hit.end] = [True] * (hit.end - hit.start)

    def _ask(self, cut: Cut, book: Lexicon) -> None:
        """Number the sentences and note those that are questions and state nothing."""
        self.sentence: list[int] = []
        # The number of a question -> where in it the asking begins.
        self.questions: dict[int, int] = {}
        asks = [hit for hit in cut.hits if hit.label.use in ("asks", "asks_why")]
        if not asks:
            return
        first, last = [0], []
        for at, word in enumerate(cut.words):
            self.sentence.append(len(first) - 1)
            if word.kind == "stop":
                last.append(at)
                first.append(at + 1)
        last.append(len(cut.words))
        why = {self.sentence[hit.start] for hit in asks if hit.label.use == "asks_why"}
        for hit in asks:
            number = self.sentence[hit.start]
            begin, end = first[number], last[number]
            if book.languages[hit.label.language].asks_at == "end":
                shown = hit.end == end
                # "It is cracked, can I exchange it" asks with its last clause only. Looked for at
                # the end alone: "不" before each of 10,000 words may be the end of a question.
                clauses = range(end - 1, begin, -1) if shown else ()
                begin = next((at for at in clauses if self.clause[at]), begin)
            else:
                marked = end < len(cut.words) and cut.words[end].form == "?"
                shown = marked and hit.start == begin
            if shown and hit.label.use == "asks" and number not in why:
                self.questions[number] = begin

    def lists(self, hits: list[Hit]) -> list[list[Hit]]:
        """The cues in runs that an "or" joins ("dents, scratches or damage"); others alone."""
        runs: list[list[Hit]] = []
        linked: list[Hit] = []
        joined = False
        for hit in hits:
            link = self._link(linked[-1], hit) if linked else ""
            if link:
                joined |= link == "or"
                linked.append(hit)
                continue
            runs += [linked] if joined else [[one] for one in linked]
            linked, joined = [hit], False
        return runs + ([linked] if joined else [[one] for one in linked])

    def _link(self, before: Hit, after: Hit) -> str:
        """What alone lies between two cues: "or", "comma", or something else (empty)."""
        if not before.end < after.start <= before.end + 3:
            return ""
        between = range(before.end, after.start)
        if all(at in self.joins or self.words[at].kind == "comma" for at in between):
            return "or" if any(at in self.joins for at in between) else "comma"
        return ""

    def denied(self, hit: Hit, language: Language) -> bool:
        """Is this cue denied or supposed by the words around it?"""
        if self._supposed(hit.start):
            return True
        count = self._denials(hit.start, language.reach) + self._after(hit, language)
        return count > 0 if language.concord else count % 2 == 1

    def _denials(self, start: int, reach: int) -> int:
        """How many words deny what begins at `start`."""
        count, at = 0, start
        left = start - max(reach, 1)
        while at > max(left, 0):
            if at in self.denies:
                count += 1
                # Several may stand side by side ("not not late").
                at = self.denies[at]
                left = min(left, at - max(reach, 1))
            elif self.clause[at - 1] or self.taken[at - 1] or not reach:
                break
            else:
                at -= 1
        return count

    def _after(self, hit: Hit, language: Language) -> bool:
        """Is it denied by what follows, which may begin with the particle that ends the cue?"""
        for at in range(hit.end, hit.start, -1):
            if self.denied_after.get(at, 0) > hit.end:
                return True
            if self.words[at - 1].form not in language.joints:
                return False
        return False

    def _supposed(self, start: int) -> bool:
        for at in range(start, max(start - SUPPOSED_REACH, 0), -1):
            if at in self.supposed:
                return True
            if self.clause[at - 1]:
                return False
        return False

    def asked(self, hit: Hit) -> bool:
        """Does the cue stand in a question that states nothing?"""
        if not self.questions or THEMES[hit.label.theme].asking:
            return False
        begin = self.questions.get(self.sentence[hit.start])
        return begin is not None and hit.end > begin
