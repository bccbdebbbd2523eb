"""A store whose every cell is closed raises no alarm; each planted fault is found, on its order."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from odrlib.evidence import Evidence, evidence_dict
from tests.evidence.folders import (
    Case,
    clean,
    judge,
    mail,
    order_id,
    pdf,
    picture,
    read,
    state,
    states,
    store_files,
    told,
    tracking_number,
)  # fmt: skip
from tests.stores import make_store

LOGISTICS, COMMUNICATION, REMEDY = "logistics", "communication", "remedy"
OTHER = 3  # the order in whose folder the faults are planted; 1 and 2 stay clean


def three(spoil) -> list[Case]:
    cases = [clean(1), clean(2), clean(OTHER)]
    spoil(cases[-1], cases)
    return cases


def test_a_clean_folder_raises_no_alarm(tmp_path):
    found = judge(tmp_path / "a", [clean(1), clean(2)])

    assert {"closed"} == set(states(found))
    assert [] == told(found)
    assert found.next.empty


def as_pdf(case, cases):
    case.files["pod.pdf"] = pdf(case.files.pop("pod.txt").decode())
    case.cell("evidence", "file", "pod.pdf")
    case.cell("deliveries", "file", "pod.pdf")


def as_pictures(case, cases):
    for name, form in (("pod", "PNG"), ("messages", "JPEG"), ("refund", "PNG")):
        del case.files[f"{name}.txt"]
        # Two blank pictures of one size would be copies of each other.
        size = (64 + len(name), 48 + case.number)
        case.files[f"{name}.{form.lower()}"] = picture(form, size=size)
    for row, name in enumerate(("pod.png", "messages.jpeg", "refund.png")):
        case.cell("evidence", "file", name, row)
    case.cell("deliveries", "file", "pod.png")
    case.cell("messages", "file", "messages.jpeg", 1)


def as_mails(case, cases):
    del case.files["messages.txt"]
    case.files["1.eml"] = mail(
        "a1b2@marketplace.amazon.com", "Sun, 10 May 2026 09:00:00 +0000", "Where is it?"
    )
    case.files["2.eml"] = mail("shop@example.com", "Sun, 10 May 2026 14:30:00 +0000", "We ask.")
    case.ledger["messages"] = []
    case.ledger["evidence"][1:2] = [
        [case.id, name, "communication", "2026-05-10", "", ""] for name in ("1.eml", "2.eml")
    ]


def unlisted(case, cases):
    case.ledger["evidence"] = []
    case.cell("deliveries", "file", "")
    case.cell("messages", "file", "", 1)


def sent_again(case, cases):
    case.ledger["costs"] = []
    case.files["replacement.txt"] = (
        f"Replacement for order {case.id}, sent 2026-05-13, tracking number RB123456785GB\n"
    ).encode()
    del case.files["refund.txt"]
    case.ledger["evidence"][2] = [
        case.id, "replacement.txt", "remedy", "2026-05-13", "", "item not received",
    ]  # fmt: skip


def thanked(case, cases):
    case.ledger["messages"].append([case.id, "2026-05-11T09:00:00Z", "buyer", "Thank you!", ""])


def answered_by_a_machine_first(case, cases):
    case.ledger["messages"].insert(
        1, [case.id, "2026-05-10T09:00:05Z", "automatic", "We got your message.", ""]
    )


def explained_by_the_carrier(case, cases):
    case.cell("deliveries", "delivered_at", "2026-05-14T18:20:00Z")
    case.text("pod.txt", "05/08/2026", "05/14/2026")
    case.cell("evidence", "dated", "2026-05-14")
    case.files["ups statement.txt"] = (
        f"Statement of the carrier on {case.tracking}: scanned late.\n".encode()
    )
    case.ledger["evidence"].append(
        [case.id, "ups statement.txt", "logistics", "2026-05-20", "", "UPS explains the late scan"]
    )


def shared_statement(case, cases):
    both = [case, cases[0]]
    text = f"Statement of the carrier on {' and '.join(c.tracking for c in both)}.\n"
    for one in both:
        one.files["statement.txt"] = text.encode()
        one.ledger["evidence"].append([one.id, "statement.txt", "logistics", "", "", "all parcels"])


def in_japanese(case, cases):
    case.files["pod.txt"] = (
        f"配達証明書\nお問い合わせ番号 {case.tracking}\n配達完了 2026年5月8日 18:20\n"
        "お届け先 〒150-0001 東京都渋谷区神宮前1丁目\n受領者 山田\n"
    ).encode("cp932")


HONEST = [
    as_pdf, as_pictures, as_mails, unlisted, sent_again, thanked, answered_by_a_machine_first,
    explained_by_the_carrier, shared_statement, in_japanese,
]  # fmt: skip


def one_store(folder, spoils) -> Evidence:
    """A store with two clean orders (1, 2) and an order for each change (11, 12, …)."""
    cases = [clean(1), clean(2)]
    for number, spoil in enumerate(spoils, start=11):
        case = clean(number)
        spoil(case, cases[:2])
        cases.append(case)
    return judge(folder, cases)


@pytest.fixture(scope="module")
def honest(tmp_path_factory):
    return one_store(tmp_path_factory.mktemp("honest") / "a", HONEST)


@pytest.mark.parametrize("number", range(11, 11 + len(HONEST)), ids=[f.__name__ for f in HONEST])
def test_whatever_honest_evidence_looks_like_it_raises_no_alarm(honest, number):
    assert [] == told(honest)
    assert ["closed"] * 3 == [
        state(honest, number, class_) for class_ in (LOGISTICS, COMMUNICATION, REMEDY)
    ]


# ── planted faults: what is changed → the finding, the class, its state ──────────────────────────


def wrong_number_in_proof(case, cases):
    case.text("pod.txt", case.tracking, tracking_number(5_000))


def number_without_check_digit(case, cases):
    wrong = case.tracking[:-1] + str((int(case.tracking[-1]) + 1) % 10)
    case.text("pod.txt", case.tracking, wrong)
    case.cell("deliveries", "tracking_number", wrong)


def number_of_another_carrier(case, cases):
    case.cell("deliveries", "carrier", "Hermes")


def number_of_an_earlier_parcel(case, cases):
    case.files["pod.txt"] = cases[0].files["pod.txt"]
    case.cell("deliveries", "tracking_number", cases[0].tracking)
    case.cell("deliveries", "shipped_at", "2026-05-05T16:00:00Z")
    case.cell("deliveries", "first_scan_at", "2026-05-05T19:00:00Z")


def other_number_in_the_ledger(case, cases):
    case.cell("deliveries", "tracking_number", "1Z5R89390357567127")


def no_number_in_proof(case, cases):
    case.text("pod.txt", f"Tracking number: {case.tracking}\n", "")


def no_signature(case, cases):
    case.cell("deliveries", "signed_by", "")
    case.text("pod.txt", "Signed by: PLANTED SIGNER\n", "")


def left_at_the_door(case, cases):
    case.cell("deliveries", "signed_by", "")
    case.text("pod.txt", "Signed by: PLANTED SIGNER\n", "Signature: not required, left at door\n")


def no_address(case, cases):
    case.text("pod.txt", "Delivered to: 12 PLANTED STREET, PLANTED TOWN, CA 90210\n", "")


def no_proof(case, cases):
    del case.files["pod.txt"]
    del case.ledger["evidence"][0]
    case.cell("deliveries", "file", "")


def proof_of_another_order(case, cases):
    case.text("pod.txt", f"Tracking number: {case.tracking}", f"Shipment {cases[0].tracking}")


def refund_of_another_order(case, cases):
    case.text("refund.txt", case.id, f"{cases[0].id}, page 2")


def file_of_an_order_nobody_knows(case, cases):
    case.text("messages.txt", case.id, "112-7654321-7654321")


def copied_from_another_order(case, cases):
    case.files["pod.txt"] = cases[0].files["pod.txt"]


def zero_byte(case, cases):
    case.files["pod.txt"] = b""


def only_blanks(case, cases):
    case.files["refund.txt"] = b" \n\n"


def garbage_pdf(case, cases):
    as_pdf(case, cases)
    case.files["pod.pdf"] = b"%PDF-1.4\n" + bytes(range(256)) * 9


def cut_picture(case, cases):
    as_pictures(case, cases)
    case.files["messages.jpeg"] = picture("JPEG", size=(640, 480))[:-700]


def locked_pdf(case, cases):
    from io import BytesIO

    from pypdf import PdfReader, PdfWriter

    as_pdf(case, cases)
    writer, out = PdfWriter(PdfReader(BytesIO(case.files["pod.pdf"]))), BytesIO()
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(out)
    case.files["pod.pdf"] = out.getvalue()


def bomb(case, cases):
    from io import BytesIO

    from PIL import Image

    as_pictures(case, cases)
    out = BytesIO()
    Image.new("1", (16_000, 16_000)).save(out, "PNG")
    case.files["pod.png"] = out.getvalue()


def not_in_the_folder(case, cases):
    del case.files["pod.txt"]


def named_outside(case, cases):
    case.cell("evidence", "file", f"../{order_id(1)}/refund.txt", 2)
    del case.files["refund.txt"]


def delivered_before_shipped(case, cases):
    case.cell("deliveries", "shipped_at", "2026-05-09T16:00:00Z")


def delivered_the_day_before_shipped(case, cases):
    case.cell("deliveries", "shipped_at", "2026-05-09")
    case.cell("deliveries", "delivered_at", "2026-05-08")


def shipped_before_ordered(case, cases):
    case.cell("deliveries", "shipped_at", "2026-05-01T16:00:00Z")


def other_day_in_proof(case, cases):
    case.text("pod.txt", "05/08/2026", "05/11/2026")


def delivered_after_claim(case, cases):
    case.cell("deliveries", "delivered_at", "2026-05-14T18:20:00Z")
    case.text("pod.txt", "05/08/2026", "05/14/2026")


def late_answer(case, cases):
    case.cell("messages", "at", "2026-05-11T09:00:01Z", 1)


def late_over_the_weekend(case, cases):
    # Friday to Monday.
    case.cell("messages", "at", "2026-05-08T17:00:00Z")
    case.cell("messages", "at", "2026-05-11T08:00:00Z", 1)


def only_a_machine_answered(case, cases):
    case.cell("messages", "from", "automatic", 1)


def nobody_answered(case, cases):
    del case.ledger["messages"][1]


def answered_before_the_question(case, cases):
    case.cell("messages", "at", "2026-05-09T09:00:00Z", 1)


def refund_without_reason(case, cases):
    case.cell("costs", "note", "")


def refund_for_goodwill(case, cases):
    case.cell("costs", "note", "goodwill")


def refund_for_another_reason(case, cases):
    case.cell("costs", "note", "item defective")


def refund_of_a_part(case, cases):
    case.cell("costs", "amount", "4.00")
    case.text("refund.txt", "20.00", "4.00")


def refund_of_too_much(case, cases):
    case.cell("costs", "amount", "200.00")
    case.text("refund.txt", "20.00", "200.00")


def refund_differs(case, cases):
    case.text("refund.txt", "20.00", "2.00")


def refund_in_euro(case, cases):
    case.cell("costs", "currency", "EUR")


def refund_on_another_day(case, cases):
    case.text("refund.txt", "May 13", "May 29")


def refund_without_date(case, cases):
    case.cell("costs", "date", "")


def refund_before_the_complaint(case, cases):
    case.cell("costs", "date", "2026-05-05")
    case.text("refund.txt", "May 13", "May 5")


def refund_before_the_order(case, cases):
    case.cell("costs", "date", "2026-04-13")
    case.text("refund.txt", "May 13", "April 13")


def refund_not_in_ledger(case, cases):
    case.ledger["costs"] = []


def dated_in_the_future(case, cases):
    case.cell("evidence", "dated", "2026-08-01", 2)


def dated_before_the_order(case, cases):
    case.cell("evidence", "dated", "2026-04-01")


def photo_of_last_year(case, cases):
    as_pictures(case, cases)
    case.files["pod.jpg"] = picture("JPEG", "2025:05:08 12:00:00")
    del case.files["pod.png"]
    case.cell("evidence", "file", "pod.jpg")
    case.cell("deliveries", "file", "pod.jpg")


PLANTED = [
    (wrong_number_in_proof, "tracking-number-in-proof-differs", LOGISTICS, "contradicted"),
    (number_without_check_digit, "tracking-number-invalid", LOGISTICS, "contradicted"),
    (number_of_another_carrier, "tracking-number-invalid", LOGISTICS, "contradicted"),
    (number_of_an_earlier_parcel, "tracking-number-reused", LOGISTICS, "contradicted"),
    (other_number_in_the_ledger, "tracking-number-in-proof-differs", LOGISTICS, "contradicted"),
    (no_number_in_proof, "proof-without-number", LOGISTICS, "open"),
    (no_signature, "proof-without-signature", LOGISTICS, "open"),
    (left_at_the_door, "proof-without-signature", LOGISTICS, "open"),
    (no_address, "proof-without-address", LOGISTICS, "open"),
    (proof_of_another_order, "file-of-another-order", LOGISTICS, "contradicted"),
    (refund_of_another_order, "file-of-another-order", REMEDY, "contradicted"),
    (file_of_an_order_nobody_knows, "file-of-another-order", COMMUNICATION, "contradicted"),
    (copied_from_another_order, "file-is-copy", LOGISTICS, "contradicted"),
    (zero_byte, "file-empty", LOGISTICS, "open"),
    (only_blanks, "file-empty", REMEDY, "open"),
    (garbage_pdf, "file-unreadable", LOGISTICS, "unknown"),
    (cut_picture, "file-unreadable", COMMUNICATION, "unknown"),
    (locked_pdf, "file-encrypted", LOGISTICS, "unknown"),
    (bomb, "file-too-large", LOGISTICS, "unknown"),
    (not_in_the_folder, "file-not-found", LOGISTICS, "open"),
    (named_outside, "file-outside-folder", REMEDY, "open"),
    (delivered_before_shipped, "delivered-before-shipped", LOGISTICS, "contradicted"),
    (delivered_the_day_before_shipped, "delivered-before-shipped", LOGISTICS, "contradicted"),
    (shipped_before_ordered, "shipped-before-ordered", LOGISTICS, "contradicted"),
    (other_day_in_proof, "delivery-days-differ", LOGISTICS, "contradicted"),
    (delivered_after_claim, "delivered-after-complaint", LOGISTICS, "contradicted"),
    (late_answer, "answer-late", COMMUNICATION, "contradicted"),
    (late_over_the_weekend, "answer-late", COMMUNICATION, "contradicted"),
    (only_a_machine_answered, "answer-missing", COMMUNICATION, "open"),
    (nobody_answered, "answer-missing", COMMUNICATION, "open"),
    (answered_before_the_question, "answer-missing", COMMUNICATION, "open"),
    (refund_without_reason, "refund-without-reason", REMEDY, "open"),
    (refund_for_goodwill, "refund-without-reason", REMEDY, "open"),
    (refund_for_another_reason, "refund-reason-differs", REMEDY, "contradicted"),
    (refund_of_a_part, "refund-partial", REMEDY, "contradicted"),
    (refund_of_too_much, "refund-over-value", REMEDY, "contradicted"),
    (refund_differs, "refund-amounts-differ", REMEDY, "contradicted"),
    (refund_in_euro, "refund-currency-differs", REMEDY, "contradicted"),
    (refund_on_another_day, "refund-days-differ", REMEDY, "contradicted"),
    (refund_without_date, "refund-without-date", REMEDY, "open"),
    (refund_before_the_complaint, "remedy-before-complaint", REMEDY, "contradicted"),
    (refund_before_the_order, "remedy-before-order", REMEDY, "contradicted"),
    (refund_not_in_ledger, "refund-not-in-ledger", REMEDY, "open"),
    (dated_in_the_future, "file-date-impossible", REMEDY, "contradicted"),
    (dated_before_the_order, "file-date-impossible", LOGISTICS, "contradicted"),
    (photo_of_last_year, "file-date-impossible", LOGISTICS, "contradicted"),
]


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """One store with every fault, each in an order of its own, beside two clean orders."""
    return one_store(tmp_path_factory.mktemp("planted") / "a", [row[0] for row in PLANTED])


@pytest.mark.parametrize(
    ("number", "finding", "class_", "expected"),
    [(11 + place, *row[1:]) for place, row in enumerate(PLANTED)],
    ids=[row[0].__name__ for row in PLANTED],
)
def test_a_planted_fault_is_found_on_its_order(planted, number, finding, class_, expected):
    mine = [code for code, order in told(planted) if order == str(number)]

    assert finding in mine
    assert expected == state(planted, number, class_)
    others = {LOGISTICS, COMMUNICATION, REMEDY} - {class_}
    assert {"closed"} == {state(planted, number, other) for other in others}


def test_no_fault_is_laid_on_an_innocent_order(planted):
    spoilt = {str(11 + place) for place in range(len(PLANTED))}

    assert spoilt == {order for _, order in told(planted)}
    assert {"closed"} == {
        state(planted, number, class_)
        for number in (1, 2)
        for class_ in (LOGISTICS, COMMUNICATION, REMEDY)
    }


def test_what_is_missing_altogether_is_told_by_the_cell_and_by_what_to_fetch(tmp_path):
    found = judge(tmp_path / "a", three(no_proof))

    assert "open" == state(found, OTHER, LOGISTICS)
    assert [] == told(found)
    assert [(order_id(OTHER), LOGISTICS, 1)] == [
        tuple(row) for row in found.next[["order_id", "class", "closes"]].to_numpy()
    ]
    assert f"ask UPS ({tracking_number(OTHER)})" in found.next["fetch"].item()


def test_two_orders_in_one_parcel_share_its_number(tmp_path):
    cases = [clean(1), clean(2)]
    cases[1].cell("deliveries", "tracking_number", cases[0].tracking)
    cases[1].text("pod.txt", tracking_number(2), tracking_number(1))
    both = f"Orders {cases[0].id} and {cases[1].id}\n".encode()
    for case in cases:
        case.files["pod.txt"] += both

    assert [] == told(judge(tmp_path / "a", cases))


def test_the_ledger_and_a_download_name_two_numbers(tmp_path):
    header = "amazon-order-id\tshipment-date\tcarrier\ttracking-number\n"
    row = f"{order_id(1)}\t2026-05-04T16:00:00+00:00\tUPS\t{tracking_number(8)}\n"
    found = judge(tmp_path / "a", [clean(1)], {"exports/erp.txt": (header + row).encode()})

    assert [("tracking-numbers-differ", "1")] == told(found)


def listing_change(case, cases, note):
    case.cell("claims", "reason", "Item not as described")
    case.ledger["costs"] = []
    del case.files["refund.txt"]
    case.files["listing.png"] = picture(size=(50, 40 + case.number))
    case.ledger["evidence"][2] = [case.id, "listing.png", "remedy", "2026-05-14", "", note]


def test_a_corrected_listing_needs_its_reason(tmp_path):
    cases = [clean(1), clean(2)]
    listing_change(cases[0], cases, "listing corrected: not as described")
    listing_change(cases[1], cases, "")

    assert [("listing-change-without-reason", "2")] == told(judge(tmp_path / "a", cases))


def test_a_tracker_s_clock_may_be_any_clock(tmp_path):
    """Its export tells no time zone: a scan nine hours before the order is no contradiction."""
    case = clean(1)
    case.ledger["deliveries"] = []
    tracker = (
        "Number,Order No,Carrier,Status,First scan,Delivered\n"
        f"{case.tracking},{case.id},UPS,Delivered,2026-05-03 01:00:00,2026-05-08 09:20:00\n"
    )

    assert [] == told(judge(tmp_path / "a", [case], {"exports/17track.csv": tracker.encode()}))


def test_what_amazon_shipped_needs_no_proof_of_delivery(tmp_path):
    case = clean(1)
    no_proof(case, [])
    case.ledger["deliveries"] = []
    files = store_files([case])
    files["exports/orders.txt"] = files["exports/orders.txt"].replace(b"Merchant", b"Amazon")
    make_store(tmp_path / "a", files)

    assert "not required" == state(read(tmp_path / "a"), 1, LOGISTICS)


def protected(case, cases):
    """A Claims Protected label in time: label in place of proof, no refund of one's own."""
    no_proof(case, cases)
    case.cell("deliveries", "service", "Ground - Claims Protected")
    case.cell("deliveries", "signed_by", "")
    case.files["label claims protected.png"] = picture(size=(70, 40 + case.number))
    case.ledger["evidence"][-1] = [
        case.id, "label claims protected.png", "logistics", "2026-05-04", "", "",
    ]  # fmt: skip
    del case.files["refund.txt"]
    case.ledger["costs"] = []


