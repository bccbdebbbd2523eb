"""
The demo: three make-believe stores in the contract's form, written from a seed.

Their files are in Amazon's own formats, clean and dirty; what is true of them stands in truth.json.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from odrlib.demo import de_mixed, jp_cross, us_fbm
from odrlib.demo.write import as_json, write
from odrlib.errors import BadParameter
from odrlib.languages import tr

SEED = 20_261_031
STORES = {store.ID: store for store in (us_fbm, de_mixed, jp_cross)}


def write_demo(
    folder: str | Path, seed: int = SEED, stores: Iterable[str] | None = None, scale: float = 1.0
) -> list[Path]:
    """
    Write the demo stores into `folder` and return the store folders.

    The same seed, stores and scale give the same bytes on every system. `truth.json` in `folder`,
    written last, holds the planted causes and the exact counts.

    Parameters
    ----------
    stores : ids out of `STORES`; None for all of them
    scale : 1.0 for the full number of orders, 0.02 for a quick look; above 0

    Raises
    ------
    BadParameter : a store that is not in `STORES`, a scale that is not above 0, or a folder in the
        way that is not a demo store
    """
    chosen = list(STORES) if stores is None else list(stores)
    if strangers := [store for store in chosen if store not in STORES]:
        raise BadParameter(
            tr("no demo store {wanted!r}; there are {known}",
               wanted=strangers[0], known=", ".join(STORES))
        )  # fmt: skip
    if not scale > 0:
        raise BadParameter(
            tr("scale is {scale}; it must be above 0, and 1 writes all orders", scale=scale)
        )
    folder = Path(folder)
    # Gone until all is written, so that a demo cut short is not taken for a whole one.
    (folder / "truth.json").unlink(missing_ok=True)
    truth = {
        store: _write(folder / store, store, seed, max(400, round(STORES[store].ORDERS * scale)))
        for store in chosen
    }
    write(folder / "truth.json", as_json({"seed": seed, "scale": scale, "stores": truth}))
    return [folder / store for store in chosen]


def write_store(
    folder: str | Path, orders: int = 50_000, seed: int = SEED, store: str = "us-fbm"
) -> Path:
    """Write one demo store with so many orders into `folder`, for benchmarks; returns `folder`."""
    _write(Path(folder), store, seed, orders)
    return Path(folder)


def _write(folder: Path, store: str, seed: int, orders: int) -> dict[str, Any]:
    _clear(folder)
    # A stream of random numbers for each store: leaving one out changes nothing in the others.
    rng = np.random.default_rng([seed, *store.encode()])
    truth: dict[str, Any] = STORES[store].write_store(folder, rng, orders)
    return truth


def _clear(folder: Path) -> None:
    """Take away what an earlier demo left in `folder`, and touch nothing else."""
    settings = folder / "store.toml"
    is_demo = settings.is_file() and "A0DEMO" in settings.read_text(encoding="utf-8")
    if folder.exists() and any(folder.iterdir()) and not is_demo:
        raise BadParameter(
            tr("{folder} holds something else than a demo store; name another folder",
               folder=folder)
        )  # fmt: skip
    for room in ("exports", "ledger", "evidence"):
        shutil.rmtree(folder / room, ignore_errors=True)
