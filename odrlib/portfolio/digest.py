"""
Digest: what many stores are compared by, taken from the facts of one report.

It is written beside facts.json when a report is made, with the digest of the report before it, so
that what changed can be told although the report before may have been replaced. Orders are in it as
marks that cannot be read back: enough to tell a new defect from an old one, and no more.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from odrlib.harmless import as_numbers
from odrlib.policy import CHANNELS, KINDS, PROFILES

FACTS, PAGE, FILE = "facts.json", "report.html", "digest.json"
INDEX = "index.html"  # beside the folders of all stores
VERSION = 1
# What a cause may share with one of another store, and how many values of each are kept.
SHARED = ("carrier", "supplier", "sku")
CAUSES, VALUES = 20, 500
# The numbers of a headline that are compared.
COUNTED = ("orders", "defective", "claims", "chargebacks", "negative_feedback", "rate", "status",
           "at_least", "spare_defects", "reversals_needed", "back_under_limit_on")  # fmt: skip
# The exports that hold orders, as `odrlib.exports.known` has them, which would load every reader.
ORDERS = frozenset(
    ("all_orders", "new_orders", "orders_api_0", "orders_api_2026", "unshipped_orders")
)
Digest = dict[str, Any]
# What goes wrong with a facts.json of another shape.
NO_FACTS = (KeyError, TypeError, AttributeError, ValueError)


def digest(facts: Mapping[str, Any]) -> Digest:
    """The digest of the content of a facts.json; what the facts do not tell is None or missing."""
    told = facts.get("store")
    store: Mapping[str, Any] = told if isinstance(told, Mapping) else {}
    key = str(store.get("id") or "")
    return {
        "version": VERSION,
        "store": {
            name: store.get(name) or ""
            for name in ("id", "name", "seller_id", "client", "marketplace", "timezone", "language")
        }
        | {"account": {k: str(v) for k, v in (store.get("account") or {}).items()}},
        "as_of": date.fromisoformat(facts["as_of"]).isoformat(),
        "profile": facts.get("profile") or "amazon",
        "profiles": {name: _profile(facts, name) for name in PROFILES},
        "forecast": facts.get("forecast"),
        "deadlines": _deadlines(facts, key),
        "defects": _defects(facts, key),
        "causes": [_cause(one) for one in (facts.get("causes") or [])[:CAUSES]],
        "shares": _shares(facts),
        "evidence": _evidence(facts),
        "appeals": _appeals(facts),
        "sources": _sources(facts),
        "missing": sorted(
            finding["id"].removeprefix("missing-")
            for finding in facts.get("quality") or []
            if str(finding.get("id", "")).startswith("missing-")
        ),
        "errors": sum(
            finding.get("level") == "error" and not str(finding["id"]).startswith("missing-")
            for finding in facts.get("quality") or []
        ),
    }


def marked(store: str, *parts: Any) -> str:
    """A mark of an order that tells it from others and cannot be read back into its id."""
    text = "\x1f".join(map(str, (store, *parts)))
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def _profile(facts: Mapping[str, Any], name: str) -> dict[str, Any]:
    told = (facts.get("profiles") or {}).get(name) or {}
    return {
        channel: {part: (told.get(channel) or {}).get(part) for part in COUNTED}
        | {"status": (told.get(channel) or {}).get("status") or "unknown"}
        for channel in CHANNELS
    }


def _deadlines(facts: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    """What can still be asked for by a day, the first day first."""
    rows = [
        {
            "what": row["route"],
            "kind": row["kind"],
            "due": row["deadline"],
            "mark": marked(key, row["order_id"], row["kind"]),
        }
        for row in facts.get("triage") or []
        if row.get("deadline") and row.get("verdict") in ("yes", "unknown")
    ]
    account = (facts.get("store") or {}).get("account") or {}
    if account.get("deadline"):
        rows.append({"what": "account", "kind": "", "due": str(account["deadline"]), "mark": ""})
    for one in (facts.get("appeals") or {}).get("due") or []:
        mark = marked(key, one["what"], one["id"])
        rows.append({"what": one["what"], "kind": "", "due": one["due"], "mark": mark})
    return sorted((row for row in rows if _is_day(row["due"])), key=lambda row: row["due"])


def _is_day(text: Any) -> bool:
    try:
        return bool(date.fromisoformat(str(text)))
    except ValueError:
        return False


def _defects(facts: Mapping[str, Any], key: str) -> dict[str, str] | None:
    """Mark -> kinds, for the defective orders of either window and those that will enter it."""
    if facts.get("defects") is None:
        return None
    firsts = [
        ((facts.get("profiles") or {}).get(name) or {}).get("window", {}).get("first")
        for name in PROFILES
    ]
    first = min(filter(None, firsts), default="")
    return {
        marked(key, row["order_id"]): " ".join(kind for kind in KINDS if row.get(kind))
        for row in facts["defects"]
        if (row.get("day") or "") >= first
    }


def _cause(cause: Mapping[str, Any]) -> dict[str, Any]:
    names = ("where", "orders", "defective", "expected", "excess", "low", "high", "q_value")
    return {name: cause.get(name) for name in names}


def _shares(facts: Mapping[str, Any]) -> dict[str, dict[str, list[int]]]:
    """Column -> value -> [orders, defective]; of many values those with most defects and orders."""
    by = (facts.get("composition") or {}).get("by") or {}
    kept = {}
    for column in SHARED:
        rows = [row for row in by.get(column) or [] if row.get("value") is not None]
        rows.sort(key=lambda row: (-(row["defective"] or 0), -(row["orders"] or 0)))
        kept[column] = {
            str(row["value"]): [row["orders"] or 0, row["defective"] or 0] for row in rows[:VALUES]
        }
    return kept


def _evidence(facts: Mapping[str, Any]) -> dict[str, int] | None:
    told = (facts.get("evidence") or {}).get("orders")
    if told is None:
        return None
    states = Counter(cell["state"] for order in told for cell in order["cells"].values())
    lacking = {"open", "contradicted", "unknown"}
    return {
        "orders": len(told),
        "orders_open": sum(
            any(cell["state"] in lacking for cell in order["cells"].values()) for order in told
        ),
        **{state: states.get(state, 0) for state in ("open", "contradicted", "unknown", "closed")},
    }


def _appeals(facts: Mapping[str, Any]) -> dict[str, Any] | None:
    told = facts.get("appeals")
    if told is None:
        return None
    answers = [(str(one["on"] or ""), one["outcome"]) for one in told["answers"]]
    return {
        "commitments": told["commitments"],
        "cases": told["cases"],
        "answers": [{"on": on, "outcome": outcome} for on, outcome in sorted(answers)],
        "linked_account": told["linked_account"],
        "errors": told["errors"],
    }


def _sources(facts: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Per kind of file: how many, and the last day that they cover."""
    found: dict[str, dict[str, Any]] = {}
    for row in facts.get("sources") or []:
        if not row.get("export"):
            continue
        one = found.setdefault(row["export"], {"export": row["export"], "files": 0, "last": None})
        one["files"] += 1
        one["last"] = max(filter(None, (one["last"], row.get("last"))), default=None)
    return [row | {"orders": row["export"] in ORDERS} for row in found.values()]


