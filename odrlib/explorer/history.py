"""History: the selections one has looked at, and the way back and forth between them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from odrlib.selections import Selection


@dataclass(frozen=True)
class History:
    """
    What is selected now, what was before, and what undo has taken back.

    Parameters
    ----------
    start : what reset goes back to
    """

    start: Selection
    now: Selection
    past: tuple[Selection, ...] = ()
    future: tuple[Selection, ...] = ()

    @classmethod
    def beginning(cls, start: Selection) -> History:
        """Nothing has been done yet."""
        return cls(start, start)

    def then(self, selection: Selection) -> History:
        """After choosing a selection; what was undone is gone. The same again is no step."""
        if selection == self.now:
            return self
        return replace(self, now=selection, past=(*self.past, self.now), future=())

    def undone(self) -> History:
        """One step back, if there is one."""
        if not self.past:
            return self
        *past, now = self.past
        return replace(self, now=now, past=tuple(past), future=(self.now, *self.future))

    def redone(self) -> History:
        """One step forth, if one was undone."""
        if not self.future:
            return self
        now, *future = self.future
        return replace(self, now=now, past=(*self.past, self.now), future=tuple(future))

    def reset(self) -> History:
        """Back to the beginning, as a step that can be undone."""
        return self.then(self.start)
