"""The index of many stores: the page of a morning, worst first, over every report in a folder."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from odrlib import words
from odrlib.errors import OdrError
from odrlib.harmless import seen
from odrlib.languages import speaking, tr
from odrlib.policy import PROFILES
from odrlib.portfolio import sentences
from odrlib.portfolio.digest import INDEX
from odrlib.portfolio.failures import Failure, note_failures, write_whole
from odrlib.portfolio.gather import Portfolio, portfolio
from odrlib.portfolio.row import RULES, Row
from odrlib.report import templates
from odrlib.report.page import empty_page, policy
from odrlib.report.run import ReportResult, way_to
from odrlib.settings import read_settings

TEMPLATE = "stores.html.j2"


def load() -> None:
    """Get ready to write a page: nobody has to wait for that when the last report is there."""
    for name in (TEMPLATE, "base.html.j2", "blocks.html.j2"):
        templates.environment().get_template(name)


def write_index(
    results: Sequence[ReportResult],
    out: str | Path,
    language: str = "",
    *,
    now: datetime | None = None,
) -> Path:
    """
    Write `out/index.html` after a run: every store that has a report in `out`, the worst first.

    A store of this run is shown by the report just made; the others by their newest one. What
    failed is noted in `out/failed.json` until a report of that store is made.
    """
    out = Path(out)
    moment = now or datetime.now(UTC)
    made = {result.id: result.as_of for result in results if result.folder}
    failed = [_failure(result, out, moment, made) for result in results if not result.folder]
    places = [_way(result.store, out) for result in results if result.folder]
    note_failures(out, failed, made, places)
    return write_page(portfolio(out, chosen=made, now=moment), out / INDEX, language)


def write_page(found: Portfolio, path: str | Path, language: str = "") -> Path:
    """
    Write the page of these stores.

    It speaks the language asked for, else the one that the reports share, else English.
    """
    shared = {row.language for row in found.rows if row.language}
    language = language or (shared.pop() if len(shared) == 1 else "en")
    labels = templates.words(language)
    page = empty_page(labels["index_title"].format(count=len(found.rows)), language)
    page.script = templates.script(("stores", "ground"))
    page.policy = policy(page.early, page.script)
    with speaking(language):
        html = (
            templates.environment()
            .get_template(TEMPLATE)
            .render(page=page, words=labels, **_view(found))
        )
    path = Path(path)
    write_whole(path, seen(html))
    return path


def _failure(result: ReportResult, out: Path, moment: datetime, made: Collection[str]) -> Failure:
    """The failure of one store, under the id of its store.toml where that can be read."""
    try:
        id_ = read_settings(result.store).id
    except OdrError:
        # The name of its folder; another store may have it as its id.
        id_ = f"{result.id}/store.toml" if result.id in made else result.id
    return Failure(
        id=id_,
        name=result.name,
        error=result.error,
        at=moment.astimezone(UTC).isoformat(timespec="seconds"),
        notebook=_way(result.failed_notebook, out) if result.failed_notebook else "",
        store=_way(result.store, out),
    )


def _way(place: Path, out: Path) -> str:
    return way_to(place.resolve(), out.resolve())


def _view(found: Portfolio) -> dict[str, Any]:
    """Everything the template shows, as finished words."""
    return {
        "headline": sentences.headline(found),
        "about": _about(found),
        "lists": [
            (tr("Call first"), sentences.calls(found), tr("No store needs a call.")),
            (
                tr("Due within {days} days", days=RULES["deadline_days"]["value"]),
                sentences.due_soon(found),
                tr("Nothing is due."),
            ),
            (
                tr("Worse than in the report before"),
                sentences.got_worse(found),
                tr("No report has one before it.")
                if all(row.changes.first for row in found.rows)
                else tr("No store got worse."),
            ),
        ],
        "rules": [tr(profile.called) for profile in PROFILES.values()],
        "stores": [_store(row, found) for row in found.rows],
        "shared": sentences.shared(found),
        "operators": sentences.operators(found),
        "source": sentences.told_by(RULES["related_accounts"]),
        "failed": [
            {"name": row.name, "error": row.failure.error, "notebook": row.failure.notebook}
            for row in found.rows
            if row.failure is not None
        ],
        "how": sentences.how(),
        "said": _labels(),
    }


def _about(found: Portfolio) -> str:
    """From which day days are counted, and how new the newest data are."""
    newest = max((row.as_of for row in found.rows if row.as_of), default=None)
    if newest is None:
        return tr("Days are counted from {day}; there are no data yet.", day=words.day(found.today))
    return tr("Days are counted from {day}; the newest data end on {newest}.",
              day=words.day(found.today), newest=words.day(newest))  # fmt: skip


def _store(row: Row, found: Portfolio) -> dict[str, Any]:
    flags = [row.status]
    flags += ["near"] if found.is_near(row) else []
    flags += ["due"] if row.soon or row.overdue else []
    flags += ["worse"] if row.changes.worse > (0, 0.0) else []
    flags += ["failed"] if row.failure is not None else []
    flags += ["gaps"] if row.missing or row.doubts or row.errors else []
    return {
        "anchor": sentences.anchor(row),
        "name": row.name,
        "link": row.report,
        "meta": " · ".join(dict.fromkeys(filter(None, (row.marketplace, row.id, row.client)))),
        "status": row.status,
        "near": found.is_near(row),
        "doubts": sentences.doubts(row),
        "failed": row.failure is not None,
        "parts": [sentences.part(row, name) for name in PROFILES],
        "room": sentences.room(row) if row.as_of and row.profiles else [],
        "spare": "" if row.spare is None else row.spare,
        "due": sentences.due(row),
        "evidence": sentences.evidence(row),
        "cause": sentences.cause(row),
        "changed": sentences.changed(row),
        "data": sentences.data(row),
        "flags": " ".join(flags),
    }


def _labels() -> dict[str, str]:
    """The page's own words that no other page of ours has."""
    return {
        "mine": tr(
            "This page is for whoever looks after all these stores. It names them side by side: "
            "hand it to no client."
        ),
        "table": tr("All stores, the worst first"),
        "room": tr("Room to the limit"),
        "due": tr("What is due"),
        "why": tr("Largest cause, and what changed"),
        "data": tr("Data up to"),
        "near": tr("Near the limit"),
        "show": tr("Show"),
        "all": tr("all stores"),
        "over": tr("over the limit"),
        "unknown": tr("not to be judged"),
        "near_only": tr("near the limit"),
        "due_only": tr("something due"),
        "worse_only": tr("got worse"),
        "gaps_only": tr("files missing or old"),
        "filter": tr("Search"),
        "shown": tr("{shown} of {total} stores", shown="{shown}", total="{total}"),
        "nothing": tr("No store is like that."),
        "worst_first": tr("Worst first"),
        "more": tr("more"),
        "why_failed": tr("Why it could not be made"),
        "notebook": tr("The notebook as far as it ran:"),
        "shared": tr("Causes that several stores share"),
        "shared_note": tr(
            "Each cause was found in one store alone; that several have it is a lead to follow "
            "with the carrier or supplier, not a proof. No order stands here: the orders are in "
            "each store's own report."
        ),
        "shared_none": tr("No carrier, supplier or SKU is in the causes of two stores."),
        "in_causes": tr("in its causes"),
        "defective": tr("defective orders"),
        "expected": tr("expected from its other orders"),
        "excess": tr("excess of its cause"),
        "operators": tr("Stores that belong together"),
        "operators_note": tr(
            "Amazon may look at accounts of one operator together, and may act on all of them "
            "where one is not in good standing. So every plan and every answer has to tell the "
            "same true story; this list is there to prevent contradictions, not to hide that "
            "accounts belong together."
        ),
        "members": tr("stores"),
        "how": tr("How is this page counted?"),
    }
