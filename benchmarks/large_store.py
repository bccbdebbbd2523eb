"""
A store of any size on disk, written in columns: a year of Amazon's own flat files, month by month.

All Orders takes about 300 bytes a row, so ten million orders are 3 GB; each order is also in the
shipments of its channel, three in a hundred are rated, and about one in a hundred has a defect.
Two faults are planted: one article from September on, and one carrier from August on.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv

from odrlib.demo.write import HEADERS

FIRST, LAST = np.datetime64("2025-11-01"), np.datetime64("2026-10-31")
PRODUCTS, BAD_PRODUCT = 5_000, 7
CARRIERS = ("USPS", "UPS", "FedEx", "Yanwen")
BAD_CARRIER = 3
STATES = ("CA", "NY", "TX", "WA", "FL", "PA", "IL", "OH", "GA", "NC")
WAREHOUSES = ("ONT8", "PHX6", "MDW2", "BFI4", "EWR9")
SETTINGS = 'id = "large"\nname = "Large store"\nmarketplace = "US"\nlanguage = "en"\n'
SAYS = ("Never arrived", "Broke after two days", "Wrong color in the box", "Arrived broken")
CLAIM_REASONS = ("Package did not arrive", "Item not as described or defective")


def write_large(folder: Path, orders: int, seed: int = 2026) -> Path:
    """Write a store of `orders` orders; the same arguments give the same bytes."""
    for name in ("exports", "ledger"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "store.toml").write_text(SETTINGS, encoding="utf-8")
    chance = np.random.default_rng(seed)
    days = np.arange(FIRST, LAST + 1)
    months = days.astype("datetime64[M]")
    share = orders * np.arange(len(days) + 1) // len(days)
    told: list[pd.DataFrame] = []
    for month in np.unique(months):
        here = np.flatnonzero(months == month)
        told.append(
            _write_days(folder, str(month), days[here], share[here[0] : here[-1] + 2], chance)
        )
    _write_defects(folder, pd.concat(told, ignore_index=True), chance)
    return folder


def write_day(folder: Path, orders: int, seed: int = 7) -> Path:
    """One more day's All Orders file, the day after the last; its path."""
    chance = np.random.default_rng(seed)
    shares = np.array([0, orders]) + (1 << 40)
    _write_days(folder, "2026-11-01", np.array([LAST + 1]), shares, chance)
    return folder / "exports" / "all orders 2026-11-01.txt"


