"""Stores whose ids look alike, searched for each other's order ids in everything a run writes."""

import base64
import gzip
import re
import zipfile
from itertools import product

import pytest
from stores import make_store, odr_file, order, orders_file

from odrlib.report import build_reports

# A prefix, a suffix, another case, another sign, and a Cyrillic letter that looks like ours.
IDS = ("acme", "acme-2", "ACME_2", "acme.de", "my-acme", "аcme")
PACKED = re.compile(rb">([A-Za-z0-9+/=]{200,})<")
ORDER_ID = re.compile(r"\b\d{3}-\d{7}-\d{7}\b")


def ids_of(place):
    """The order ids of a store: all of one shape, and no two stores share one."""
    return [f"111-{place:07d}-{number:07d}" for number in range(300)]


def store_of(folder, place, key):
    """A store with defects, evidence and a register; stores share carrier, SKU and supplier."""
    mine = ids_of(place)
    rows = [
        order(one, f"2026-03-{1 + n % 20:02d}", sku="KETTLE" if n % 6 else "PAN",
              ship_service_level="Standard" if n % 6 else "Expedited")
        for n, one in enumerate(mine)
    ]  # fmt: skip
    bad = [one for n, one in enumerate(mine) if n % 6 == 0][:12]
    other = ids_of((place + 1) % len(IDS))[0]
    files = {
        "exports/orders.txt": orders_file(rows),
        "exports/odr.csv": odr_file([(one, "2026-03-01", "A") for one in bad]),
        # The same letter lies in the evidence of every store, and one names a neighbour's order.
        f"evidence/{bad[0]}/letter.txt": "We delivered the parcel on 5 March 2026.\n" * 3,
        f"evidence/{bad[1]}/note.txt": f"Delivered, order {other}, 5 March 2026.\n",
    }
    made = make_store(folder / f"folder-{place}", files)
    text = f'id = "{key}"\nname = "Store {place}"\nmarketplace = "US"\nclient = "Client {place}"\n'
    (made / "store.toml").write_text(text, encoding="utf-8")
    return made


def everything(path):
    """All text of a file: as it lies there, and what is packed in it."""
    raw = path.read_bytes()
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            raw += b"".join(map(archive.read, archive.namelist()))
    for packed in PACKED.findall(raw):
        content = base64.b64decode(packed)
        raw += gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content
    return raw.decode("utf-8", errors="replace")


@pytest.mark.long
@pytest.mark.slow
def test_no_file_of_one_store_holds_an_order_of_another_and_the_index_holds_none(tmp_path):
    out = tmp_path / "reports"
    stores = [store_of(tmp_path / "stores", place, key) for place, key in enumerate(IDS)]

    made = build_reports(stores, out, jobs=1, bar=False)

    assert [""] * len(IDS) == [result.error for result in made]
    texts = {
        key: "\n".join(map(everything, filter(lambda p: p.is_file(), (out / key).rglob("*"))))
        for key in IDS
    }
    held = {key: set(ORDER_ID.findall(text)) for key, text in texts.items()}
    for place, key in enumerate(IDS):
        # The search can find: each report names its own defective orders.
        assert ids_of(place)[0] in held[key]
    for mine, (second, other) in product(IDS, enumerate(IDS)):
        if mine == other:
            continue
        foreign = set(ids_of(second)) & held[mine]
        assert foreign == set(), (mine, IDS[second])
    for path in out.iterdir():
        if path.is_file():
            assert [] == ORDER_ID.findall(everything(path)), path.name
    index = (out / "index.html").read_text(encoding="utf-8")
    assert all(f">Store {place}</a>" in index for place in range(len(IDS)))
