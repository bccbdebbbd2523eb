"""
The small language of cues, and how a cue becomes part of the network.

    late                  this word, without case, accents and common misspellings
    never arrived         these words, one after the other
    crack*  *bruch  *zoll*  words that begin with, end with, or hold these letters
    (poor|bad) quality    one of several; each may be several words
    (the)? wrong item     what may be left out
    #                     a number
    too ..2 long          up to two other words between, but no comma, full stop or denying word
    ordered ~8 received   up to eight of anything between
    {goods}  {goods}?     one of a group of words that the file names under [words]
    没(有)?收到           Chinese and Japanese are read character by character
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache

from odrlib.errors import BadParameter
from odrlib.reasons.automaton import Network

# What a cue is made of, told apart by how it begins; a sign alone may say nothing. A choice of
# letters is one part, because most of what cues hold is that.
_LETTERS = r"[^\s()|{}#.~]+"
_PART = re.compile(
    rf"\({_LETTERS}(?:\|{_LETTERS})+\)\??|\)\?|\{{\w+\}}\??|(?:\.\.|~)\d+|{_LETTERS}|\S"
)
_SIGNS = frozenset("(){}|#.~")
_OVER = ("", "|", ")", ")?")  # what ends a row of parts
# What may be left out; a group may hold such a thing.
_OPTIONAL = re.compile(r"[?|~{]|\.\.")
_DEEPEST = 6

# A run of letters -> for each token in it the forms that it may have.
Forms = Callable[[str], list[list[str]]]


class Cues:
    """
    Takes the cues of a language into the network.

    Parameters
    ----------
    forms : how letters are compared
    groups : name -> alternatives, for {name}
    """

    def __init__(self, network: Network, forms: Forms, groups: Mapping[str, str]) -> None:
        self.network, self.forms, self.groups = network, forms, groups
        # Most cues share their words, and many a group.
        self.parts_of = cache(self._parts_of)
        self.steps_of = cache(self._steps_of)

    def add(self, cue: str, label: object) -> None:
        """
        Take in a cue; `label` is what the network tells where it is complete.

        BadParameter for one that cannot be read, or that nothing at all would match.
        """
        network = self.network
        start, end = network.node(), network.node()
        _Cue(self, cue).read(start, end)
        if (_OPTIONAL.search(cue) or not cue.strip("() ")) and end in network.closure([start]):
            raise BadParameter(f"the cue {cue!r} may be left out as a whole")
        network.join(0, start)
        network.labels.setdefault(end, []).append(label)

    def _parts_of(self, cue: str) -> tuple[str, ...]:
        """A cue or group cut up; an empty part behind the last one."""
        return (*_PART.findall(cue), "")

    def _steps_of(self, letters: str) -> list[list[int]]:
        """For each token in a run of letters and stars the steps that it may be; [] for none."""
        bare = letters.strip("*")
        if bare == letters:
            how = "is"
        elif letters.startswith("*"):
            how = "holds" if letters.endswith("*") else "ends"
        else:
            how = "starts"
        tokens = self.forms(bare)
        if "*" in bare or (how != "is" and len(tokens) > 1):
            return []
        return [[self.network.step(how, form) for form in forms] for forms in tokens]


class _Cue:
    """Reads one cue from left to right, making nodes as it goes."""

    def __init__(self, cues: Cues, cue: str, depth: int = 0) -> None:
        if depth > _DEEPEST:
            raise BadParameter(f"the cue {cue!r} names a group that names itself")
        self.cues, self.network, self.cue, self.depth = cues, cues.network, cue, depth
        self.parts = cues.parts_of(cue)
        self.at = 0

    def read(self, start: int, end: int) -> None:
        """The whole cue, from one node to another."""
        self._alternatives(start, end)
        if self.parts[self.at]:
            raise BadParameter(f"the cue {self.cue!r} cannot be read at {self.parts[self.at]!r}")

    def _alternatives(self, start: int, end: int) -> None:
        self._sequence(start, end)
        while self.parts[self.at] == "|":
            self.at += 1
            self._sequence(start, end)

    def _sequence(self, start: int, end: int) -> None:
        at = start
        part = self.parts[self.at]
        while part not in _OVER:
            self.at += 1
            # Most alternatives are one word, which needs no node between it and the end.
            last = part != "(" and self.parts[self.at] in _OVER
            after = end if last else self.network.node()
            if part[0] in _SIGNS:
                self._sign(part, at, after)
            else:
                self._letters(part, at, after)
            at, part = after, self.parts[self.at]
        if at != end:
            self.network.join(at, end)

    def _letters(self, letters: str, start: int, end: int) -> None:
        steps = self.cues.steps_of(letters)
        if not steps:
            raise BadParameter(f"the cue {self.cue!r} holds no word in {letters!r}")
        for token in steps[:-1]:
            after = self.network.node()
            self.network.link(start, after, token)
            start = after
        self.network.link(start, end, steps[-1])

    def _sign(self, part: str, start: int, end: int) -> None:
        sign, more = part[0], len(part) > 1
        if sign == "(" and more:
            self._choice(part, start, end)
        elif sign == "(":
            self._bracket(start, end)
        elif sign == "{" and more:
            self._group(part, start, end)
        elif sign in ".~" and more:
            self.network.gap(start, end, int(part.lstrip(".~")), wide=sign == "~")
        elif sign == "#":
            self.network.link(start, end, [self.network.step("number")])
        else:
            raise BadParameter(f"the cue {self.cue!r} cannot be read at {part!r}")

    def _choice(self, part: str, start: int, end: int) -> None:
        letters, _, optional = part[1:].rpartition(")")
        for one in letters.split("|"):
            self._letters(one, start, end)
        if optional:
            self.network.join(start, end)

    def _bracket(self, start: int, end: int) -> None:
        self._alternatives(start, end)
        closed = self.parts[self.at]
        if not closed:
            raise BadParameter(f"the cue {self.cue!r} has an open bracket")
        if closed == ")?":
            self.network.join(start, end)
        self.at += 1

    def _group(self, name: str, start: int, end: int) -> None:
        bare = name.strip("{}?")
        if bare not in self.cues.groups:
            raise BadParameter(f"the cue {self.cue!r} names the unknown group {bare}")
        _Cue(self.cues, self.cues.groups[bare], self.depth + 1).read(start, end)
        if name.endswith("?"):
            self.network.join(start, end)
