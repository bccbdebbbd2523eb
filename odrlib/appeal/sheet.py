"""Case sheet: what a helper or lawyer asks for first, on one page, from the facts and register."""

from __future__ import annotations

from typing import Any

import pandas as pd

from odrlib.appeal.cases import Case
from odrlib.appeal.costs import case_costs, closed_since
from odrlib.appeal.register import Register
from odrlib.facts import Facts, status_dict
from odrlib.finding import count
from odrlib.plain import plain, records
from odrlib.poa.language import catalogue
from odrlib.tables import among
from odrlib.words.plain import kind_name
from odrlib.words.standing import standing

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
    return plain(
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
        "the measures ledger (what has been tried)": store.measures is None,
        "the costs ledger (refunds, reshipments, staff, services, storage)": store.costs is None,
        "[account] status in store.toml": "status" not in store.settings.account,
        "[account] since in store.toml (lost days)": "since" not in store.settings.account,
        "categories in store.toml": not store.settings.categories,
    }
    unknown = [f"{kind_name(kind)} (no file tells them)" for kind in store.unknown]
    return [name for name, missed in missing.items() if missed] + unknown


# ── the page ─────────────────────────────────────────────────────────────────────────────────────


def sheet_markdown(sheet: dict[str, Any]) -> str:
    """The case sheet as Markdown, one page to hand over; it promises nothing."""
    store = sheet["store"]
    parts = [
        f"# Case sheet: {_cell(store['name'] or store['id'])}",
        f"Store {store['id']}, {store['marketplace']}, as of {sheet['as_of']}. "
        "Nothing here was sent to Amazon, and no result is promised.",
        "## Standing",
        *(_standing(row) for row in sheet["standing"].values()),
        _list(f"{key}: {value}" for key, value in sheet["account"].items() if value is not None),
        f"## Defects ({count(len(sheet['defects']), 'defect')})",
        _table(sheet["defects"], ("order_id", "kind", "day", "arrived_on")),
        "## Measures tried",
        _table(sheet["measures"], ("id", "cause", "kind", "status", "date", "what")),
        "## Submissions",
        _table(sheet["submissions"], ("case", "number", "submitted_on", "outcome", "reason")),
        "## Marketplaces, categories, language",
        f"Marketplaces: {', '.join(sheet['marketplaces'])}. "
        f"Categories: {', '.join(sheet['categories']) or 'not told'}. "
        f"Translation needed: {_yes(sheet['translation']['needed'])} "
        f"(the site reads {', '.join(sheet['translation']['site_reads']) or 'not known'}).",
        "## Costs so far",
        _table(sheet["costs"], ("kind", "currency", "amount", "rows", "basis", "assumption")),
        "## Not told",
        _list(sheet["not_told"]),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _standing(row: dict[str, Any]) -> str:
    over = row["days_over_the_limit"]
    since = f", {count(over['in_a_row'], 'day')} in a row" if over["in_a_row"] else ""
    return f"{row['sentence']} Over the limit on {over['days']} of {over['of']} days{since}."


def _table(rows: list[dict[str, Any]], columns: tuple[str, ...]) -> str:
    if not rows:
        return "None on record."
    lines = ["| " + " | ".join(columns) + " |", "|" + " --- |" * len(columns)]
    lines += ["| " + " | ".join(_cell(row[name]) for name in columns) + " |" for row in rows]
    return "\n".join(lines)


def _cell(value: Any) -> str:
    """A value that cannot end its cell or become markup."""
    if isinstance(value, float):
        return f"{value:,.2f}"
    text = "" if value is None else " ".join(str(value).split())
    return "".join(f"\\{sign}" if sign in "\\`*_[]<>|#" else sign for sign in text)


def _list(items: Any) -> str:
    return "\n".join(f"- {_cell(item)}" for item in items)


def _yes(flag: bool | None) -> str:
    return "not known" if flag is None else "yes" if flag else "no"
