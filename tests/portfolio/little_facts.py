"""Facts of make-believe stores, written as finished reports lie: enough for what compares them."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from odrlib.portfolio.digest import write_digest

MORNING = datetime(2026, 3, 2, 8, tzinfo=UTC)
AS_OF = "2026-03-01"


def channel(orders=1000, defective=3, status="under", spare=6, **more):
    """One channel of a headline."""
    none = orders is None or defective is None
    return {
        "orders": orders,
        "defective": defective,
        "claims": defective,
        "chargebacks": None if none else 0,
        "negative_feedback": None if none else 0,
        "rate": None if none or not orders else defective / orders,
        "status": status,
        "at_least": False,
        "spare_defects": None if none else spare,
        "reversals_needed": None if none else max(0, defective - (orders - 1) // 100),
        "back_under_limit_on": None,
    } | more


NOTHING = channel(0, 0, "unknown", 0)
UNKNOWN = channel(None, None, "unknown")


def over(orders=1000, defective=20, **more):
    """A channel over the limit."""
    return channel(orders, defective, "over", 0, **more)


def forecast(state="none", **more):
    """A forecast by the recent pace."""
    empty = dict.fromkeys(("breach_on", "earliest", "latest"))
    return {"state": state, "why": "", "arrived": 3, "per_day": 3 / 28, "days": 28,
            "horizon": 60} | empty | more  # fmt: skip


def cause(where, orders=200, defective=8, excess=6.0):
    """One root cause."""
    found = {"where": where, "orders": orders, "defective": defective, "excess": excess}
    return found | {"expected": 2.0, "low": 2.0, "high": 10.0, "q_value": 0.01, "order_ids": []}


def defect(order_id, day="2026-02-10", kind="claim"):
    """One defective order."""
    kinds = dict.fromkeys(("claim", "chargeback", "negative_feedback"), False)
    return {"order_id": order_id, "day": day} | kinds | {kind: True}


def deadline(order_id, due, route="A-to-z answer", kind="claim"):
    """One way to take a defect off, with its last day."""
    return {"order_id": order_id, "kind": kind, "route": route, "verdict": "yes", "deadline": due}


def facts(key, as_of=AS_OF, amazon=None, brief=None, **more):
    """The facts of a store; `amazon` and `brief` are its channels."""

    def profile(parts):
        parts = parts or {"all": channel()}
        whole = {"all": parts["all"], "mfn": parts.get("mfn", NOTHING),
                 "afn": parts.get("afn", NOTHING)}  # fmt: skip
        return {"window": {"first": "2025-12-01", "last": "2026-02-14"}, **whole}

    store = {
        "id": key, "name": more.pop("name", f"Store {key}"), "seller_id": more.pop("seller", ""),
        "client": more.pop("client", ""), "marketplace": "US", "timezone": "UTC",
        "language": more.pop("language", "en"), "account": more.pop("account", {}),
    }  # fmt: skip
    ahead = more.pop("ahead", None) or forecast()
    return {
        "schema_version": 1,
        "store": store,
        "as_of": as_of,
        "profile": "amazon",
        "profiles": {"amazon": profile(amazon), "brief": profile(brief)},
        "forecast": {
            name: {"all": ahead, "mfn": forecast("unknown"), "afn": forecast("unknown")}
            for name in ("amazon", "brief")
        },
        "causes": [],
        "composition": {"by": {}},
        "triage": [],
        "defects": [],
        "evidence": {"orders": []},
        "appeals": {"due": [], "commitments": {"open": 0, "done": 0}, "cases": {}, "answers": [],
                    "linked_account": False, "errors": 0},
        "quality": [],
        "sources": [{"export": "all_orders", "last": as_of}],
    } | more  # fmt: skip


def report(out, key, as_of=AS_OF, at=None, **more) -> Path:
    """A finished report of a store, as a run leaves it; `at` is the moment it was made."""
    room = Path(out) / key / as_of
    room.mkdir(parents=True, exist_ok=True)
    told = facts(key, as_of, **more)
    draft = room / "new.json"
    draft.write_text(json.dumps(told), encoding="utf-8")
    # The digest is written before the report takes its place, and looks at what lies there.
    moment = at or datetime.combine(date.fromisoformat(as_of) + timedelta(days=1), MORNING.timetz())
    building = Path(out) / ".building"
    building.mkdir(exist_ok=True)
    draft.replace(building / "facts.json")
    if not (room / "facts.json").exists():
        room.rmdir()
    write_digest(building, Path(out) / key, told, moment)
    room.mkdir(parents=True, exist_ok=True)
    for file in building.iterdir():
        file.replace(room / file.name)
    building.rmdir()
    (room / "report.html").write_text("<title>Report</title>", encoding="utf-8")
    return room
