"""Progress: how far a batch is, how many failed, and how long it will still take, on stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable
from time import monotonic
from types import TracebackType

from odrlib.languages import tr
from odrlib.report.run import ReportResult


class Progress:
    """
    A bar where a person watches; a line for each finished store elsewhere, if asked for.

    `cells` is how many steps the report of one store has; `wanted` None means: a bar, but only
    where a person watches.
    """

    def __init__(self, stores: int, cells: int, wanted: bool | None) -> None:
        from tqdm import tqdm

        watched = sys.stderr.isatty()
        self._began = monotonic()
        self._stores, self._step = stores, 1 / cells
        self._parts = [0.0] * stores
        self._failed = self._finished = 0
        self._lines = bool(wanted) and not watched
        # Without values, the braces are tqdm's.
        form = tr(
            "reports {percentage:3.0f}% |{bar}| {n:.1f} of {total} "
            "[{elapsed}, {remaining} left]{postfix}"
        )
        shown = watched and wanted is not False
        self._bar = tqdm(total=stores, bar_format=form, disable=not shown, smoothing=0)

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.close()

    def ticking(self, number: int) -> Callable[[], None]:
        """What to call after each cell of a store."""

        def tick() -> None:
            self._parts[number] = min(1.0, self._parts[number] + self._step)
            self._show()

        return tick

    def done(self, number: int, result: ReportResult) -> None:
        """A store is finished, one way or the other."""
        self._parts[number] = 1.0
        self._finished += 1
        self._failed += bool(result.error)
        if self._failed:
            self._bar.set_postfix_str(tr("{failed:,} failed", failed=self._failed), refresh=False)
        self._show()
        if self._lines:
            sys.stderr.write(self._line(result) + "\n")
            sys.stderr.flush()

    def _show(self) -> None:
        self._bar.n = sum(self._parts)
        self._bar.refresh()

    def _line(self, result: ReportResult) -> str:
        share = sum(self._parts) / self._stores
        left = (monotonic() - self._began) * (1 - share) / share
        return tr(
            "{finished:,} of {stores:,} stores, {failed:,} failed, about {minutes:,.1f} min left: "
            "{store}",
            finished=self._finished, stores=self._stores, failed=self._failed, minutes=left / 60,
            store=result.id,
        )  # fmt: skip