def test_a_protected_label_scanned_in_time_closes_logistics_and_asks_no_remedy(tmp_path):
    cases = [clean(1), clean(2)]
    for case in cases:
        protected(case, cases)
    cases[1].cell("deliveries", "first_scan_at", "2026-05-06T10:00:00Z")
    found = judge(tmp_path / "a", cases)

    assert ["closed", "not required"] == [state(found, 1, name) for name in (LOGISTICS, REMEDY)]
    assert ["open", "open"] == [state(found, 2, name) for name in (LOGISTICS, REMEDY)]


# ── other stores ────────────────────────────────────────────────────────────────────────────────


def two_stores(folder, spoil):
    """A store and its sibling, whose one order is of another site."""
    theirs = Case(7)
    theirs.ledger = {}
    files = store_files([clean(5)])
    make_store(folder / "b", files, settings='name = "Beta Trading"\nseller_id = "A2BETA000001"\n')
    cases = [clean(1), clean(2)]
    spoil(cases[1], clean(5))
    return judge(folder / "a", cases)


def same_file(case, theirs):
    case.files["pod.txt"] = theirs.files["pod.txt"]


def their_order(case, theirs):
    case.text("refund.txt", case.id, f"{theirs.id}, page 2")


def their_name(case, theirs):
    case.text("messages.txt", "seller:", "seller: This is Beta Trading.")


