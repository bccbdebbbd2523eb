"""A package: what is in it, what is not, and that it says so."""

import csv
import io
import json
import os
import random
import shutil
import subprocess
import zipfile

import pytest
from PIL import Image

import odrlib as odr
from odrlib.errors import BadParameter, MissingExport, OdrError
from odrlib.package import build_package
from tests.evidence.folders import TODAY, clean, mail, order_id, pdf, store_files
from tests.package.boxes import PLANTED, again, ids, inside, manifest, packed, photo
from tests.stores import make_store

ONE = "small_114-1000000-0000001"


def test_every_file_has_the_stores_id_in_its_name_and_its_cell_in_the_manifest(tmp_path):
    package = packed(tmp_path, [clean(1)], settings='name = "Müller & Söhne"\n')
    files = manifest(package)["files"]

    assert ["Muller_Sohne_2026-06-01.zip"] == [path.name for path in package.paths]
    assert all(name.startswith("small_") and name.isascii() for name in inside(package))
    assert [
        (f"{ONE}_communication_01.txt", "communication", "closed"),
        (f"{ONE}_logistics_01.txt", "logistics", "closed"),
        (f"{ONE}_remedy_01.txt", "remedy", "closed"),
    ] == [(file["name"], file["class"], file["cell"]) for file in files]
    assert [] == ids(package)


def test_the_same_input_gives_the_same_bytes(tmp_path):
    case = clean(1)
    case.files |= {
        "a.pdf": pdf("x"),
        "b.jpg": photo(),
        "c.eml": mail("a@b.example", "Mon, 11 May 2026 09:00:00 +0000", "Hi"),
    }
    first = packed(tmp_path, [case, clean(2)])
    for path in (tmp_path / "small" / "evidence").rglob("*"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
    second = again(tmp_path, "elsewhere")

    assert first.paths[0].name == second.paths[0].name
    assert first.paths[0].read_bytes() == second.paths[0].read_bytes()


def test_the_manifest_hashes_every_file_before_and_after(tmp_path):
    import hashlib

    case = clean(1)
    case.files["receipt refund.jpg"] = photo()
    package = packed(tmp_path, [case])
    content = inside(package)
    originals = {hashlib.sha256(data).hexdigest() for data in case.files.values()}

    for file in manifest(package)["files"]:
        assert file["packed"]["sha256"] == hashlib.sha256(content[file["name"]]).hexdigest()
        assert file["packed"]["bytes"] == len(content[file["name"]])
        assert file["original"]["sha256"] in originals


def test_the_index_says_which_file_closes_which_cell_and_what_is_missing(tmp_path):
    case = clean(1)
    del case.files["pod.txt"]
    package = packed(tmp_path, [case])
    page = inside(package)["small_index.html"].decode()

    assert f'<a href="{ONE}_remedy_01.txt">' in page
    assert "a proof of delivery with address and tracking number" in page
    assert "does not claim to be complete" in page
    assert "<script" not in page
    assert "cells-open" in ids(package)


def test_the_pdf_index_says_the_same(tmp_path):
    from pypdf import PdfReader

    package = packed(tmp_path, [clean(1)], settings='name = "東京ストア 发货"\n')
    pages = PdfReader(io.BytesIO(inside(package)["small_index.pdf"])).pages
    text = "".join(page.extract_text() for page in pages)

    assert f"{ONE}_logistics_01.txt" in text
    assert "东" not in text
    assert "発" not in text
    assert "東京ストア" in text


def test_a_store_file_is_never_changed(tmp_path):
    package = packed(tmp_path, [clean(1)])
    before = {p: p.read_bytes() for p in (tmp_path / "small").rglob("*") if p.is_file()}
    again(tmp_path)

    assert package.paths
    assert before == {p: p.read_bytes() for p in (tmp_path / "small").rglob("*") if p.is_file()}


# ── what stays out ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("empty.pdf", b"", "left-out-empty"),
        ("broken.pdf", b"%PDF-1.4 and then nothing", "left-out-unreadable"),
        ("other.txt", f"Refund for order {order_id(2)}".encode(), "left-out-of-another-order"),
    ],
)
def test_what_proves_nothing_stays_out_and_is_named(tmp_path, name, content, why):
    case = clean(1)
    case.files[name] = content
    package = packed(tmp_path, [case, clean(2)])

    assert [why] == [finding.id for finding in package.findings if finding.level == "error"]
    assert order_id(1) == next(f.order_id for f in package.findings if f.id == why)
    assert 6 == len(manifest(package)["files"])


