"""Evidence folders from literals: a store whose every cell is closed, and files to spoil it."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pandas as pd

import odrlib as odr
from odrlib.evidence import Evidence, evidence_matrix
from odrlib.tracking_numbers import valid
from tests.stores import make_store, order, orders_file

TODAY = date(2026, 6, 10)
AS_OF = date(2026, 6, 1)
HEADERS = {
    "claims": "order_id,filed_on,reason,status,decided_on,charged_to,odr_impact,appeal_by,note",
    "messages": "order_id,at,from,text,file",
    "deliveries": "order_id,carrier,service,tracking_number,shipped_at,first_scan_at,promised_ship,"
    "promised_delivery,delivered_at,status,signed_by,file",
    "evidence": "order_id,file,class,dated,closes,note",
    "costs": "date,kind,amount,currency,order_id,note",
}


def order_id(number: int) -> str:
    return f"114-1000000-{number:07d}"


def tracking_number(number: int) -> str:
    """A UPS number with its right check digit."""
    body = f"1Z64080660{number:07d}"
    return next(f"{body}{digit}" for digit in range(10) if valid(f"{body}{digit}"))


@dataclass
class Case:
    """One order, its ledger rows as lists of cells, and its files; every cell of it is closed."""

    number: int
    reason: str = "Package did not arrive"
    ledger: dict[str, list[list[str]]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return order_id(self.number)

    @property
    def tracking(self) -> str:
        return tracking_number(self.number)

    def text(self, name: str, old: str, new: str) -> None:
        """Change the text of a file."""
        before = self.files[name].decode()
        assert old in before
        self.files[name] = before.replace(old, new).encode()

    def cell(self, table: str, column: str, value: str, row: int = 0) -> None:
        """Change one cell of a ledger."""
        self.ledger[table][row][HEADERS[table].split(",").index(column)] = value


def clean(number: int) -> Case:
    """Ordered on 3 May, shipped on the 4th, delivered on the 8th, claimed 12th, refunded 13th."""
    case = Case(number)
    id_, n = case.id, case.tracking
    case.ledger = {
        "claims": [[id_, "2026-05-12", case.reason, "granted", "2026-05-18", "seller", "yes",
                    "2026-06-17", ""]],
        "messages": [
            [id_, "2026-05-10T09:00:00Z", "buyer", "Where is my parcel?", ""],
            [id_, "2026-05-10T14:30:00Z", "seller", "We have asked the carrier.", "messages.txt"],
        ],
        "deliveries": [[id_, "UPS", "Ground", n, "2026-05-04T16:00:00Z", "2026-05-04T19:00:00Z",
                        "2026-05-05T23:59:59Z", "2026-05-10T23:59:59Z", "2026-05-08T18:20:00Z",
                        "Delivered", "PLANTED SIGNER", "pod.txt"]],
        "evidence": [
            [id_, "pod.txt", "logistics", "2026-05-08", "claim", ""],
            [id_, "messages.txt", "communication", "2026-05-10", "claim", ""],
            [id_, "refund.txt", "remedy", "2026-05-13", "claim", ""],
        ],
        "costs": [["2026-05-13", "refund", "20.00", "USD", id_, "item not received"]],
    }  # fmt: skip
    case.files = {
        "pod.txt": (
            f"UPS proof of delivery\nTracking number: {n}\nDelivered: 05/08/2026 2:20 P.M.\n"
            "Delivered to: 12 PLANTED STREET, PLANTED TOWN, CA 90210\nSigned by: PLANTED SIGNER\n"
        ).encode(),
        "messages.txt": (
            f"Order {id_}\n2026-05-10 09:00 buyer: Where is my parcel?\n"
            "2026-05-10 14:30 seller: We have asked the carrier.\n"
        ).encode(),
        "refund.txt": (
            f"Refund for order {id_}\nRefunded on May 13, 2026: $20.00\nReason: item not received\n"
        ).encode(),
    }
    return case


def store_files(cases: Iterable[Case]) -> dict[str, bytes]:
    """The files of a store with these cases, and one good order on the last day."""
    cases = list(cases)
    rows = [order(case.id, "2026-05-03T10:00:00+00:00") for case in cases]
    files = {
        "exports/orders.txt": orders_file(
            [*rows, order(order_id(9_999_999), AS_OF.isoformat())]
        ).encode()
    }
    for table, header in HEADERS.items():
        lines = [",".join(row) for case in cases for row in case.ledger.get(table, [])]
        files[f"ledger/{table}.csv"] = "\n".join([header, *lines, ""]).encode()
    for case in cases:
        for name, content in case.files.items():
            files[f"evidence/{case.id}/{name}"] = content
    return files


def judge(
    folder: Path, cases: Iterable[Case], files: Mapping[str, bytes] | None = None
) -> Evidence:
    """The evidence of a store with these cases."""
    make_store(folder, store_files(cases) | dict(files or {}))
    return read(folder)


def read(folder: Path) -> Evidence:
    """The evidence of a store folder, on the day of these tests."""
    store = odr.read_store(folder, today=TODAY)
    return evidence_matrix(store, odr.defects_by_order(store), today=TODAY)


def state(evidence: Evidence, number: int, class_: str) -> str:
    cells = evidence.cells
    mine = cells[cells["order_id"].eq(order_id(number)) & cells["class"].eq(class_)]
    return mine["state"].item()


def told(evidence: Evidence) -> list[tuple[str, str]]:
    """Every finding as its id and the number of its order."""
    return sorted((f.id, (f.order_id or "")[-7:].lstrip("0")) for f in evidence.findings)


def states(evidence: Evidence) -> pd.Series:
    return evidence.cells["state"]


def pdf(text: str) -> bytes:
    """A one-page PDF with this text, as a carrier's page would make it."""
    lines = " ".join(
        f"({line.replace('(', '').replace(')', '')}) Tj 0 -14 Td" for line in text.splitlines()
    )
    stream = f"BT /F1 11 Tf 40 800 Td {lines} ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, places = io.BytesIO(), []
    out.write(b"%PDF-1.4\n")
    for number, body in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(b"trailer << /Size %d /Root 1 0 R >>\n" % (len(objects) + 1))
    out.write(b"startxref\n%d\n%%%%EOF\n" % start)
    return out.getvalue()


def mail(sender: str, sent: str, text: str) -> bytes:
    return (
        f"From: PLANTED <{sender}>\r\nTo: x <y@example.com>\r\nDate: {sent}\r\n"
        f"Subject: Inquiry\r\nMessage-ID: <1@example.com>\r\n\r\n{text}\r\n"
    ).encode()


def picture(form: str = "PNG", taken: str = "", size: tuple[int, int] = (64, 48)) -> bytes:
    from PIL import Image

    image = Image.new("RGB", size, "white")
    exif = image.getexif()
    if taken:
        exif.get_ifd(0x8769)[0x9003] = taken
        exif.get_ifd(0x8825)[1] = "N"
    out = io.BytesIO()
    image.save(out, form, exif=exif)
    return out.getvalue()
