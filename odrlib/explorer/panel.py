"""
The panel: widgets around a session. Every action is a control with a text and a CSS class.

A click changes the session, and `refresh` shows it anew in one go; values that are set by us are
not taken for clicks. What takes its time (the full search, the evidence) is computed in a thread
and shown from the loop that asked for it; an answer that is no longer asked for is dropped.

JupyterLab hands the messages of widgets now to the kernel's main thread, now to one of its
subshells. So whatever comes in, a click or an answer, is served alone, under one lock: two at a
time would each restore the other's notion of who set a value, and the panel would go deaf.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from functools import partial, wraps
from threading import RLock
from typing import Any

import ipywidgets as widgets

from odrlib import naming
from odrlib.causes import CauseList
from odrlib.errors import OdrError
from odrlib.explorer import charts, controls, views
from odrlib.explorer.notes import save_finding
from odrlib.explorer.session import RANKED, Session
from odrlib.figures import values
from odrlib.languages import tr
from odrlib.selections import Bar

SOON = 0.15  # seconds without a click before lists and tables follow the picture
PAUSE = 0.25  # seconds more before the full search begins
VALUES = 200  # values that the list holds; the search box finds the others
CRUMBS = 12


class Panel:
    """The live views of a session; `root` is the widget to show."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._lock = RLock()
        self._quiet = False
        self._asked = 0
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="odr-explore")
        self._evidence: dict[str, dict[str, str]] = {}
        self._bars: list[Bar] = []
        self._listed: list[Bar] = []
        self._suspects: list[dict[str, Any]] = []
        self._conditions: list[str] = []
        self.ui = controls.Controls(session)
        self.root = self.ui.root
        self._listen()
        self.refresh()

    def shown(self) -> dict[str, Any]:
        """What a cell sends to the front end to show the panel, as it stands now."""
        bundle: dict[str, Any] = self.root._repr_mimebundle_()
        return bundle

    # -- listening ----------------------------------------------------------------------------

    def _listen(self) -> None:
        ui, session = self.ui, self.session
        for name in ("profile", "channel", "kind"):
            self._on_value(getattr(ui, name), partial(self._choose, name))
        self._on_value(ui.first, lambda day: self._days(day, session.selection.last))
        self._on_value(ui.last, lambda day: self._days(session.selection.first, day))
        self._on_value(ui.window, self._window)
        ui.attribute.observe(self._looking_on(self.refresh_bars), "value")
        ui.find.observe(self._looking_on(self._list_values), "value")
        ui.order.observe(self._looking_on(self._show_order), "value")
        ui.causes.observe(self._looking_on(lambda: None), "value")
        self._on_click(ui.filter, self._filter)
        self._on_click(ui.cause_filter, self._filter_cause)
        self._on_click(ui.undo, lambda: self._go(session.history.undone()))
        self._on_click(ui.redo, lambda: self._go(session.history.redone()))
        self._on_click(ui.reset, lambda: self._go(session.history.reset()))
        for place, crumb in enumerate(ui.crumbs):
            self._on_click(crumb, partial(self._drop, place))
        ui.evidence.on_click(self._alone(lambda _: self._fetch_evidence()))
        ui.save.on_click(self._alone(lambda _: self._save()))
        ui.code.on_click(self._alone(lambda _: self._show_code()))
        ui.trend.data[2].on_selection(self._alone(lambda _, __, box: self._brushed(box)))
        for trace in ui.bars.data:
            trace.on_click(self._alone(lambda _, points, __: self._clicked(points.point_inds)))

    def _choose(self, name: str, value: Any) -> None:
        self.session.choose(**{name: value})

    def _drop(self, place: int) -> None:
        self.session.drop(self._conditions[place])

    def _alone(self, serve: Callable[..., None]) -> Callable[..., None]:
        """Serve one message, timer or answer at a time, whichever thread brings it."""

        @wraps(serve)
        def alone(*what: Any) -> None:
            with self._lock:
                serve(*what)

        return alone

    def _on_value(self, widget: widgets.Widget, act: Callable[[Any], None]) -> None:
        def changed(change: dict[str, Any]) -> None:
            if not self._quiet and change["new"] is not None:
                self._act(lambda: act(change["new"]))

        widget.observe(self._alone(changed), "value")

    def _on_click(self, button: widgets.Button, act: Callable[[], None]) -> None:
        button.on_click(self._alone(lambda _: self._act(act)))

    def _looking_on(self, look: Callable[[], None]) -> Callable[[Any], None]:
        """A change that selects nothing, only shows something else of the same."""

        def changed(_: Any) -> None:
            if not self._quiet:
                with self._guarded():
                    look()

        return self._alone(changed)

    def _act(self, act: Callable[[], None]) -> None:
        with self._guarded():
            act()
        self.refresh()

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        """What cannot be done is said in its place, not in a log."""
        self.ui.said.value = ""
        try:
            yield
        except OdrError as error:
            self.ui.said.value = views.say(str(error))

    # -- acting -------------------------------------------------------------------------------

    def _go(self, history: Any) -> None:
        self.session.history = history

    def _days(self, first: date, last: date) -> None:
        low, high = self.session.span
        first, last = (min(max(day, low), high) for day in (first, last))
        self.session.choose(first=min(first, last), last=last)

    def _window(self, name: str) -> None:
        if name in self.session.windows():
            self._days(*self.session.windows()[name])

    def _brushed(self, box: Any) -> None:
        if box is None or box.xrange is None:
            return
        ends = sorted(str(end)[:10] for end in box.xrange)
        self._act(lambda: self._days(*map(date.fromisoformat, ends)))

    def _clicked(self, places: list[int]) -> None:
        if places:
            bar = self._bars[places[0]]
            self._act(lambda: self.session.toggle(bar.column, bar.value))

    def _filter(self) -> None:
        place = self.ui.values.index
        if place is not None and place < len(self._listed):
            bar = self._listed[place]
            self.session.toggle(bar.column, bar.value)

    def _filter_cause(self) -> None:
        place = self.ui.causes.index
        if place is not None and place < len(self._suspects):
            self.session.narrow(self._suspects[place])

    def _save(self) -> None:
        ui, rate = self.ui, self.session.rate()
        try:
            id = save_finding(
                self.session.store.folder,
                self.session.selection,
                (rate.orders, rate.defective),
                ui.name.value,
                ui.text.value,
            )
        except OdrError as error:
            ui.saved.value = views.say(tr("Not saved: {why}.", why=str(error).rstrip(".")))
            return
        ui.saved.value = views.say(
            tr("Saved as {id} in {file}. It appears in the next report.", id=id,
               file="ledger/findings.csv")
        )  # fmt: skip
        ui.name.value = ui.text.value = ""

    def _show_code(self) -> None:
        self.ui.lines.value = views.html("code", title=tr("code"), code=self.session.code())

    # -- showing ------------------------------------------------------------------------------

    @contextmanager
    def _setting(self) -> Iterator[None]:
        with self._lock:
            before, self._quiet = self._quiet, True
            try:
                yield
            finally:
                self._quiet = before

    def refresh(self) -> None:
        """
        Show everything of the selection; begin what takes its time.

        The rate, what if, the trend and the bars go out first. The lists and the table follow when
        the browser has had time to paint those; while clicks follow each other they wait.
        """
        session, ui = self.session, self.ui
        with self._setting():
            ui.standing.value = views.standing(session)
            self._show_trend()
            self._draw_bars()
            ui.what_if.value = views.what_if(session)
            self._show_choice()
        self._asked += 1
        loop = _loop()
        if loop is None:
            self._show_rest(self._asked)
        else:
            loop.call_later(SOON, self._alone(self._show_rest), self._asked)

    def _show_rest(self, asked: int) -> None:
        """What is read after the picture: values, orders, suspects, code."""
        if asked != self._asked:
            return
        with self._setting():
            self._list_values()
            self._show_orders()
            self._show_suspects()
            if self.ui.lines.value:
                self._show_code()
        self._search_soon()

    def _show_trend(self) -> None:
        session, ui = self.session, self.ui
        trend = session.trend()
        rate, defective = charts.trend_data(trend)
        with ui.trend.batch_update():
            if len(ui.trend.data[0].x) != len(trend.days):
                days = values.days(trend.days)
                ui.trend.data[0].x = ui.trend.data[1].x = days
                ui.trend.data[2].update(charts.brush(days))
                ui.trend.layout.xaxis.range = charts.ends(days)
            ui.trend.data[0].y = rate
            ui.trend.data[1].y = defective
            ui.trend.layout.selections = ()
            ui.trend.layout.shapes = charts.trend_shapes(session.selection, session.facts.profile)[
                "shapes"
            ]

    def _show_choice(self) -> None:
        session, ui, now = self.session, self.ui, self.session.selection
        kinds = controls.kind_options(session)
        if tuple(ui.kind.options) != tuple(kinds):
            ui.kind.options = kinds
        for name in ("profile", "channel", "kind", "first", "last"):
            getattr(ui, name).value = getattr(now, name)
        ui.window.value = next(
            (name for name, days in session.windows().items() if days == (now.first, now.last)), ""
        )
        if list(ui.attribute.options) != controls.attribute_options(session):
            kept = ui.attribute.value
            ui.attribute.options = controls.attribute_options(session)
            if kept in session.attributes:
                ui.attribute.value = kept
        ui.undo.disabled = not session.history.past
        ui.redo.disabled = not session.history.future
        ui.reset.disabled = now == session.history.start
        conditions = session.conditions
        self._conditions = list(conditions)[:CRUMBS]
        for place, crumb in enumerate(ui.crumbs):
            shown = place < len(self._conditions)
            crumb.layout.display = None if shown else "none"
            if shown:
                column = self._conditions[place]
                crumb.description = f"{controls.crumb_label(column, conditions[column])} ✕"
                crumb.tooltip = tr("take this filter off")
        ui.everything.layout.display = "none" if self._conditions else None

    def refresh_bars(self) -> None:
        """Show the bars of the attribute that is chosen, and its values as a list."""
        self._draw_bars()
        self._list_values()

    def _draw_bars(self) -> None:
        session, ui = self.session, self.ui
        column = ui.attribute.value
        if column is None:
            return
        self._bars = session.bars(column)
        chosen = self._chosen(column)
        with self._setting(), ui.bars.batch_update():
            for trace, data in zip(ui.bars.data, charts.bars_data(self._bars, chosen), strict=True):
                trace.update(data, overwrite=True)
            ui.bars.update_layout(charts.bars_layout(self._bars, chosen))

    def _chosen(self, column: str) -> Bar | None:
        where = self.session.selection.slice
        if column not in where:
            return None
        return next((bar for bar in self._bars if bar.value == where[column]), None)

    def _list_values(self) -> None:
        ui, sought = self.ui, self.ui.find.value.strip().casefold()
        fit = [
            bar for bar in self._bars
            if sought in naming.level(bar.column, bar.value).casefold()
        ]  # fmt: skip
        self._listed = fit[:VALUES]
        chosen = self._chosen(ui.attribute.value)
        with self._setting():
            ui.values.options = [
                (("✓ " if bar == chosen else "") + charts.bar_line(bar), place)
                for place, bar in enumerate(self._listed)
            ]
            ui.values.index = 0 if self._listed else None
            ui.listed.value = views.say(
                tr("{shown:,} of {all:,} values", shown=len(self._listed), all=len(self._bars))
            )

    def _show_orders(self) -> None:
        ui, session = self.ui, self.session
        found = session.orders()
        total = len(session.cube.bad_rows(session.selection)[0])
        ui.orders.value = views.orders(session, found, total, self._evidence)
        lines = [(views.order_line(row), row["order_id"]) for row in found.to_dict("records")]
        kept = ui.order.value
        ui.order.options = [(tr("choose an order to see what happened"), ""), *lines]
        ids = [order_id for _, order_id in lines]
        ui.order.value = kept if kept in ids else ""
        if ui.order.value == "":
            ui.timeline.value = ""

    def _show_order(self) -> None:
        order_id = self.ui.order.value
        self.ui.timeline.value = (
            views.timeline(self.session, order_id, self._evidence) if order_id else ""
        )

    def _show_suspects(self) -> None:
        quick = self.session.quick()
        self._suspects = [{bar.column: bar.value} for bar in quick]
        self.ui.causes.options = [
            (f"{rank}. {charts.suspect_line(bar)}", rank) for rank, bar in enumerate(quick, start=1)
        ]
        self.ui.causes.index = 0 if quick else None
        self.ui.causes_state.value = views.causes_state(None)

    # -- what takes its time ------------------------------------------------------------------

    def _search_soon(self) -> None:
        """The full search of the selection, once nobody has clicked for a moment."""
        loop = _loop()
        if loop is None:
            return
        asked, selection = self._asked, self.session.selection

        def begin() -> None:
            if asked == self._asked:
                self._later(loop, lambda: self.session.causes(selection),
                            lambda found: self._show_causes(asked, found))  # fmt: skip

        loop.call_later(PAUSE, self._alone(begin))

    def _later(
        self, loop: asyncio.AbstractEventLoop, work: Callable[[], Any], show: Callable[[Any], None]
    ) -> None:
        """Work in the thread; show its answer, or why there is none, in the loop."""

        def done() -> None:
            try:
                show(job.result())
            except Exception as error:
                self.ui.said.value = views.say(f"{type(error).__name__}: {error}")

        job = self._thread.submit(work)
        job.add_done_callback(lambda _: loop.call_soon_threadsafe(self._alone(done)))

    def search(self) -> None:
        """The full search at once, for who can wait."""
        self._show_causes(self._asked, self.session.causes(self.session.selection))

    def _show_causes(self, asked: int, found: CauseList) -> None:
        if asked != self._asked:
            return
        kept = found[:RANKED]
        self._suspects = [cause.where for cause in kept]
        with self._setting():
            self.ui.causes.options = [
                (views.cause_line(rank, cause), rank) for rank, cause in enumerate(kept, start=1)
            ]
            self.ui.causes.index = 0 if kept else None
            self.ui.causes_state.value = views.causes_state(found)

    def _fetch_evidence(self) -> None:
        self.ui.said.value = views.say(tr("The evidence is being read …"))
        loop = _loop()
        if loop is None:
            self._show_evidence(self.session.evidence())
        else:
            self._later(loop, self.session.evidence, self._show_evidence)

    def _show_evidence(self, found: dict[str, dict[str, str]]) -> None:
        self._evidence = found
        self.ui.said.value = ""
        with self._setting():
            self._show_orders()
        self._show_order()


def _loop() -> asyncio.AbstractEventLoop | None:
    """The kernel's loop, where there is one."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