def test_a_link_is_not_followed(tmp_path):
    (tmp_path / "secret.txt").write_text("PLANTED secret")
    packed(tmp_path, [clean(1)])
    (tmp_path / "small" / "evidence" / order_id(1) / "link.txt").symlink_to(tmp_path / "secret.txt")
    package = again(tmp_path)

    assert "left-out-link" in ids(package)
    assert not any(b"PLANTED secret" in data for data in inside(package).values())


def test_another_stores_file_stays_out_and_the_package_does_not_name_that_store(tmp_path):
    case = clean(1)
    case.files["refund2.txt"] = f"Refund for order {order_id(1)} by Rival Trading".encode()
    (tmp_path / "rival").mkdir()
    (tmp_path / "rival" / "store.toml").write_text(
        'id = "rival-shop"\nname = "Rival Trading"\nmarketplace = "US"\n'
    )
    package = packed(tmp_path, [case])

    assert "left-out-of-another-store" in ids(package)
    assert not any(b"ival" in data for data in inside(package).values())


def test_an_order_without_a_defect_stays_out(tmp_path):
    package = packed(
        tmp_path, [clean(1)], {f"evidence/{order_id(9_999_999)}/note.txt": b"Delivered 05/08/2026"}
    )

    assert "left-out-no-defect" in ids(package)
    assert not any("9999999" in name for name in inside(package))


def test_papers_of_measures_go_in_under_their_own_name(tmp_path):
    files = {"evidence/measures/training.txt": b"Training of 20 May 2026, signed by: Anna Lee"}
    package = packed(tmp_path, [clean(1)], files)

    assert b"Anna Lee" in inside(package)["small_measures_01.txt"]
    assert b"small_measures_01.txt" in inside(package)["small_index.html"]


def test_without_any_file_there_is_no_package(tmp_path):
    case = clean(1)
    case.files = {}
    with pytest.raises(MissingExport, match="put each order's proofs into evidence/"):
        packed(tmp_path, [case])

    assert not (tmp_path / "out").exists()


def test_a_limit_that_holds_nothing_is_refused(tmp_path):
    with pytest.raises(BadParameter, match="max-bytes 10 is too small; a package needs 100,000"):
        packed(tmp_path, [clean(1)], max_bytes=10)


@pytest.mark.parametrize("room", ["exports", "ledger", "evidence"])
def test_nothing_is_written_into_what_is_read(tmp_path, room):
    make_store(tmp_path / "small", store_files([clean(1)]))
    with pytest.raises(BadParameter, match=f"nothing is ever written into {room}/"):
        again(tmp_path, f"small/{room}/here")


# ── what is masked ──────────────────────────────────────────────────────────────────────────────


def planted():
    case = clean(1)
    said = (
        f"Order {case.id}\nName: Planted Buyer\nplanted@example.com, 555-867-5309\n"
        "12 Planted Street, Planted Town, CA 90210\n"
    )
    case.files |= {
        "PLANTED BUYER chat.txt": said.encode(),
        "messages 2.eml": mail("planted@example.com", "Mon, 11 May 2026 09:00:00 +0000", said),
        "messages 3.csv": (
            f"order-id,buyer-name,phone\n{case.id},planted buyer,5558675309\n".encode()
        ),
        "messages 4.pdf": pdf(said.upper()),
        "messages 5.html": f"<html><body><p>{said}</p></body></html>".encode(),
        "messages 6.jpg": photo(turned=6),
    }
    return case


