"""
Planting: store folders made to be hostile, and where to look for what was planted in them.

Every word that a file can bring in is a payload: whatever shows it as more than a word sets
`window.__odr_pwned`, asks for `evil.invalid`, or runs as a formula.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

from odrlib.exports.ledger import TEMPLATES
from tests.stores import ALL_ORDERS, odr_file, order, order_id, orders_file

SCRIPTS = (
    "<script>window.__odr_pwned=1</script>",
    "</script><script>window.__odr_pwned=2</script>",
    "<img src=x onerror='window.__odr_pwned=3'>",
    '"><svg onload="window.__odr_pwned=4">',
    "<!--<script>window.__odr_pwned=5//",
    '<a href="javascript:window.__odr_pwned=6">refund</a>',
    '<a href="https://evil.invalid/login">sign in</a>',
    "[sign in](javascript:window.__odr_pwned=7) ![x](https://evil.invalid/x.png)",
    "{{ 7*7 }}{% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}",
    "$$\\href{javascript:window.__odr_pwned=8}{x}$$ \\(\\unicode{x3c}\\)",
    "<iframe src=https://evil.invalid></iframe><style>@import url(https://evil.invalid/a.css)</style>",
    "%{x} %{customdata[0]} <b>bold</b><br><sup>up</sup> &lt;b&gt; &#60;script&#62;",
    "` + window.__odr_pwned=9 + ` ${window.__odr_pwned=10} \\u003cscript\\u003e",
)
FORMULAS = (
    "=cmd|' /C calc'!A0",
    "+SUM(1,1)*cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    '@HYPERLINK("https://evil.invalid","x")',
    "\uff1dcmd|' /C calc'!A0",
    "\uff0bcmd|' /C calc'!A0",
    "\uff0d1+cmd|' /C calc'!A0",
    "\uff20cmd|' /C calc'!A0",
    "\u00a0=cmd|' /C calc'!A0",
    "\u200b=cmd|' /C calc'!A0",
    "\ufeff=cmd|' /C calc'!A0",
)
ODD = (
    "\x1b]0;owned\x07\x1b[2J\x1b[31mred",
    "\x9b31mred\x9d0;owned\x9c",
    "\u202egpj.exe\u202c \u2066x\u2069",
    "zero\u200bwidth\u200d\ufeff",
    "a\u0301\u0302\u0303" + "\u0304" * 400,
    "long " * 400,
)
PAYLOADS = (*SCRIPTS, *FORMULAS, *ODD)
AS_OF = date(2026, 4, 30)
ORDERS = 420


def payload(number: int) -> str:
    """One of the payloads, fit for a cell of a file with tabs."""
    return PAYLOADS[number % len(PAYLOADS)].replace("\t", " ")


def day_of(number: int) -> date:
    """The day on which an order was placed: spread over ninety days, the last of them AS_OF."""
    return AS_OF - timedelta(days=number % 90)


def table(rows: Iterable[Sequence[str]], delimiter: str = ",") -> str:
    """Rows as CSV."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return out.getvalue()


def ledger(name: str, *rows: Mapping[str, str]) -> str:
    """A ledger with these rows; what a row does not name stays empty."""
    header = TEMPLATES[name][0]
    return table([header, *([row.get(column, "") for column in header] for row in rows)])