def _write_days(
    folder: Path, name: str, days: np.ndarray, share: np.ndarray, chance: np.random.Generator
) -> pd.DataFrame:
    """The files of some days with orders numbered `share`; the orders that something befell."""
    number = np.arange(share[0], share[-1], dtype=np.int64)
    rows = len(number)
    at = np.repeat(days.astype("datetime64[s]"), np.diff(share)) + np.sort(
        chance.integers(0, 86_400, rows)
    )
    at = np.sort(at)
    # Popular articles first: half of the orders are of a twentieth of the articles.
    product = (PRODUCTS * chance.random(rows) ** 4).astype(np.int64)
    afn = chance.random(rows) < 0.3
    lane = chance.integers(0, len(CARRIERS), rows)
    state = chance.integers(0, len(STATES), rows)
    price = 500 + (product * 7919) % 8_500
    ids = _ids(number)
    risk = np.full(rows, 0.007)
    risk[(product == BAD_PRODUCT) & (at >= np.datetime64("2026-09-01"))] = 0.06
    risk[~afn & (lane == BAD_CARRIER) & (at >= np.datetime64("2026-08-01"))] = 0.02
    called_off = chance.random(rows) < 0.02
    bad = (chance.random(rows) < risk) & ~called_off
    rated = chance.random(rows) < 0.03
    moment = _moments(at)
    channel = _words(("Merchant", "Amazon"), afn)
    skus = _words([f"SKU-{k:05d}" for k in range(PRODUCTS)], product)
    asins = _words([f"B0{k:08d}" for k in range(PRODUCTS)], product)
    titles = _words(
        [f"Brand chair {k} with a long title, red “special” edition é{k}" for k in range(PRODUCTS)],
        product,
    )
    amount = pa.array(price / 100).cast(pa.string())
    status = _words(("Shipped", "Cancelled"), called_off)
    given: dict[str, Any] = {
        "amazon-order-id": ids, "merchant-order-id": ids, "purchase-date": moment,
        "last-updated-date": _moments(at + np.timedelta64(2, "D")), "order-status": status,
        "order-item-id": pa.array(number + 10**13).cast(pa.string()),
        "fulfillment-channel": channel, "sales-channel": "Amazon.com",
        "ship-service-level": _words(("Standard", "Expedited"), afn), "product-name": titles,
        "sku": skus, "asin": asins, "item-status": status, "quantity": "1", "currency": "USD",
        "item-price": amount, "item-tax": "0.0", "shipping-price": "3.99", "shipping-tax": "0.0",
        "ship-city": "SPRINGFIELD", "ship-state": _words(STATES, state),
        "ship-postal-code": "90210", "ship-country": "US", "is-business-order": "false",
        "signature-confirmation-recommended": "false",
    }  # fmt: skip
    room = folder / "exports"
    _write(room / f"all orders {name}.txt", HEADERS["all_orders_2026"], given, rows)
    sent = ~called_off
    tracking = _digits("1Z", number * 48_271 % 10**16, 16)
    shipped = _moments(at + np.timedelta64(20, "h"))
    carrier = _words(CARRIERS, lane)
    ours = {
        "order-id": ids, "order-item-id": given["order-item-id"], "quantity": "1",
        "ship-date": shipped, "carrier-code": carrier, "tracking-number": tracking,
        "ship-method": "Ground",
    }  # fmt: skip
    _write(room / f"confirm {name}.txt", HEADERS["confirm_shipment"], ours, rows, ~afn & sent)
    theirs = {
        "amazon-order-id": ids, "shipment-id": _digits("D", number % 10**9, 9),
        "amazon-order-item-id": given["order-item-id"], "purchase-date": moment,
        "shipment-date": shipped, "reporting-date": shipped, "sku": skus, "product-name": titles,
        "quantity-shipped": "1", "currency": "USD", "item-price": amount,
        "ship-service-level": "Expedited", "ship-state": _words(STATES, state),
        "ship-country": "US", "carrier": "AMZN_US", "tracking-number": tracking,
        "estimated-arrival-date": _moments(at + np.timedelta64(3, "D")),
        "fulfillment-center-id": _words(WAREHOUSES, lane), "fulfillment-channel": "AFN",
        "sales-channel": "Amazon.com",
    }  # fmt: skip
    _write(room / f"fba shipments {name}.txt", HEADERS["fba_shipments"], theirs, rows, afn & sent)
    seen = np.flatnonzero(bad | rated)
    return pd.DataFrame(
        {
            "order_id": ids.take(pa.array(seen)).to_pylist(),
            "day": at[seen].astype("datetime64[D]"),
            "bad": bad[seen],
            "afn": afn[seen],
            "sku": skus.take(pa.array(seen)).to_pylist(),
        }
    )


def _write_defects(folder: Path, told: pd.DataFrame, chance: np.random.Generator) -> None:
    """Feedback, claims, chargebacks and returns of the orders that something befell."""
    kind = np.where(told["bad"], chance.choice(4, len(told), p=(0.48, 0.4, 0.05, 0.07)), 9)
    later = np.minimum(
        told["day"].to_numpy("datetime64[D]") + chance.integers(3, 30, len(told)), LAST
    )
    # The fourth kind is rated badly and claimed as well.
    low, claimed = np.isin(kind, (0, 3)), np.isin(kind, (1, 3))
    rated = low | (kind == 9)
    stars = np.where(low, chance.integers(1, 3, len(told)), chance.integers(4, 6, len(told)))
    says = np.array(SAYS)[chance.integers(0, len(SAYS), len(told))]
    shown = pd.DataFrame(
        {
            "Date": pd.DatetimeIndex(later).strftime("%m/%d/%y"), "Rating": stars,
            "Comments": np.where(low, says, "Good"), "Your Response": "",
            "Order ID": told["order_id"], "Rater Email": "",
        }
    )[rated]  # fmt: skip
    shown.to_csv(folder / "exports" / "feedback.txt", sep="\t", index=False)
    text = np.datetime_as_string(later)
    claims = pd.DataFrame(
        {
            "order_id": told["order_id"], "filed_on": text,
            "reason": np.array(CLAIM_REASONS)[chance.integers(0, 2, len(told))],
            "status": "granted", "decided_on": "", "charged_to": "seller", "odr_impact": "Y",
            "appeal_by": "", "note": "",
        }
    )[claimed]  # fmt: skip
    claims.to_csv(folder / "ledger" / "claims.csv", index=False)
    back = pd.DataFrame(
        {
            "order_id": told["order_id"], "filed_on": text, "reason_code": "13.1",
            "reason": "Merchandise not received", "status": "", "class": "service",
            "odr_impact": "", "answer_by": "", "note": "",
        }
    )[kind == 2]  # fmt: skip
    back.to_csv(folder / "ledger" / "chargebacks.csv", index=False)
    mine = told[~told["afn"] & (chance.random(len(told)) < 0.5)]
    returns = pd.DataFrame("", index=mine.index, columns=HEADERS["mfn_returns"]).assign(
        **{
            "Order ID": mine["order_id"],
            "Order date": mine["day"].dt.strftime("%d-%b-%Y"),
            "Return request date": (mine["day"] + pd.Timedelta(days=9)).dt.strftime("%d-%b-%Y"),
            "Return request status": "Approved",
            "A-to-Z Claim": "N",
            "Merchant SKU": mine["sku"],
            "Return quantity": "1",
            "Return Reason": "CR-UNWANTED_ITEM",
        }
    )
    returns.to_csv(folder / "exports" / "returns.txt", sep="\t", index=False)