def test_nothing_planted_comes_out_of_any_part_of_a_package(tmp_path):
    """The proof of delivery keeps name and address: it is the only file that may."""
    package = packed(tmp_path, [planted()])
    content = inside(package)
    del content[f"{ONE}_logistics_01.txt"]
    content["json"] = json.dumps(package.as_dict()["findings"]).encode()
    content["manifest"] = content["small_manifest.json"]

    for name, data in content.items():
        for word in PLANTED:
            assert word.lower() not in data.lower(), name
    assert {"name", "email", "phone", "address"} == set(manifest(package)["masked"])


def test_the_proof_of_delivery_keeps_name_and_address(tmp_path):
    proof = inside(packed(tmp_path, [clean(1)]))[f"{ONE}_logistics_01.txt"].decode()

    assert "12 PLANTED STREET, PLANTED TOWN, CA 90210\nSigned by: PLANTED SIGNER" in proof


def test_a_masked_pdf_has_no_text_left_and_opens(tmp_path):
    from pypdf import PdfReader

    package = packed(tmp_path, [planted()])
    data = next(data for name, data in inside(package).items() if name.endswith("_04.pdf"))
    pages = PdfReader(io.BytesIO(data)).pages

    assert "" == pages[0].extract_text().strip()
    assert 1 == len(pages[0].images)


def test_what_a_download_says_of_the_buyer_is_masked_in_a_message(tmp_path):
    case = clean(1)
    case.files["messages 2.txt"] = f"Order {case.id}: zanzibar quux wants money".encode()
    header = "order-id\tpurchase-date\tbuyer-name\torder-item-id\tsku\tquantity-purchased\n"
    row = f"{case.id}\t2026-05-03T10:00:00+00:00\tZanzibar Quux\t1\tKETTLE\t1\n"
    package = packed(tmp_path, [case], {"exports/new.txt": (header + row).encode()})

    assert (
        b"Order 114-1000000-0000001: [name masked] wants money"
        in (inside(package)[f"{ONE}_communication_01.txt"])
    )


def test_pictures_are_upright_bare_and_said_to_be_unmasked(tmp_path):
    case = clean(1)
    case.files["photo refund.jpg"] = photo((40, 30), turned=6)
    package = packed(tmp_path, [case])
    data = inside(package)[f"{ONE}_remedy_01.jpg"]

    with Image.open(io.BytesIO(data)) as image:
        assert (30, 40) == image.size
        assert {} == dict(image.getexif())
        assert "comment" not in image.info
    assert "look-before-you-send" in ids(package)
    assert "a picture: what it shows cannot be masked here" == next(
        file["not_masked"] for file in manifest(package)["files"] if file["name"].endswith("jpg")
    )


# ── the limit of size ───────────────────────────────────────────────────────────────────────────


def heavy(count, files=3):
    """Orders with photos that no step makes small."""
    cases = [clean(number) for number in range(1, count + 1)]
    for case in cases:
        for n in range(files):
            case.files[f"photo refund {n}.jpg"] = photo((1000, 800), case.number * 10 + n)
    return cases


def test_parts_hold_the_limit_and_lose_no_file(tmp_path):
    package = packed(tmp_path, heavy(3), max_bytes=2_000_000)
    names = [name for path in package.paths for name in zipfile.ZipFile(path).namelist()]
    photos = [name for name in names if name.endswith(".jpg")]

    assert len(package.paths) > 1
    assert all(path.stat().st_size <= 2_000_000 for path in package.paths)
    assert (9, 9) == (len(photos), len(set(photos)))
    assert len(package.paths) == names.count("small_index.html")
    assert "package-in-parts" in ids(package)
    for number in (1, 2, 3):
        parts = {f["part"] for f in manifest(package)["files"] if f["order_id"] == order_id(number)}
        assert 1 == len(parts)


def test_parts_of_an_earlier_package_of_the_day_go(tmp_path):
    packed(tmp_path, heavy(2), max_bytes=1_500_000)
    several = len(list((tmp_path / "out").iterdir()))
    (tmp_path / "out" / "other.zip").write_bytes(b"not ours")
    again(tmp_path)

    assert several > 1
    assert ["other.zip", "small_2026-06-01.zip"] == sorted(
        path.name for path in (tmp_path / "out").iterdir()
    )