def their_seller_id(case, theirs):
    case.text("messages.txt", "seller:", "seller: (A2BETA000001)")


@pytest.mark.parametrize(
    ("spoil", "class_"),
    [(same_file, LOGISTICS), (their_order, REMEDY), (their_name, COMMUNICATION),
     (their_seller_id, COMMUNICATION)],
)  # fmt: skip
def test_a_file_of_another_store_is_found(tmp_path, spoil, class_):
    found = two_stores(tmp_path, spoil)

    assert [("file-of-another-store", "2")] == told(found)
    assert "contradicted" == state(found, 2, class_)


def test_a_sibling_that_copied_our_file_is_not_our_fault(tmp_path):
    theirs = store_files([clean(5)])
    theirs[f"evidence/{order_id(5)}/pod.txt"] = clean(1).files["pod.txt"]
    make_store(tmp_path / "b", theirs, settings='name = "Beta Trading"\n')

    assert [] == told(judge(tmp_path / "a", [clean(1)]))


def test_a_folder_of_an_order_that_is_not_ours_is_told(tmp_path):
    make_store(tmp_path / "b", store_files([clean(5)]), settings='name = "Beta Trading"\n')
    files = {
        f"evidence/{order_id(5)}/note.txt": b"x",
        "evidence/112-7654321-7654321/note.txt": b"y",
        "evidence/loose.txt": b"z",
        "evidence/someday/note.txt": b"z",
        "evidence/measures/template.txt": b"z",
    }
    found = judge(tmp_path / "a", [clean(1)], files)

    assert [
        ("file-in-no-order-folder", ""),
        ("folder-of-another-store", "5"),
        ("folder-of-no-order", ""),
        ("folder-of-unknown-order", "7654321"),
    ] == told(found)