def hostile_store(folder: Path) -> Path:
    """A store folder in which every word from outside is a payload."""
    defective = [n for n in range(ORDERS) if n % 7 == 0]
    for path, content in _files(defective).items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def _files(defective: list[int]) -> dict[str, str | bytes]:
    orders = [
        order(
            n,
            day_of(n).isoformat(),
            product_name=payload(n % 5),
            # One product and one service carry most defects: they become causes.
            sku=payload(0) if n % 7 == 0 else f"{payload(1 + n % 4)}-{n % 4}",
            ship_service_level=payload(2 + n % 3),
            ship_state=payload(5 + n % 2),
            sales_channel="Amazon.com",
        )
        for n in range(ORDERS)
    ]
    ids = {n: order_id(n) for n in range(ORDERS)}
    feedback = ["Date\tRating\tComments\tYour Response\tOrder ID\tRater Email"]
    feedback += [
        f"{_us(day_of(n) + timedelta(days=4))}\t1\tNever arrived. {payload(n)}\t{payload(n + 1)}"
        f"\t{ids[n]}\tx@example.com"
        for n in defective
    ]
    tracker = [
        ["Tracking Number", "Order Number", "Carrier", "Package Status", "Pickup Time"],
        *(
            [
                f"TRK{n:09d}{payload(n)[:9]}",
                ids[n],
                payload(3 if n % 7 == 0 else n % 3),
                payload(n) if n % 11 == 0 else "Delivered",
                f"{day_of(n)} 12:00:00",
            ]
            for n in range(ORDERS)
        ),
    ]
    claims = [
        {"order_id": ids[n], "filed_on": str(day_of(n)), "reason": payload(n), "status": "granted",
         "charged_to": "seller", "note": payload(n + 3)}
        for n in defective[::3]
    ]  # fmt: skip
    first = ids[defective[0]]
    return {
        "store.toml": _settings(),
        "exports/all orders.txt": orders_file(orders, ALL_ORDERS),
        "exports/feedback.txt": "\n".join(feedback) + "\n",
        "exports/odr.csv": odr_file(
            (ids[n], f"{day_of(n):%m/%d/%Y}", "F") for n in defective
        ),
        "exports/17track.csv": table(tracker),
        "exports/<img src=x onerror=alert(1)>.csv": table([PAYLOADS[:8], PAYLOADS[8:16]]),
        "exports/\x1b[31mred\u202egpj.csv": table([["=1+1", "{{ 7*7 }}"], ["a", "b"]]),
        "exports/keys.json": json.dumps({one: {one: one} for one in PAYLOADS}),
        "exports/sheets.xlsx": workbook(),
        "ledger/claims.csv": ledger("claims", *claims),
        "ledger/chargebacks.csv": ledger(
            "chargebacks",
            {"order_id": ids[defective[1]], "filed_on": str(day_of(defective[1])),
             "reason": payload(1), "reason_code": payload(2), "status": payload(3),
             "class": "service", "note": payload(5)},
        ),
        "ledger/messages.csv": ledger(
            "messages",
            *({"order_id": ids[n], "at": f"{day_of(n)}T10:00:00Z", "from": "buyer",
               "text": f"Where is my package? {payload(n)}", "file": payload(n)}
              for n in defective),
        ),
        "ledger/events.csv": ledger(
            "events",
            *({"date": str(AS_OF - timedelta(days=n)), "kind": payload(n), "what": payload(n + 1),
               "column": "sku" if n % 2 else payload(n), "value": payload(0)} for n in range(10)),
        ),
        "ledger/measures.csv": ledger(
            "measures",
            *({"id": f"M{n}{payload(n)}", "cause": "R01", "kind": "corrective", "status": "done",
               "date": str(AS_OF), "what": payload(n), "owner": payload(n + 1),
               "frequency": payload(n + 2), "threshold": payload(n + 3),
               "artefact": payload(n + 4), "setting": payload(n + 5)}
              for n in range(len(PAYLOADS))),
        ),
        "ledger/settings.csv": ledger(
            "settings", *({"name": payload(n), "value": payload(n + 1)} for n in range(10))
        ),
        "ledger/removals.csv": ledger(
            "removals",
            {"order_id": first, "kind": "feedback", "requested_on": str(AS_OF),
             "result": payload(0), "note": payload(1)},
        ),
        "ledger/costs.csv": ledger(
            "costs",
            {"date": str(AS_OF), "kind": payload(2), "amount": "9.50", "currency": "USD",
             "order_id": first, "note": payload(3)},
        ),
        "ledger/findings.csv": ledger(
            "findings",
            *({"id": f"F{n}{payload(n)}", "noted_on": str(AS_OF), "name": payload(n),
               "text": payload(n + 1), "profile": "amazon", "first": "2026-02-01",
               "last": str(AS_OF), "channel": payload(n + 2), "kind": "any",
               "where": "sku = " + json.dumps(payload(0)), "orders": "3", "defective": "2",
               "rate": payload(7)} for n in range(6)),
        ),
        "ledger/evidence.csv": ledger(
            "evidence",
            {"order_id": first, "file": payload(2), "class": "logistics", "dated": str(AS_OF),
             "closes": payload(0), "note": payload(1)},
        ),
        f"evidence/{first}/<img src=x onerror=alert(1)>.txt": f"Delivered. {PAYLOADS[0]}",
        f"evidence/{first}/=cmd|' C calc'!A0.txt": PAYLOADS[13],
        f"evidence/{first}/\x1b[2J\u202etxt.exe": "x",
        "evidence/<script>alert(1)<..script>/a.txt": "x",
        "<b>beside<..b>.txt": "x",
    }  # fmt: skip


def _settings() -> str:
    """store.toml with a payload in every text that it may hold."""
    text = [json.dumps(one) for one in SCRIPTS]
    return "\n".join(
        [
            'id = "hostile"',
            'marketplace = "US"',
            f"name = {text[1]}",
            f"seller_id = {text[2]}",
            f"categories = [{text[0]}, {text[3]}]",
            f"{text[4]} = {text[5]}",
            "[account]",
            f"status = {text[0]}",
            f"restrictions = {text[1]}",
            f"note = {text[2]}",
            f"{text[6]} = 1",
            "[amazon]",
            "orders = 100",
            "defective = 20",
            f"[columns.{text[7]}]",
            f"order_id = {text[0]}",
        ]
    )


def workbook() -> bytes:
    """A workbook with payloads in the names of its sheets, its cells, notes and properties."""
    import openpyxl
    from openpyxl.comments import Comment

    book = openpyxl.Workbook()
    book.properties.creator = PAYLOADS[0]
    book.active.title = "<img src=x>"
    for number, words in enumerate(SCRIPTS):
        cell = book.active.cell(1 + number, 1, words)
        cell.comment = Comment(words, words)
    book.create_sheet("=1+1'{{7}}")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _us(day: date) -> str:
    return f"{day.month}/{day.day}/{day:%y}"