def test_a_photo_is_no_smaller_than_it_must_be(tmp_path):
    """Photos in a package with room for them keep their size."""
    package = packed(tmp_path, heavy(1))
    sizes = [
        Image.open(io.BytesIO(data)).size
        for name, data in inside(package).items()
        if name.endswith(".jpg")
    ]

    assert [(1000, 800)] * 3 == sizes


def test_a_file_that_alone_is_over_the_limit_is_named(tmp_path):
    case = clean(1)
    drawn = random.Random(1)
    rows = "\n".join(drawn.randbytes(40).hex() for _ in range(2_600))
    case.files["refund list.txt"] = f"Refund for order {case.id}\n{rows}".encode()
    package = packed(tmp_path, [case], max_bytes=100_000)

    assert "left-out-over-the-limit" in ids(package)
    assert 3 == len(manifest(package)["files"])
    assert ["closed", "closed", "open"] == [row.state for row in package.contents.orders[0].rows]


def test_nothing_is_left_behind_when_writing_fails(tmp_path, monkeypatch):
    from odrlib.package import archive

    def full(path, members):
        path.write_bytes(b"half")
        raise OSError("no space left on device")

    packed(tmp_path, [clean(1)])
    before = (tmp_path / "out" / "small_2026-06-01.zip").read_bytes()
    monkeypatch.setattr(archive, "write_zip", full)
    with pytest.raises(OdrError, match="no package was written to .*: no space"):
        again(tmp_path)

    assert ["small_2026-06-01.zip"] == [path.name for path in (tmp_path / "out").iterdir()]
    assert before == (tmp_path / "out" / "small_2026-06-01.zip").read_bytes()


@pytest.mark.parametrize(
    "command", [["unzip", "-tqq"], ["7z", "t"], ["bsdtar", "-tf"]], ids=lambda one: one[0]
)
def test_other_programs_open_it(tmp_path, command):
    if shutil.which(command[0]) is None:
        pytest.skip(f"no {command[0]} here")
    package = packed(tmp_path, [clean(1)])

    assert 0 == subprocess.run([*command, package.paths[0]], stdout=subprocess.DEVNULL).returncode


def test_a_mail_keeps_its_day_and_its_side(tmp_path):
    case = clean(1)
    case.files["messages 2.eml"] = mail(
        "x1y2@marketplace.amazon.com", "Mon, 11 May 2026 09:00:00 +0000", f"Order {case.id}?"
    )
    text = inside(packed(tmp_path, [case]))[f"{ONE}_communication_01.eml"].decode()

    assert "Date: Mon, 11 May 2026 09:00:00 +0000\nFrom: buyer [e-mail masked]\n" in text
    assert f"Order {case.id}?" in text


def test_a_table_is_still_a_table(tmp_path):
    case = clean(1)
    case.files["refund.csv"] = f'order-id,amount\n{case.id},"1,234.50"\n'.encode()
    name = f"{ONE}_remedy_01.csv"
    rows = list(csv.reader(io.StringIO(inside(packed(tmp_path, [case]))[name].decode())))

    assert [["order-id", "amount"], [case.id, "1,234.50"]] == rows


@pytest.mark.long
@pytest.mark.slow
def test_forty_photos_of_three_megabytes_hold_the_limit(tmp_path):
    cases = [clean(number) for number in range(1, 9)]
    for case in cases:
        for n in range(5):
            case.files[f"photo refund {n}.jpg"] = photo((2000, 1500), case.number * 10 + n)
    package = packed(tmp_path, cases)

    assert all(path.stat().st_size <= 10_000_000 for path in package.paths)
    assert 40 == sum(name.endswith(".jpg") for name in inside(package))


def test_a_file_that_changes_on_the_way_stays_out(tmp_path):
    packed(tmp_path, [clean(1)])
    facts = odr.build_facts(odr.read_store(tmp_path / "small", today=TODAY))
    assert len(facts.proof.files) == 3
    (tmp_path / "small" / "evidence" / order_id(1) / "refund.txt").write_text("something else")
    package = build_package(facts, tmp_path / "out")

    assert "left-out-changed" in ids(package)
    assert b"something else" not in b"".join(inside(package).values())
