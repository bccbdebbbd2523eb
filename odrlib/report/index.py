"""The index of many stores: one page, worst first."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from odrlib import words
from odrlib.finding import count
from odrlib.languages import speaking, tr
from odrlib.policy import CHANNELS, PROFILES, Profile
from odrlib.rates import Rate
from odrlib.report.run import FACTS, PAGE, ReportResult
from odrlib.settings import read_settings
from odrlib.words.standing import cause_name

INDEX = "index.html"
RANK = {"over": 0, "unknown": 1, "under": 2}


def write_index(results: Sequence[ReportResult], out: str | Path, language: str = "") -> Path:
    """
    Write `out/index.html`, the worst store first and the failed ones at the end.

    It speaks the language asked for, else the one that the reports share, else English.
    """
    from odrlib.report import templates
    from odrlib.report.page import empty_page

    made = [result for result in results if result.folder]
    shared = {read_settings(result.store).language for result in made}
    language = language or (shared.pop() if len(shared) == 1 else "en")
    labels = templates.words(language)
    with speaking(language):
        stores = sorted((_entry(result) for result in made), key=lambda entry: entry["rank"])
        profiles = [tr(profile.title) for profile in PROFILES.values()]
    page = empty_page(labels["index_title"].format(count=len(results)), language)
    html = (
        templates.environment()
        .get_template("stores.html.j2")
        .render(
            page=page,
            words=labels,
            profiles=profiles,
            stores=stores,
            failed=[result for result in results if result.error],
        )
    )
    path = Path(out) / INDEX
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(prefix=".index-", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(html)
        Path(draft).chmod(0o644)
        Path(draft).replace(path)
    finally:
        Path(draft).unlink(missing_ok=True)
    return path


def _entry(result: ReportResult) -> dict[str, Any]:
    """One store as the index shows it; `rank` sorts the worst first."""
    folder = result.folder or Path()  # of a result that is not a failure, so there is one
    facts = json.loads((folder / FACTS).read_text(encoding="utf-8"))
    profiles = {name: facts["profiles"][name] for name in PROFILES}
    parts = [profile["all"] for profile in profiles.values()]
    causes = facts.get("causes") or []
    # Amazon counts the channels apart: one of them over the limit is a store over the limit.
    apart = any(map(_channels_over, profiles.values()))
    worst = RANK["over"] if apart else min(RANK[part["status"]] for part in parts)
    return {
        "name": result.name,
        "link": f"{result.id}/{result.as_of}/{PAGE}",
        "marketplace": read_settings(result.store).marketplace,
        "as_of": result.as_of,
        "parts": [_part(PROFILES[name], profile) for name, profile in profiles.items()],
        "cause": _cause(causes[0]) if causes else {},
        "rank": (worst, -max(part["rate"] or 0 for part in parts), result.id),
    }


def _part(rule: Profile, profile: Mapping[str, Any]) -> dict[str, Any]:
    part = profile["all"]
    rate = part["rate"]
    known = part["defective"] is not None and part["orders"] is not None
    counts = words.counts(rule, Rate(part["defective"], part["orders"])) if known else "–"
    apart = [] if part["status"] == "over" else _channels_over(profile)
    return {
        "rate": "–" if rate is None else f"{rate:.2%}",
        "status": part["status"],
        "counts": [
            counts,
            *(tr("{channel} over", channel=tr(words.CHANNEL_NAMES[name])) for name in apart),
        ],
    }


def _channels_over(profile: Mapping[str, Any]) -> list[str]:
    return [name for name in CHANNELS[1:] if profile[name]["status"] == "over"]


def _cause(cause: Mapping[str, Any]) -> dict[str, str]:
    counts = tr("{defective:,} of {orders}",
        defective=cause["defective"], orders=count(cause["orders"], "order"),
    )  # fmt: skip
    return {"where": words.capital(cause_name(cause["where"])), "counts": counts}
