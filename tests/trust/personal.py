"""
Personal: a store folder with people planted in every kind of file, and where they may not turn up.

Each person is planted once, so that a leak names the file that it came from.
"""

from __future__ import annotations

import io
import json
from datetime import timedelta
from pathlib import Path

from tests.stores import ALL_ORDERS, order, order_id, orders_file
from tests.trust.planting import AS_OF, day_of, ledger, table

# Where it is planted -> words of which none may stand in any output.
PLANTED: dict[str, tuple[str, ...]] = {}


def person(where: str) -> dict[str, str]:
    """A person of the place: name, e-mail, phone and address, each to be found again."""
    word = "".join(letter for letter in where.title() if letter.isalpha())
    number = 1_000_000 + sum(ord(letter) * (at + 7) for at, letter in enumerate(where)) % 8_999_999
    made = {
        "name": f"Zora {word}son",
        "email": f"zora.{word.lower()}@planted.example",
        "phone": f"+49 171 {number}",
        "street": f"{number % 9000 + 100} {word}weg Street",
    }
    PLANTED[where] = (made["name"], made["email"], made["phone"], made["street"])
    return made


def personal_store(folder: Path) -> Path:
    """A store of 120 orders with people in every file."""
    PLANTED.clear()
    ids = {n: order_id(n) for n in range(120)}
    bad = [n for n in ids if n % 6 == 0]
    files: dict[str, str | bytes] = {
        "store.toml": 'id = "personal"\nmarketplace = "US"\n',
        "exports/all orders.txt": _orders(),
        "exports/new orders.txt": _new_orders(ids),
        "exports/feedback.txt": _feedback(ids, bad),
        "exports/shifted.txt": _shifted(),
        "exports/a list of people.csv": _people(),
        "exports/sheet.xlsx": _workbook(ids),
        "exports/chargebacks.json": _chargebacks(ids),
        "ledger/messages.csv": _messages(ids, bad),
        "ledger/claims.csv": _claims(ids, bad),
        "ledger/deliveries.csv": _deliveries(ids),
        "ledger/costs.csv": _costs(ids),
    }
    mail = person("file name")["email"]
    files[f"exports/from {mail}.csv"] = "a,b\n1,2\n"
    files |= _evidence(ids[0])
    for path, content in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def _orders() -> str:
    who = person("orders column")
    rows = [order(n, day_of(n).isoformat()) for n in range(120)]
    text = orders_file(rows, (*ALL_ORDERS, "buyer-name", "buyer-email", "ship-phone-number"))
    lines = text.splitlines()
    return "\n".join(
        [
            lines[0],
            *(f"{line[:-2]}{who['name']}\t{who['email']}\t{who['phone']}" for line in lines[1:]),
        ]
    )


def _new_orders(ids: dict[int, str]) -> str:
    who = person("new orders")
    header = [
        "order-id", "order-item-id", "purchase-date", "payments-date", "buyer-email", "buyer-name",
        "buyer-phone-number", "sku", "product-name", "quantity-purchased", "currency", "item-price",
        "ship-service-level", "recipient-name", "ship-address-1", "ship-city", "ship-state",
        "ship-postal-code", "ship-country",
    ]  # fmt: skip
    rows = [
        [ids[n], f"{n}", f"{day_of(n)}T12:00:00+00:00", f"{day_of(n)}T12:00:00+00:00", who["email"],
         who["name"], who["phone"], "KETTLE", "Kettle", "1", "USD", "20.0", "Standard",
         who["name"], who["street"], "TOWN", "CA", "90210", "US"]
        for n in range(30)
    ]  # fmt: skip
    return table([header, *rows], "\t")


def _feedback(ids: dict[int, str], bad: list[int]) -> str:
    said, answered = person("comment"), person("response")
    bare = person("name of the order in its comment")
    lines = ["Date\tRating\tComments\tYour Response\tOrder ID\tRater Email"]
    for n in bad:
        on = day_of(n) + timedelta(days=3)
        words = (
            f"Never arrived. My name is {said['name']}, mail {said['email']} or call "
            f"{said['phone']}. I live at {said['street']}, Springfield, IL 62701."
        )
        if n == bad[1]:
            words = f"{bare['name']} here, still waiting at {bare['street']}"
        lines.append(
            f"{on.month}/{on.day}/{on:%y}\t1\t{words}\tDear {answered['name']}, we are sorry\t"
            f"{ids[n]}\t{person('rater')['email']}"
        )
    return "\n".join(lines) + "\n"


