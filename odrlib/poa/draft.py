"""
The worksheet of a Plan of Action: what the facts say per cause, and blanks for what they do not.

It is not prose to send. Every sentence stands in the site's language with the analyst's Chinese
beside it and the keys of the facts it cites; a measure that is planned is never worded as done.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from odrlib.categories import UNEXPLAINED, categories
from odrlib.columns import listed
from odrlib.facts import Facts
from odrlib.finding import Finding
from odrlib.harmless import seen
from odrlib.headline import PLURAL
from odrlib.languages import speaking, tr, trn
from odrlib.poa.appendix import evidence_grid, order_grid, refund_days, refunds
from odrlib.poa.blocks import Block, Grid, Line
from odrlib.poa.groups import Group, cause_groups
from odrlib.poa.language import ANALYST, Listing, Plan, Share, Term, catalogue, language
from odrlib.poa.measures import Measure, measures_of
from odrlib.poa.replay import replay
from odrlib.poa.why import why_chain
from odrlib.policy import KINDS, MARKETPLACES, PROFILES

# Carriers and SKUs that a cause names in its body; all others stand in the appendix.
NAMED = 5


@dataclass(frozen=True)
class Draft:
    """
    A worksheet: its store, its language, and its blocks in order.

    `blanks` counts the places that the analyst must fill before anything can be sent.
    """

    store: str
    language: str
    as_of: date
    blocks: tuple[Block, ...]

    @property
    def blanks(self) -> int:
        """How many places are still to be filled."""
        return sum(block.blanks for block in self.blocks)

    def markdown(self) -> str:
        """The worksheet as Markdown, the Chinese in comments that no reader of the page sees."""
        from odrlib.poa.markdown import draft_markdown

        return draft_markdown(self)

    def docx(self) -> bytes:
        """The worksheet as a Word file, two columns; the same bytes for the same draft."""
        from odrlib.poa.word import draft_docx

        return draft_docx(self)


class Writer:
    """Says each plan twice, in the site's language and in Chinese, and keeps the blocks."""

    def __init__(self, code: str) -> None:
        self.ours, self.chinese = language(code), language(ANALYST)
        self.blocks: list[Block] = []

    def say(self, style: str, plan: str, keys: tuple[str, ...] = (), **values: Any) -> None:
        """Add one line."""
        ours, chinese = self.ours.say(plan, **values), self.chinese.say(plan, **values)
        self.blocks.append(Line(style, seen(ours), seen(chinese), keys))

    def blank(self, style: str, plan: str, **values: Any) -> None:
        """Add a place to fill."""
        self.say(style, "blank", what=Plan(plan, tuple(values.items())))

    def note(self, plan: str, **values: Any) -> None:
        """Add a line that only the analyst reads."""
        self.blocks.append(Line("note", "", seen(self.chinese.say(plan, **values))))

    def grid(self, columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
        """Add a table; its cells are written in the site's language."""
        header = tuple(self.ours.write(Term("column", name)) for name in columns)
        chinese = tuple(self.chinese.write(Term("column", name)) for name in columns)
        cells = tuple(tuple(seen(self.ours.write(cell)) for cell in row) for row in rows)
        self.blocks.append(Grid(header, chinese, cells))


def draft_poa(facts: Facts, language: str = "", groups: list[Group] | None = None) -> Draft:
    """
    The worksheet of a store's Plan of Action.

    Parameters
    ----------
    language : "en", "de", "ja", "fr", "it" or "es"; empty for the one that the site expects
    groups : `cause_groups(facts)`, if the caller has them

    Raises
    ------
    BadParameter for a language without a catalogue
    """
    site = catalogue("sites")["site"][facts.store.settings.marketplace]
    writer = Writer(language or site["write"])
    groups = cause_groups(facts) if groups is None else groups
    measures = measures_of(facts.store)
    _header(writer, facts)
    for number, group in enumerate(groups, start=1):
        _cause(writer, facts, group, number, [m for m in measures if m.cause == group.category])
    writer.say("heading", "appendix")
    paid = refund_days(facts.store)
    for number, group in enumerate(groups, start=1):
        _title(writer, group, number, "part")
        writer.grid(*order_grid(facts.store, group.orders, paid))
    writer.say("heading", "index")
    ids = [name for group in groups for name in group.order_ids]
    rows = evidence_grid(facts.store, ids, measures)
    if rows[1]:
        writer.grid(*rows)
    else:
        writer.say("text", "no_files")
    if site["eu"]:
        writer.say("heading", "privacy_heading")
        writer.say("text", "privacy")
    store = facts.store
    return Draft(store.settings.id, writer.ours.code, store.as_of, tuple(writer.blocks))


def _header(writer: Writer, facts: Facts) -> None:
    settings = facts.store.settings
    writer.say("title", "title")
    writer.note("only_here")
    writer.say("text", "store", ("store.name",), name=settings.title)
    writer.say("text", "store_id", ("store.id",), id=settings.id)
    if settings.seller_id:
        writer.say("text", "seller_id", ("store.seller_id",), id=settings.seller_id)
    site = MARKETPLACES[settings.marketplace]["site"]
    writer.say("text", "site", ("store.marketplace",), site=site)
    writer.say("text", "date", ("as_of",), date=facts.store.as_of)
    writer.say("heading", "went_wrong")
    for name in PROFILES:
        _rate(writer, facts, name)
    line = facts.headlines[facts.profile.name]["all"]
    if all(line.kinds[kind] is not None for kind in KINDS):
        keys = tuple(f"profiles.{facts.profile.name}.all.{PLURAL[kind]}" for kind in KINDS)
        writer.say("text", "kinds", keys, **{kind: line.kinds[kind] for kind in KINDS})


def _rate(writer: Writer, facts: Facts, name: str) -> None:
    line = facts.headlines[name]["all"]
    window = facts.windows[name].window
    days = {"first": window.first, "last": window.last}
    if line.rate is None or not line.rate.orders:
        writer.say("text", "rate_unknown", (f"profiles.{name}.window",), **days)
        return
    # The day counts of the rules: 60 days with both ends, and "the past 30 days".
    more = {"days": window.days} if name == "amazon" else {}
    writer.say(
        "text",
        f"rate_{name}",
        tuple(f"profiles.{name}.all.{part}" for part in ("rate", "defective", "orders")),
        rate=Share(line.rate.value),
        defective=line.defective,
        orders=line.orders,
        **days,
        **more,
    )


def _title(writer: Writer, group: Group, number: int, style: str) -> None:
    if group.category == UNEXPLAINED and group.cause is None:
        writer.say(style, "unexplained")
        return
    writer.say(style, "cause", (group.key,), number=number, cause=cause_name(group))


def cause_name(group: Group) -> Any:
    """What a cause is called: the conditions of a named one, else its category."""
    if group.cause is None:
        return Term("category", group.category)
    conditions = [
        Plan("where", (("column", Term("column", column)), ("value", _value(value))))
        for column, value in group.cause.where.items()
    ]
    return Listing(conditions)


def _value(value: Any) -> Term:
    return Term("value", "unknown" if value is None else str(value), str(value))


def _cause(
    writer: Writer, facts: Facts, group: Group, number: int, measures: list[Measure]
) -> None:
    _title(writer, group, number, "heading")
    _counts(writer, facts, group)
    if group.category == UNEXPLAINED and group.cause is None:
        writer.blank("blank", "blank_cause")
        return
    writer.say("part", "why")
    for link in why_chain(facts, group, measures):
        if link.blank:
            writer.blank("item", link.plan, **link.values)
        else:
            writer.say("item", link.plan, link.keys, **link.values)
    _corrective(writer, facts, group, [m for m in measures if m.kind == "corrective"])
    _preventive(writer, facts, group, [m for m in measures if m.kind == "preventive"])


def _counts(writer: Writer, facts: Facts, group: Group) -> None:
    orders = group.orders
    writer.say(
        "text",
        "counted",
        (f"{group.key}.order_ids", f"profiles.{facts.profile.name}.all.defective"),
        defective=len(orders),
        total=int(facts.inside["defective"].sum()),
        first=orders["day"].min().date(),
        last=orders["day"].max().date(),
    )
    kinds = {kind: int(orders[kind].sum()) if kind in orders else 0 for kind in KINDS}
    writer.say("text", "kinds_here", tuple(f"defects[].{kind}" for kind in KINDS), **kinds)
    for plan, column in (("carriers", "carrier"), ("skus", "sku")):
        held = Counter(str(value) for value in listed(orders[column]) if value is not None)
        names = sorted(held, key=lambda name: (-held[name], name))[:NAMED]
        if names:
            plans = [Plan("held", (("name", name), ("count", held[name]))) for name in names]
            writer.say("text", plan, (f"defects[].{column}",), list=Listing(plans))


def _corrective(writer: Writer, facts: Facts, group: Group, measures: list[Measure]) -> None:
    writer.say("part", "corrective")
    for measure in (m for m in measures if m.done):
        values = {
            "date": measure.date or _blank("date"),
            "what": measure.what,
            "file": _files(measure),
        }
        writer.say("item", "corrective_done", (measure.key,), **values)
        _missing(writer, measure)
    paid = refunds(facts.store, group.orders)
    for row in paid:
        writer.say("item", "refunds", ("ledger.costs",), **row)
    if not paid and not any(m.done for m in measures):
        writer.blank("item", "blank_corrective")
    for measure in (m for m in measures if not m.done):
        values = {"date": measure.date or _blank("date"), "what": measure.what}
        writer.say("item", "corrective_planned", (measure.key,), **values)
    writer.note("artefacts", list="；".join(_artefacts(group.category, "corrective")))


def _preventive(writer: Writer, facts: Facts, group: Group, measures: list[Measure]) -> None:
    writer.say("part", "preventive")
    for measure in measures:
        values: dict[str, Any] = {
            name: getattr(measure, name) or _blank(name)
            for name in ("date", "owner", "frequency", "threshold")
        }
        if measure.done:
            values["file"] = _files(measure)
        plan = "preventive_done" if measure.done else "preventive_planned"
        writer.say("item", plan, (measure.key,), what=measure.what, **values)
        _missing(writer, measure)
        _tested(writer, facts, group, measure)
    if not measures:
        writer.blank("item", "blank_preventive")
    writer.note("artefacts", list="；".join(_artefacts(group.category, "preventive")))


def _tested(writer: Writer, facts: Facts, group: Group, measure: Measure) -> None:
    tried = replay(measure, group.orders, facts.store)
    if tried is None:
        writer.note("no_replay", id=measure.id)
        return
    keys = (measure.key, f"{group.key}.order_ids")
    writer.say("item", "replay", keys, stopped=tried.stopped, of=tried.of)
    if tried.unknown:
        writer.note("unknown_replay", unknown=tried.unknown)


def _blank(name: str) -> Plan:
    return Plan("blank", (("what", Plan(f"blank_{name}")),))


def _files(measure: Measure) -> Any:
    found = [name for name in measure.files if name not in measure.missing]
    return Listing(found) if found else _blank("file")


def _missing(writer: Writer, measure: Measure) -> None:
    for name in measure.missing:
        writer.note("file_missing", file=name)


def _artefacts(category: str, kind: str) -> list[str]:
    """What the catalogue of categories names as proof, in the analyst's language."""
    known = categories().get(category)
    # A note of the worksheet stands in the analyst's column, whatever is spoken.
    with speaking(ANALYST):
        return [tr(measure.artefact) for measure in getattr(known, kind)] if known else []


def draft_findings(draft: Draft) -> list[Finding]:
    """What the analyst must do before the worksheet can become an appeal."""
    if not draft.blanks:
        return []
    message = trn("The worksheet has {n} place that the files could not fill.",
                  "The worksheet has {n} places that the files could not fill.",
                  draft.blanks)  # fmt: skip
    to_do = tr("Fill each, or record the measure in the ledger and draft again.")
    return [Finding("poa-blank", "warning", message, to_do, count=draft.blanks)]
