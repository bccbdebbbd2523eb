"""Case sheet: what a helper or lawyer asks for first, on one page, from the facts and register."""

from __future__ import annotations

from typing import Any

import pandas as pd

from odrlib.appeal.cases import Case, said_state
from odrlib.appeal.costs import case_costs, closed_since, said_basis, said_kind
from odrlib.appeal.register import Register
from odrlib.facts import Facts, status_dict
from odrlib.finding import count
from odrlib.languages import language, sentences, tr
from odrlib.plain import plain_dict, records
from odrlib.poa.language import catalogue
from odrlib.policy import KINDS
from odrlib.tables import among
from odrlib.words.plain import kind_name
from odrlib.words.standings import standing

SCHEMA_VERSION = 1


def case_sheet(facts: Facts, register: Register) -> dict[str, Any]:
    """
    The case sheet: current rate, days over, defects, measures, submissions, languages and costs.

    Parameters
    ----------
    facts : the facts of the store
    register : the register of the same store (`read_register`)

    Returns
    -------
    dict with schema_version, store, as_of, standing (per profile: sentence, counts, days over),
    account, defects (order_id, kind, day, arrived_on), measures, submissions, marketplaces,
    categories, translation, costs (see `case_costs`), not_told (what no file or key says)
    """
    settings = facts.store.settings
    profiles = status_dict(facts)["profiles"]
    return plain_dict(
        {
            "schema_version": SCHEMA_VERSION,
            "store": {
                "id": settings.id,
                "name": settings.name,
                "marketplace": settings.marketplace,
            },
            "as_of": facts.store.as_of,
            "standing": {
                name: {
                    "sentence": standing(lines["all"]),
                    "days_over_the_limit": profiles[name]["days_over_the_limit"],
                    **{key: profiles[name]["all"][key] for key in ("orders", "defective", "rate")},
                }
                for name, lines in facts.headlines.items()
            },
            "account": {
                **settings.account,
                "days_closed": _days_closed(facts),
            },
            "defects": records(_defects(facts)),
            "measures": _measures(facts.store.measures),
            "submissions": [row for case in register.cases.values() for row in _submissions(case)],
            "marketplaces": _marketplaces(facts),
            "categories": list(settings.categories),
            "translation": _translation(facts),
            "costs": records(case_costs(facts)),
            "not_told": _not_told(facts),
        }
    )


def _days_closed(facts: Facts) -> int | None:
    since = closed_since(facts)
    return (facts.store.as_of - since).days if since else None


def _defects(facts: Facts) -> pd.DataFrame:
    """Each defect of the window that counts: order, kind, order day, day of arrival."""
    judged = facts.verdicts[facts.profile.name]
    rows = judged[judged["counts"] & among(judged["order_id"], facts.inside["order_id"])]
    days = facts.inside[["order_id", "day"]]
    table = rows.merge(days, on="order_id").rename(columns={"on": "arrived_on"})
    return table[["order_id", "kind", "day", "arrived_on"]].sort_values(
        ["day", "order_id", "kind"], ignore_index=True
    )


def _measures(table: pd.DataFrame | None) -> list[dict[str, Any]]:
    if table is None:
        return []
    return records(table[["id", "cause", "kind", "status", "date", "what", "owner", "artefact"]])


def _submissions(case: Case) -> list[dict[str, Any]]:
    return [
        {
            "case": case.id,
            "number": one.number,
            "submitted_on": one.submitted_on,
            "outcome": one.outcome or case.state,
            "answered_on": one.answered_on,
            "reason": one.reason,
        }
        for one in case.submissions
    ]


def _marketplaces(facts: Facts) -> list[str]:
    """The store's site, and the sales channels of its defective orders."""
    inside = facts.inside
    if "sales_channel" not in inside:
        return [facts.store.settings.marketplace]
    channels = inside.loc[inside["defective"], "sales_channel"].dropna().astype("str")
    return [facts.store.settings.marketplace, *sorted(set(channels))]


def _translation(facts: Facts) -> dict[str, Any]:
    """Does the site read the analyst's language?"""
    settings = facts.store.settings
    accepted = catalogue("sites")["site"].get(settings.marketplace, {}).get("accepted", [])
    needed = settings.language not in accepted if accepted else None
    return {"analyst": settings.language, "site_reads": accepted, "needed": needed}


def _not_told(facts: Facts) -> list[str]:
    store = facts.store
    missing = {
        tr("the measures ledger (what has been tried)"): store.measures is None,
        tr("the costs ledger (refunds, reshipments, staff, services, storage)"): store.costs
        is None,
        tr("[account] status in store.toml"): "status" not in store.settings.account,
        tr("[account] since in store.toml (lost days)"): "since" not in store.settings.account,
        tr("categories in store.toml"): not store.settings.categories,
    }
    unknown = [tr("{kinds} (no file tells them)", kinds=kind_name(kind)) for kind in store.unknown]
    return [name for name, missed in missing.items() if missed] + unknown


# ── the page ─────────────────────────────────────────────────────────────────────────────────────


