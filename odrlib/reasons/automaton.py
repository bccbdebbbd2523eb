"""
The automaton: all cues as one network, walked through a text with a state for each token.

The network has a node for each place between two tokens of a cue. A state is the set of nodes that
the tokens so far can have led to; states are made when a text first needs them and then kept, so
that a text costs one look-up for each token of each cue that begins in it, however many cues there
are. A cue is short, so the time grows with the length of the text and with nothing else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

HOW = ("is", "starts", "ends", "holds", "number")


@dataclass(slots=True, eq=False)
class Network:
    """
    Nodes and the steps between them; node 0 is where every cue begins.

    A step is what one token must be: it "is", "starts", "ends" or "holds" letters, or a "number".
    """

    # node -> the number of a step, the node that it leads to, the next step, its node, and so on;
    # likewise the nodes without any token, with any word that a narrow gap may pass, and with any
    # token at all. Most nodes are in one of them only.
    by_step: defaultdict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    free: dict[int, list[int]] = field(default_factory=dict)
    by_any: dict[int, list[int]] = field(default_factory=dict)
    by_all: dict[int, list[int]] = field(default_factory=dict)
    labels: dict[int, list[Any]] = field(default_factory=dict)
    # how -> letters -> number
    steps: dict[str, dict[str, int]] = field(default_factory=lambda: {how: {} for how in HOW})
    count: int = 0
    last: int = 0

    def node(self) -> int:
        """A new node."""
        self.last += 1
        return self.last

    def join(self, start: int, end: int) -> None:
        """From one node to another without any token."""
        self.free.setdefault(start, []).append(end)

    def step(self, how: str, letters: str = "") -> int:
        """The number of a step, a new one for what no cue had before."""
        known = self.steps[how]
        if letters not in known:
            known[letters] = self.count
            self.count += 1
        return known[letters]

    def link(self, start: int, end: int, steps: Iterable[int]) -> None:
        """From one node to another by a token that takes one of the steps."""
        leading = self.by_step[start]
        for step in steps:
            leading += (step, end)

    def gap(self, start: int, end: int, width: int, wide: bool) -> None:
        """From one node to another by any `width` tokens or fewer."""
        passing = self.by_all if wide else self.by_any
        self.join(start, end)
        for _ in range(width):
            after = self.node()
            passing.setdefault(start, []).append(after)
            self.join(after, end)
            start = after

    def numbers(self, kind: str, form: str) -> tuple[int, ...]:
        """The numbers of the steps that a token of this kind and form can take."""
        found = {self.steps["is"].get(form)}
        if kind == "number":
            found.add(self.steps["number"].get(""))
        elif kind == "word":
            starts, ends = self.steps["starts"], self.steps["ends"]
            for length in range(2, len(form) + 1):
                found |= {starts.get(form[:length]), ends.get(form[-length:])}
            found |= {number for letters, number in self.steps["holds"].items() if letters in form}
        return tuple(sorted(number for number in found if number is not None))

    def closure(self, nodes: Iterable[int]) -> frozenset[int]:
        """The nodes and all that they lead to without any token."""
        found = set(nodes)
        left = list(found)
        while left:
            for node in self.free.get(left.pop(), ()):
                if node not in found:
                    found.add(node)
                    left.append(node)
        return frozenset(found)


@dataclass(slots=True, eq=False)
class State:
    """
    A set of nodes: what is complete in it, and where tokens lead.

    `known` holds what `Automaton.after` has answered: class of token -> state, None for nowhere.
    """

    labels: tuple[Any, ...]
    by_step: Mapping[int, list[int]]
    by_any: set[int]
    by_all: set[int]
    known: dict[int, State | None] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Automaton:
    """A network with the states that texts have needed so far."""

    network: Network
    root: State = field(init=False)
    states: dict[Hashable, State] = field(default_factory=dict)
    # The tokens that lead to the same places are one class: its number, and what it is.
    numbers: dict[tuple[tuple[int, ...], bool], int] = field(default_factory=dict)
    classes: list[tuple[tuple[int, ...], bool]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.root = self._state(self.network.closure([0]), frozenset())
        # No cue begins with a gap.
        self.root.by_any = self.root.by_all = set()

    def class_of(self, kind: str, form: str, passable: bool) -> int:
        """The class of a token; `passable` if a narrow gap may pass it."""
        key = (self.network.numbers(kind, form), passable)
        if key not in self.numbers:
            self.numbers[key] = len(self.classes)
            self.classes.append(key)
        return self.numbers[key]

    def after(self, state: State, token: int) -> State | None:
        """The state after a token of this class; read it from `state.known` where it is there."""
        numbers, passable = self.classes[token]
        led: set[int] = set()
        for number in numbers:
            led.update(state.by_step.get(number, ()))
        told = self.network.closure(led)
        passed = state.by_all | state.by_any if passable else state.by_all
        nodes = told | self.network.closure(passed)
        # What ends in a gap is not complete: only a step of its own completes a cue.
        state.known[token] = self._state(nodes, told) if nodes else None
        return state.known[token]

    def forget(self, most: int) -> None:
        """Give back the memory of the states if they have become more than `most`."""
        if len(self.states) > most:
            self.states.clear()
            self.root.known.clear()

    def _state(self, nodes: frozenset[int], told: frozenset[int]) -> State:
        key = (nodes, told)
        if key not in self.states:
            by_step: defaultdict[int, list[int]] = defaultdict(list)
            by_any: set[int] = set()
            by_all: set[int] = set()
            for node in nodes:
                by_any.update(self.network.by_any.get(node, ()))
                by_all.update(self.network.by_all.get(node, ()))
                steps = iter(self.network.by_step.get(node, ()))
                for number, end in zip(steps, steps, strict=True):
                    by_step[number].append(end)
            labels = [label for node in sorted(told) for label in self.network.labels.get(node, ())]
            self.states[key] = State(tuple(dict.fromkeys(labels)), by_step, by_any, by_all)
        return self.states[key]