# ── the folder itself ───────────────────────────────────────────────────────────────────────────


def test_links_are_told_and_never_followed(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text(clean(1).files["pod.txt"].decode(), encoding="utf-8")
    make_store(tmp_path / "a", store_files([clean(1)]))
    proof = tmp_path / "a" / "evidence" / order_id(1) / "pod.txt"
    proof.unlink()
    proof.symlink_to(secret)
    found = read(tmp_path / "a")

    assert [("file-is-link", "1")] == told(found)
    assert "open" == state(found, 1, LOGISTICS)


def test_a_copy_that_tells_nothing_is_the_fault_of_every_folder_that_holds_it(tmp_path):
    cases = [clean(1), clean(2)]
    for case in cases:
        as_pictures(case, cases)
        case.files["pod.png"] = picture(size=(99, 99))

    assert [("file-is-copy", one) for one in "12"] == told(judge(tmp_path / "a", cases))


def test_the_order_of_files_and_cases_changes_nothing(tmp_path):
    spoilt = three(copied_from_another_order)
    one = judge(tmp_path / "one" / "a", spoilt)
    other = judge(tmp_path / "other" / "a", spoilt[::-1])

    assert [f.message for f in one.findings] == [f.message for f in other.findings]
    lines = [evidence_dict(found)["orders"] for found in (one, other)]
    assert lines[0] == lines[1]


def test_nothing_of_a_file_leaves_the_room(tmp_path):
    """Names and addresses stand in every file; only facts come out."""
    cases = three(lambda case, cases: [plant(case, cases) for plant in (no_address, late_answer)])
    text = json.dumps(evidence_dict(judge(tmp_path / "a", cases)))

    assert "PLANTED" not in text
    assert "parcel?" not in text


def test_nothing_is_written_into_the_folder(tmp_path):
    make_store(tmp_path / "a", store_files([clean(1)]))
    before = {path: path.stat().st_mtime_ns for path in sorted((tmp_path / "a").rglob("*"))}
    read(tmp_path / "a")

    assert before == {path: path.stat().st_mtime_ns for path in sorted((tmp_path / "a").rglob("*"))}


def test_the_json_has_the_shape_that_programs_count_on(tmp_path):
    found = evidence_dict(judge(tmp_path / "a", three(zero_byte)))

    assert {"schema_version", "as_of", "orders", "findings", "next"} == set(found)
    assert (1, "2026-06-01", 3) == (found["schema_version"], found["as_of"], len(found["orders"]))
    order = next(row for row in found["orders"] if row["order_id"] == order_id(OTHER))
    assert ["claim"] == order["kinds"]
    cell = order["cells"]["logistics"]
    assert ("open", []) == (cell["state"], cell["files"])
    assert ["pod.txt proves nothing: it has no byte in it"] == cell["missing"][:1]
    assert [{"order_id": order_id(OTHER), "class": "logistics", "closes": 1}] == [
        {key: row[key] for key in ("order_id", "class", "closes")} for row in found["next"]
    ]
    assert order_id(OTHER) == found["findings"][0]["order_id"]


NEUTRAL = st.text("abcxyz0189_- ", min_size=3, max_size=12).map(lambda stem: f"n{stem}n.txt")


@given(st.lists(NEUTRAL, min_size=3, max_size=3, unique_by=str.casefold), st.randoms())
@settings(max_examples=6)
def test_names_and_the_order_of_ledger_rows_change_no_state(names, random):
    """A file that a ledger names is judged by what is in it."""
    with TemporaryDirectory() as folder:
        case, spoilt = clean(1), clean(2)
        no_signature(spoilt, [case])
        for row, (old, new) in enumerate(
            zip(("pod.txt", "messages.txt", "refund.txt"), names, strict=True)
        ):
            for one in (case, spoilt):
                one.files[new] = one.files.pop(old)
                one.cell("evidence", "file", new, row)
        for one in (case, spoilt):
            one.cell("deliveries", "file", names[0])
            one.cell("messages", "file", names[1], 1)
            random.shuffle(one.ledger["evidence"])
        found = judge(Path(folder) / "a", [case, spoilt])

    assert [("proof-without-signature", "2")] == told(found)
    assert ["open", *["closed"] * 5] == sorted(states(found), reverse=True)
