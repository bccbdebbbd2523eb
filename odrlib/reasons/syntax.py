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

from odrlib.errors import BadParameter
from odrlib.reasons.automaton import Network

_PART = re.compile(r"(\()|(\)\??)|(\|)|(\{\w+\}\??)|(\.\.|~)(\d+)|(#)|([^\s()|{}#.~]+)|(\S)")
# What may be left out; a group may hold such a thing.
_OPTIONAL = re.compile(r"[?|~{]|\.\.")
_DEEPEST = 6

# A run of letters -> for each token in it the forms that it may have.
Forms = Callable[[str], list[list[str]]]


def add_cue(
    network: Network, cue: str, label: object, forms: Forms, groups: Mapping[str, str]
) -> None:
    """
    Take a cue into the network.

    Parameters
    ----------
    cue : in the small language of this page
    label : what the network tells where the cue is complete
    forms : how letters are compared
    groups : name -> alternatives, for {name}

    Raises
    ------
    BadParameter for a cue that cannot be read, or that nothing at all would match
    """
    start, end = network.node(), network.node()
    _Cue(network, cue, forms, groups, 0).read(start, end)
    if (_OPTIONAL.search(cue) or not cue.strip("() ")) and end in network.closure([start]):
        raise BadParameter(f"the cue {cue!r} may be left out as a whole")
    network.join(0, start)
    network.labels.setdefault(end, []).append(label)


class _Cue:
    """Reads one cue from left to right, making nodes as it goes."""

    def __init__(
        self, network: Network, cue: str, forms: Forms, groups: Mapping[str, str], depth: int
    ) -> None:
        if depth > _DEEPEST:
            raise BadParameter(f"the cue {cue!r} names a group that names itself")
        self.network, self.cue, self.forms, self.groups = network, cue, forms, groups
        self.depth = depth
        self.parts = [match.groups() for match in _PART.finditer(cue)]
        self.at = 0

    def read(self, start: int, end: int) -> None:
        """The whole cue, from one node to another."""
        self._alternatives(start, end)
        if self.at < len(self.parts):
            raise BadParameter(f"the cue {self.cue!r} cannot be read at {self.parts[self.at]}")

    def _alternatives(self, start: int, end: int) -> None:
        self._sequence(start, end)
        while self.at < len(self.parts) and self.parts[self.at][2]:
            self.at += 1
            self._sequence(start, end)

    def _sequence(self, start: int, end: int) -> None:
        at = start
        while self.at < len(self.parts):
            opened, closed, other, group, gap, width, number, letters, odd = self.parts[self.at]
            if closed or other:
                break
            self.at += 1
            after = self.network.node()
            if opened:
                self._bracket(at, after)
            elif group:
                self._group(group, at, after)
            elif gap:
                self.network.gap(at, after, int(width), wide=gap == "~")
            elif number:
                self.network.link(at, after, "number")
            elif letters:
                self._letters(letters, at, after)
            else:
                raise BadParameter(f"the cue {self.cue!r} cannot be read at {odd!r}")
            at = after
        self.network.join(at, end)

    def _bracket(self, start: int, end: int) -> None:
        self._alternatives(start, end)
        closed = self.parts[self.at][1] if self.at < len(self.parts) else ""
        if not closed:
            raise BadParameter(f"the cue {self.cue!r} has an open bracket")
        if closed.endswith("?"):
            self.network.join(start, end)
        self.at += 1

    def _group(self, name: str, start: int, end: int) -> None:
        bare = name.strip("{}?")
        if bare not in self.groups:
            raise BadParameter(f"the cue {self.cue!r} names the unknown group {bare}")
        inside = _Cue(self.network, self.groups[bare], self.forms, self.groups, self.depth + 1)
        inside.read(start, end)
        if name.endswith("?"):
            self.network.join(start, end)

    def _letters(self, letters: str, start: int, end: int) -> None:
        bare = letters.strip("*")
        if bare == letters:
            how = "is"
        elif letters.startswith("*"):
            how = "holds" if letters.endswith("*") else "ends"
        else:
            how = "starts"
        tokens = self.forms(bare)
        if not tokens or "*" in bare or (how != "is" and len(tokens) > 1):
            raise BadParameter(f"the cue {self.cue!r} holds no word in {letters!r}")
        for place, spelt in enumerate(tokens):
            after = end if place == len(tokens) - 1 else self.network.node()
            for form in spelt:
                self.network.link(start, after, how, form)
            start = after