def sheet_markdown(sheet: dict[str, Any]) -> str:
    """The case sheet as Markdown, one page to hand over; it promises nothing."""
    store = sheet["store"]
    parts = [
        _heading(1, tr("Case sheet: {store}", store=_cell(store["name"] or store["id"]))),
        tr(
            "Store {store}, {marketplace}, as of {as_of}. Nothing here was sent to Amazon, and no "
            "result is promised.",
            store=store["id"],
            marketplace=store["marketplace"],
            as_of=sheet["as_of"],
        ),
        _heading(2, tr("Standing")),
        *(_standing(row) for row in sheet["standing"].values()),
        _list(_account(sheet["account"])),
        _heading(2, tr("Defects ({defects})", defects=count(len(sheet["defects"]), "defect"))),
        _table(sheet["defects"], ("order_id", "kind", "day", "arrived_on")),
        _heading(2, tr("Measures tried")),
        _table(sheet["measures"], ("id", "cause", "kind", "status", "date", "what")),
        _heading(2, tr("Submissions")),
        _table(sheet["submissions"], ("case", "number", "submitted_on", "outcome", "reason")),
        _heading(2, tr("Marketplaces, categories, language")),
        _place(sheet),
        _heading(2, tr("Costs so far")),
        _table(sheet["costs"], ("kind", "currency", "amount", "rows", "basis", "assumption")),
        _heading(2, tr("Not told")),
        _list(sheet["not_told"]),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _standing(row: dict[str, Any]) -> str:
    over = row["days_over_the_limit"]
    days = {"over": over["days"], "days": over["of"]}
    if over["in_a_row"]:
        said = tr("Over the limit on {over} of {days} days, {row} in a row.",
                  **days, row=count(over["in_a_row"], "day"))  # fmt: skip
    else:
        said = tr("Over the limit on {over} of {days} days.", **days)
    return sentences(row["sentence"], said)


def _place(sheet: dict[str, Any]) -> str:
    """Where the store sells, what, and in which language Amazon reads it."""
    comma = "、" if language() == "zh" else ", "
    return sentences(
        tr("Marketplaces: {names}.", names=comma.join(sheet["marketplaces"])),
        tr("Categories: {names}.", names=comma.join(sheet["categories"]) or tr("not told")),
        tr("Translation needed: {needed} (the site reads {languages}).",
           needed=_yes(sheet["translation"]["needed"]),
           languages=comma.join(sheet["translation"]["site_reads"]) or tr("not known")),
    )  # fmt: skip


def _account(account: dict[str, Any]) -> list[str]:
    """The account as store.toml has it, and how long it is closed."""
    names = {
        "status": tr("status", context="sheet"),
        "since": tr("since", context="sheet"),
        "notice_date": tr("day of the notice", context="sheet"),
        "deadline": tr("deadline", context="sheet"),
        "quiz_offered": tr("quiz offered", context="sheet"),
        "days_closed": tr("days closed", context="sheet"),
    }
    return [
        tr(
            "{name}: {value}",
            name=names.get(key, key),
            value=_yes(value) if isinstance(value, bool) else value,
        )
        for key, value in account.items()
        if value is not None
    ]


def _heading(level: int, text: str) -> str:
    return f"{'#' * level} {text}"


def _table(rows: list[dict[str, Any]], columns: tuple[str, ...]) -> str:
    if not rows:
        return tr("None on record.")
    lines = ["| " + " | ".join(map(_column, columns)) + " |", "|" + " --- |" * len(columns)]
    lines += [
        "| " + " | ".join(_cell(_value(name, row[name])) for name in columns) + " |" for row in rows
    ]
    return "\n".join(lines)


def _column(name: str) -> str:
    """A column's heading."""
    return {
        "order_id": tr("order", context="sheet"),
        "id": tr("id", context="sheet"),
        "kind": tr("kind", context="sheet"),
        "day": tr("ordered", context="sheet"),
        "arrived_on": tr("arrived on", context="sheet"),
        "cause": tr("cause", context="sheet"),
        "status": tr("status", context="sheet"),
        "date": tr("date", context="sheet"),
        "what": tr("what", context="sheet"),
        "case": tr("case", context="sheet"),
        "number": tr("number", context="sheet"),
        "submitted_on": tr("submitted on", context="sheet"),
        "outcome": tr("outcome", context="sheet"),
        "reason": tr("reason", context="sheet"),
        "currency": tr("currency", context="sheet"),
        "amount": tr("amount", context="sheet"),
        "rows": tr("rows", context="sheet"),
        "basis": tr("basis", context="sheet"),
        "assumption": tr("assumption", context="sheet"),
    }[name]


def _value(name: str, value: Any) -> Any:
    """A value of the sheet with its codes in words."""
    if not isinstance(value, str):
        return value
    said = {"kind": _kind, "outcome": said_state, "basis": said_basis, "status": _status}.get(name)
    return said(value) if said else value


def _kind(code: str) -> str:
    """A kind of defect, of measure or of cost."""
    measures = {
        "corrective": tr("corrective", context="measure"),
        "preventive": tr("preventive", context="measure"),
    }
    if code in KINDS:
        return kind_name(code, 1)
    return measures.get(code) or said_kind(code)


def _status(code: str) -> str:
    """The status of a measure; a word of the ledger's own stays as it is."""
    return {
        "done": tr("done", context="measure"),
        "existing": tr("existing", context="measure"),
        "planned": tr("planned", context="measure"),
    }.get(code, code)


def _cell(value: Any) -> str:
    """A value that cannot end its cell or become markup."""
    if isinstance(value, float):
        return f"{value:,.2f}"
    text = "" if value is None else " ".join(str(value).split())
    return "".join(f"\\{sign}" if sign in "\\`*_[]<>|#" else sign for sign in text)


def _list(items: Any) -> str:
    return "\n".join(f"- {_cell(item)}" for item in items)


def _yes(flag: bool | None) -> str:
    if flag is None:
        return tr("not known")
    return tr("yes", context="sheet") if flag else tr("no", context="sheet")
