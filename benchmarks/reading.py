"""
How fast is a large All Orders file read, beside what polars and duckdb take to parse it?

    python benchmarks/reading.py [--rows 1000000] [--rounds 5]

Needs the extra `bench`. The file is made up from a seed. All readers take the same columns; polars
is run twice, with moments as moments and as plain strings. Ours also finds the encoding and the
export, hashes the file, checks every id and date, and keeps the line of each row. Each round runs
all readers in turn, so that a busy machine slows all of them; the best round counts. Peak memory is
that of a process of its own that reads once.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np

HEADER = (
    "amazon-order-id", "merchant-order-id", "purchase-date", "last-updated-date", "order-status",
    "order-item-id", "fulfillment-channel", "sales-channel", "order-channel", "ship-service-level",
    "product-name", "sku", "asin", "item-status", "quantity", "currency", "item-price", "item-tax",
    "shipping-price", "shipping-tax", "gift-wrap-price", "gift-wrap-tax",
    "item-promotion-discount", "ship-promotion-discount", "ship-city", "ship-state",
    "ship-postal-code", "ship-country", "promotion-ids", "cpf", "is-business-order",
    "purchase-order-number", "price-designation", "signature-confirmation-recommended",
)  # fmt: skip
COLUMNS = (
    "amazon-order-id", "purchase-date", "last-updated-date", "order-status", "order-item-id",
    "fulfillment-channel", "sales-channel", "ship-service-level", "product-name", "sku", "asin",
    "item-status", "quantity", "currency", "item-price", "ship-state", "ship-country",
    "is-business-order",
)  # fmt: skip
STATES = ("CA", "NY", "TX", "WA", "FL")


def write_orders(path: Path, rows: int, dirty: int = 0) -> None:
    """
    An All Orders file of `rows` rows, about 300 bytes each.

    `dirty` rows, spread over the file, are damaged: an id rounded, a date cut, a cell too few or
    too many, an empty line.
    """
    chance = np.random.default_rng(2026)
    numbers = chance.integers(0, 10**7, (rows, 2))
    shops = chance.integers(100, 120, rows)
    products, prices = chance.integers(0, 800, rows), chance.integers(500, 9_000, rows)
    moments = np.datetime64("2026-01-01", "s") + np.sort(chance.integers(0, 200 * 86_400, rows))
    words = np.datetime_as_string(moments)
    spoiled = set(np.linspace(1, rows - 1, dirty, dtype=int).tolist())
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write("\t".join(HEADER) + "\n")
        for row in range(rows):
            product = products[row]
            order = f"{shops[row]}-{numbers[row, 0]:07d}-{numbers[row, 1]:07d}"
            moment = f"{words[row]}+00:00"
            cells = [
                *(order, order, moment, moment, "Shipped", f"{10**13 + row}"),
                *("Amazon" if product % 3 == 0 else "Merchant", "Amazon.com", "", "Standard"),
                f"Brand chair {product} with a long title, red “special” edition é{product}",
                *(f"SKU-{product:05d}", f"B0{product:08d}", "Shipped", "1", "USD"),
                *(f"{prices[row] / 100}", "0.0", "3.99", "0.0", "", "", "", "", "Springfield"),
                *(STATES[product % 5], "90210", "US", "", "", "false", "", "", "false"),
            ]
            if row in spoiled:
                cells = _spoil(cells, row)
            file.write("\t".join(cells) + "\n")


def _spoil(cells: list[str], row: int) -> list[str]:
    match row % 5:
        case 0:
            return ["1.13E+16", *cells[1:]]
        case 1:
            return [*cells[:2], cells[2][2:], *cells[3:]]
        case 2:
            return cells[:20]
        case 3:
            return [*cells, "one", "more"]
    return [""]


def ours(path: Path) -> int:
    """Rows read by odrlib."""
    from odrlib.exports.read import Context, read_file

    return len(read_file(path, path.name, Context("US", today=date(2026, 11, 23))).frame)


def polars(path: Path, moments: bool = True) -> int:
    """Rows parsed by polars, the two columns of moments as such."""
    import polars

    return len(
        polars.read_csv(
            path,
            separator="\t",
            columns=list(COLUMNS),
            quote_char=None,
            try_parse_dates=moments,
        )
    )


def polars_plain(path: Path) -> int:
    """Rows parsed by polars, moments left as strings."""
    return polars(path, moments=False)


def duckdb(path: Path) -> int:
    """Rows parsed by duckdb, types found by it."""
    import duckdb

    duckdb.sql("set enable_progress_bar = false")
    names = ", ".join(f'"{name}"' for name in COLUMNS)
    query = f"select {names} from read_csv('{path}', delim = '\t', quote = '', header = true)"
    return len(duckdb.sql(query).to_arrow_table())


READERS: dict[str, Callable[[Path], int]] = {
    "odrlib": ours,
    "polars": polars,
    "polars, moments as strings": polars_plain,
    "duckdb": duckdb,
}


def _best(read: Callable[[Path], int], path: Path, rounds: int) -> float:
    seconds = []
    for _ in range(rounds):
        start = time.perf_counter()
        read(path)
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def best_seconds(path: Path, rounds: int) -> dict[str, float]:
    """The best time of each reader, all of them run in turn."""
    best = dict.fromkeys(READERS, float("inf"))
    for _ in range(rounds):
        for name, read in READERS.items():
            best[name] = min(best[name], _best(read, path, rounds=1))
    return best


def peak_memory(name: str, path: Path) -> float | None:
    """MiB at the peak of a process of its own that reads once; None where Linux is not asked."""
    if not Path("/proc/self/status").exists():
        return None
    # VmHWM and not ru_maxrss: the latter is handed down by the process that started this one.
    code = (
        "import pathlib, re, runpy\n"
        f"bench = runpy.run_path({str(Path(__file__))!r})\n"
        f"bench['READERS'][{name!r}](pathlib.Path({str(path)!r}))\n"
        "print(re.search(r'VmHWM:\\s+(\\d+)', pathlib.Path('/proc/self/status').read_text())[1])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return int(done.stdout.split()[-1]) / 1024


def main() -> None:
    """Make the file, run the rounds, print the table."""
    options = argparse.ArgumentParser(description="Reading a large All Orders file.")
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--rounds", type=int, default=5)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path, dirty = Path(folder) / "orders.txt", Path(folder) / "dirty.txt"
        write_orders(path, given.rows)
        write_orders(dirty, given.rows, dirty=20)
        size = path.stat().st_size
        print(f"{given.rows:,} rows, {size / 1e6:,.0f} MB, {size / given.rows:.0f} bytes a row")
        best = best_seconds(path, given.rounds)
        for name, seconds in best.items():
            memory = peak_memory(name, path)
            told = "" if memory is None else f"  peak {memory:7,.0f} MiB"
            print(f"{name:28} {seconds:6.2f} s  {seconds / best['odrlib']:5.2f} of ours{told}")
        for name in ("polars", "duckdb"):
            print(f"ours is {best['odrlib'] / best[name]:.2f} × {name}")
        slower = _best(ours, dirty, given.rounds) / best["odrlib"]
        print(f"20 dirty rows take {slower:.2f} × the clean file")


if __name__ == "__main__":
    main()