def _write(
    path: Path,
    header: list[str],
    given: dict[str, Any],
    rows: int,
    keep: np.ndarray | None = None,
) -> None:
    """A flat file as Amazon writes it: tabs, nothing quoted, what is not given empty."""
    text = pa.string()
    columns = [
        pa.repeat(pa.scalar(cell, text), rows) if isinstance(cell, str) else cell.cast(text)
        for cell in (given.get(name, "") for name in header)
    ]
    table = pa.table(columns, names=header)
    if keep is not None:
        table = table.filter(pa.array(keep))
    options = pa.csv.WriteOptions(
        include_header=False, delimiter="\t", quoting_style="none", batch_size=1 << 16
    )
    with open(path, "wb") as file:
        file.write(("\t".join(header) + "\n").encode())
        pa.csv.write_csv(table, file, options)


def _words(words: Any, codes: np.ndarray) -> pa.Array:
    return pa.array(list(words)).take(pa.array(codes.astype(np.int64)))


def _moments(at: np.ndarray) -> pa.Array:
    shown = np.datetime_as_string(at.astype("datetime64[s]"))
    return pa.array(np.char.add(shown, "+00:00"))


def _digits(prefix: str, numbers: np.ndarray, width: int) -> pa.Array:
    return _text(_matrix(numbers, width), prefix.encode())


def _ids(number: np.ndarray) -> pa.Array:
    """An order id for each number, scattered like Amazon's; no two are equal."""
    # An odd multiplier without the factor 5 turns over the 14 digits without meeting itself.
    digits = _matrix(_times(number, 48_271_982_123_457), 14)
    block = np.full((len(number), 19), ord("-"), np.uint8)
    block[:, :3] = np.frombuffer(b"114", np.uint8)
    block[:, 4:11], block[:, 12:] = digits[:, :7], digits[:, 7:]
    return _text(block, b"")


def _times(number: np.ndarray, factor: int) -> np.ndarray:
    """The number × factor modulo 10^14, in halves so that nothing overflows."""
    low, high = factor % 10**7, factor // 10**7
    small, large = number % 10**7, number // 10**7
    middle = (small * high + large * low) % 10**7
    return (small * low + middle * 10**7) % 10**14


def _matrix(numbers: np.ndarray, width: int) -> np.ndarray:
    block = np.empty((len(numbers), width), np.uint8)
    rest = numbers.copy()
    for place in range(width - 1, -1, -1):
        rest, digit = np.divmod(rest, 10)
        block[:, place] = digit + ord("0")
    return block


def _text(block: np.ndarray, prefix: bytes) -> pa.Array:
    """Rows of bytes as strings, the prefix before each."""
    before = np.broadcast_to(np.frombuffer(prefix, np.uint8), (len(block), len(prefix)))
    whole = np.ascontiguousarray(np.concatenate([before, block], axis=1))
    width = whole.shape[1]
    edges = np.arange(len(block) + 1, dtype=np.int32) * width
    return pa.StringArray.from_buffers(len(block), pa.py_buffer(edges), pa.py_buffer(whole))
