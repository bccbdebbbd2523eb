"""Controls: the widgets of the panel, each with a visible text and a CSS class of its own."""

from __future__ import annotations

from typing import Any

import ipywidgets as widgets

from odrlib import naming
from odrlib.explorer import charts, views
from odrlib.explorer.keys import Keys
from odrlib.explorer.session import Session
from odrlib.languages import mark, tr
from odrlib.policy import PROFILES

CRUMBS = 12
WINDOWS = {
    "rule": mark("the rule's own window"),
    "before": mark("the window before it"),
    "newest": mark("the newest 30 days"),
    "all": mark("all days"),
    "": mark("days of your choice"),
}
# What an analyst asks first, if the files tell it.
FIRST = ("carrier", "sku", "tracked", "ship_service")
_LABEL = {"description_width": "initial"}


class Controls:
    """All widgets, by name; `root` holds them in their places."""

    def __init__(self, session: Session) -> None:
        now = session.selection
        # What brings a script is told first: the front end gives it two seconds to load, and
        # these widgets are the heaviest thing it has to do meanwhile.
        self.keys = Keys()
        trend = session.trend()
        drawn = charts.trend_chart(trend, now, session.facts.profile)
        self.trend = charts.live(drawn, "trend", brings=True)
        options = attribute_options(session)
        attribute = next((name for name in FIRST if name in session.attributes),
                         options[0][1] if options else None)  # fmt: skip
        self.attribute = _dropdown("attribute", tr("Bars by"), options, attribute)
        bars = session.bars(attribute) if attribute else []
        self.bars = charts.live(charts.bars_chart(bars, None), "bars")
        profiles = [(tr(profile.title), name) for name, profile in PROFILES.items()]
        channels = [(tr(label), name) for name, label in naming.CHANNELS.items()]
        windows = [(tr(label), name) for name, label in WINDOWS.items()]
        self.profile = _dropdown("profile", tr("Rule"), profiles, now.profile)
        self.window = _dropdown("window", tr("Days"), windows, "rule")
        self.first = _date("first", tr("From"), now.first)
        self.last = _date("last", tr("To"), now.last)
        self.channel = _dropdown("channel", tr("Channel"), channels, now.channel)
        self.kind = _dropdown("kind", tr("Defect"), kind_options(session), now.kind)
        self.undo = _button("undo", tr("Undo"), "undo")
        self.redo = _button("redo", tr("Redo"), "repeat")
        self.reset = _button("reset", tr("Reset"), "times")
        self.everything = _html("everything", views.say(tr("No filter: all orders.")))
        self.crumbs = [_button("crumb", "–") for _ in range(CRUMBS)]
        self.said = _html("said")
        self.standing = _html("standing")
        self.what_if = _html("what-if")
        self.find = _named("find", widgets.Text(
            description=tr("Find a value"), continuous_update=False, style=_LABEL))  # fmt: skip
        self.values = _list("values", tr("Values"))
        self.listed = _html("listed")
        self.filter = _button("filter", tr("Filter by this value"), "filter")
        self.causes_state = _html("causes-state")
        self.causes = _list("causes", tr("Causes"))
        self.cause_filter = _button("cause-filter", tr("Filter by this cause"), "filter")
        self.orders = _html("orders")
        self.order = _list("order", tr("Order"))
        self.evidence = _button("evidence", tr("Show the evidence"), "folder-open")
        self.timeline = _html("timeline")
        self.name = _named("note-name", widgets.Text(
            description=tr("Name"), style=_LABEL, placeholder=tr("what it is called")))  # fmt: skip
        self.text = _named("note-text", widgets.Textarea(
            description=tr("What you think"), style=_LABEL, rows=2))  # fmt: skip
        self.save = _button("note-save", tr("Save the finding"), "save")
        self.saved = _html("note-said")
        self.code = _button("code", tr("Show the code"), "code")
        self.lines = _html("code-lines")
        self.root = self._arranged()

    def _arranged(self) -> widgets.Widget:
        title = {
            name: _html(f"title-{name}", f"<h4>{text}</h4>")
            for name, text in {
                "trend": tr("When? Drag over the days to choose them."),
                "bars": tr("Where? Click a bar to filter by it."),
                "causes": tr("Why? The ranked causes of this selection"),
                "orders": tr("Which orders?"),
                "note": tr("Keep it"),
            }.items()
        }
        for text in (self.name, self.text):
            text.layout.width = "min(100%, 560px)"
        return _box(
            "explore",
            self.keys,
            _html("style", views.html("style")),
            _row(self.profile, self.window, self.first, self.last, self.channel, self.kind),
            _row(self.undo, self.redo, self.reset, self.everything, *self.crumbs),
            self.said,
            _row(_half(self.standing), _half(self.what_if)),
            _row(_half(title["trend"], self.trend)),
            _row(
                _half(title["bars"], self.attribute, self.bars),
                _half(self.find, self.values, self.listed, self.filter),
            ),
            _box("box", title["causes"], self.causes_state, self.causes, self.cause_filter),
            _row(
                _half(title["orders"], self.orders, self.evidence),
                _half(self.order, self.timeline),
            ),
            _box("box", title["note"], self.name, self.text, _row(self.save, self.code),
                 self.saved, self.lines),
        )  # fmt: skip


def kind_options(session: Session) -> list[tuple[str, str]]:
    """The kinds of defect that a file tells."""
    return [(views.kind_name(kind), kind) for kind in session.kinds()]


def attribute_options(session: Session) -> list[tuple[str, str]]:
    """The attributes that bars can be drawn by."""
    return [(naming.attribute(name), name) for name in session.attributes]


def crumb_label(column: str, value: str | None) -> str:
    """A condition of the breadcrumb."""
    if column == "days":
        return tr("days {days}", days=value)
    return views.kind_name(str(value)) if column == "kind" else naming.condition(column, value)


# -- making -------------------------------------------------------------------------------------


def _named(name: str, widget: Any) -> Any:
    widget.add_class(f"odr-{name}")
    return widget


def _dropdown(name: str, label: str, options: list[tuple[str, str]], value: str | None) -> Any:
    made = widgets.Dropdown(description=label, options=options, value=value, style=_LABEL)
    made.layout.width = "auto"
    return _named(name, made)


def _date(name: str, label: str, value: Any) -> Any:
    made = widgets.DatePicker(description=label, value=value, style=_LABEL)
    made.layout.width = "auto"
    return _named(name, made)


def _button(name: str, text: str, icon: str = "") -> Any:
    made = widgets.Button(description=text, icon=icon)
    made.layout.align_self = "flex-start"
    return _named(name, made)


def _list(name: str, label: str) -> Any:
    made = widgets.Select(description=label, options=[], rows=8, style=_LABEL)
    made.layout.width = "auto"
    return _named(name, made)


def _html(name: str, text: str = "") -> Any:
    return _named(name, widgets.HTML(text))


def _row(*parts: Any) -> Any:
    return _named("row", widgets.HBox(parts))


def _half(*parts: Any) -> Any:
    return _named("half", widgets.VBox(parts))


def _box(name: str, *parts: Any) -> Any:
    return _named(name, widgets.VBox(parts))