def _shifted() -> str:
    """A row whose cells have moved: a person stands where the order id or the date should."""
    first, second = person("order id cell"), person("date cell")
    rows = [
        order(first["name"], "2026-04-01"),
        order(first["email"], "2026-04-02"),
        order(first["phone"], "2026-04-02"),
        order(500, "2026-04-03", purchase_date=second["name"]),
        order(501, "2026-04-03", purchase_date=second["email"]),
        order(502, "2026-04-03", quantity=person("quantity cell")["name"]),
        order(503, "2026-04-03", item_price=person("price cell")["phone"]),
        order(504, "2026-04-03", fulfillment_channel=person("channel cell")["name"]),
    ]
    return orders_file(rows)


def _people() -> str:
    who = person("header that is data")
    other = person("header of names")
    return table([[who["name"], who["email"], who["phone"]], [other["name"], other["street"], "x"]])


def _workbook(ids: dict[int, str]) -> bytes:
    import openpyxl
    from openpyxl.comments import Comment

    cell, note, author = person("sheet cell"), person("sheet note"), person("sheet properties")
    book = openpyxl.Workbook()
    book.properties.creator = author["name"]
    book.properties.description = author["email"]
    sheet = book.active
    sheet.title = person("sheet name")["name"][:31]
    sheet.append(["Tracking Number", "Order Number", "Carrier", "Package Status", "Buyer Name"])
    sheet.append(["1Z5188791947177005", ids[1], "UPS", "Delivered", cell["name"]])
    sheet["A2"].comment = Comment(f"{note['name']} {note['phone']}", author["name"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _chargebacks(ids: dict[int, str]) -> str:
    who = person("chargebacks page")
    row = {"orderId": ids[6], "buyerName": who["name"], "buyerEmail": who["email"]}
    return json.dumps({"chargebacks": [row]})


def _messages(ids: dict[int, str], bad: list[int]) -> str:
    who, at = person("message"), "T10:00:00Z"
    return ledger(
        "messages",
        *(
            {
                "order_id": ids[n],
                "at": f"{day_of(n)}{at}",
                "from": "buyer",
                "text": f"Where is my package? Write to {who['email']} or call {who['phone']}. "
                f"Address: {who['street']}, Springfield, IL 62701. Regards,\n{who['name']}",
            }
            for n in bad
        ),
    )


def _claims(ids: dict[int, str], bad: list[int]) -> str:
    reason, note = person("claim reason"), person("claim note")
    return ledger(
        "claims",
        *(
            {
                "order_id": ids[n],
                "filed_on": str(day_of(n)),
                "reason": f"Not received, says {reason['email']}, {reason['phone']}",
                "status": "granted",
                "charged_to": "seller",
                "note": f"called {note['phone']} and wrote {note['email']}",
            }
            for n in bad[::2]
        ),
    )


def _deliveries(ids: dict[int, str]) -> str:
    return ledger(
        "deliveries",
        {
            "order_id": ids[0],
            "carrier": "UPS",
            "tracking_number": "1Z5188791947177999",
            "delivered_at": f"{day_of(0)}T10:00:00Z",
            "status": "delivered",
            "signed_by": person("signed by")["name"],
        },
    )


def _costs(ids: dict[int, str]) -> str:
    note = person("cost note")
    return ledger(
        "costs",
        {"date": str(AS_OF), "kind": "refund", "amount": "9.50", "currency": "USD",
         "order_id": ids[0], "note": f"to {note['email']} {note['phone']}"},
    )  # fmt: skip


def _evidence(order: str) -> dict[str, str | bytes]:
    from PIL import Image
    from reportlab.pdfgen.canvas import Canvas

    text, meta, photo = person("evidence text"), person("paper properties"), person("photo record")
    paper = io.BytesIO()
    canvas = Canvas(paper)
    canvas.setAuthor(meta["name"])
    canvas.setSubject(meta["email"])
    canvas.drawString(72, 720, f"Delivered {day_of(0)} order {order} tracking 1Z5188791947177999")
    canvas.save()
    picture = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E], exif[0x013B] = photo["email"], photo["name"]
    exif.get_ifd(0x8825)[1] = "N"
    Image.new("RGB", (64, 64), "white").save(picture, "JPEG", exif=exif)
    return {
        f"evidence/{order}/messages.txt": (
            f"Buyer {day_of(0)} 09:00: My name is {text['name']}, {text['email']}, "
            f"{text['phone']}, {text['street']}, Springfield, IL 62701\n"
        ),
        f"evidence/{order}/delivery.pdf": paper.getvalue(),
        f"evidence/{order}/photo.jpg": picture.getvalue(),
    }