# -- beside the report --------------------------------------------------------------------------


def write_digest(
    room: str | Path, reports: str | Path, facts: Mapping[str, Any], at: datetime | None = None
) -> None:
    """
    Write `room/digest.json` for the report in `room`, before it takes its place in `reports`.

    Another notebook than ours may write facts that nothing can be compared by: then there is none.

    Parameters
    ----------
    reports : the folder of this store's reports, `<out>/<store id>`
    at : the moment it is made; by default now
    """
    moment = (at or datetime.now(UTC)).astimezone(UTC)
    size = (Path(room) / FACTS).stat().st_size
    try:
        found = digest(facts)
    except NO_FACTS:
        return
    made = found | {"made_at": moment.isoformat(timespec="seconds"), "facts_bytes": size}
    before = before_of(made, reports)
    with open(Path(room) / FILE, "w", encoding="utf-8", newline="\n") as file:
        text = {"now": made, "before": before}
        file.write(as_numbers(json.dumps(text, ensure_ascii=False, separators=(",", ":"))))


def before_of(made: Digest, reports: str | Path) -> Digest | None:
    """
    What a report is compared with: the newest one made on an earlier day than it.

    A report made again on the same morning so still tells what changed overnight. Where none is of
    an earlier day, it is the newest of all; None for the first report.
    """
    there: list[Digest] = []
    for folder in report_folders(reports):
        if folder.name <= made["as_of"]:
            try:
                now, before = read_digest(folder)
            except (OSError, ValueError):
                continue  # nothing can be compared with it
            there += [one for one in (now, before) if one and one["as_of"] <= made["as_of"]]
            if folder.name < made["as_of"]:
                break
    there.sort(key=lambda one: (one["as_of"], one.get("made_at", "")), reverse=True)
    today = made["made_at"][:10]
    earlier = [one for one in there if one.get("made_at", "")[:10] < today]
    return next(iter([*earlier, *there]), None)


def report_folders(reports: str | Path) -> list[Path]:
    """The reports of one store, the newest as-of day first."""
    folder = Path(reports)
    if not folder.is_dir():
        return []
    found = (one for one in folder.iterdir() if _is_day(one.name) and (one / FACTS).is_file())
    return sorted(found, key=lambda one: one.name, reverse=True)


def read_digest(report: str | Path) -> tuple[Digest, Digest | None]:
    """
    The digest of a report and of the one before it.

    From the file beside facts.json; from facts.json itself where that file is not there, is of
    another version, or was written for other facts.

    Raises
    ------
    ValueError : facts.json is no facts.json
    """
    folder = Path(report)
    size = (folder / FACTS).stat().st_size
    try:
        kept = json.loads((folder / FILE).read_text(encoding="utf-8"))
        if kept["now"]["version"] == VERSION and kept["now"]["facts_bytes"] == size:
            before = kept["before"]
            return kept["now"], before if before and before["version"] == VERSION else None
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return _from_facts(folder, size), None


def _from_facts(folder: Path, size: int) -> Digest:
    try:
        facts = json.loads((folder / FACTS).read_text(encoding="utf-8"))
        found = digest({"as_of": folder.name, **facts})
    except NO_FACTS as error:
        raise ValueError(f"{FACTS}: {error!r}") from error
    written = datetime.fromtimestamp((folder / FACTS).stat().st_mtime, UTC)
    return found | {"made_at": written.isoformat(timespec="seconds"), "facts_bytes": size}


def kinds_of(marks: Iterable[str], defects: Mapping[str, str]) -> Counter[str]:
    """How many of these defects are of which kind; one may be of several."""
    return Counter(kind for mark in marks for kind in defects[mark].split())
