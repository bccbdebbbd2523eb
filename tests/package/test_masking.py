"""Masking: what is personal goes, what proves stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odrlib.package.masking import Masker, known_from
from odrlib.package.writing import masked_table

ORDER = "114-1000000-0000001"


def masked(text, **more):
    return Masker(known_from([text]), **more).masked(text)[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("write to jo.smith@example.com now", "write to [e-mail masked] now"),
        ("xy12z@marketplace.amazon.co.jp", "[e-mail masked]"),
        ("call +1 (555) 123-4567", "call [phone masked]"),
        ("call 555-867-5309.", "call [phone masked]."),
        ("call 5551234567 or 555-0199", "call [phone masked] or [phone masked]"),
        ("My name is Anna Müller and", "My name is [name masked] and"),
        ("Telefon: 0171 2345678", "Telefon: [phone masked]"),
        ("電話番号: 090-1234-5678", "電話番号: [phone masked]"),
        ("手机 13812345678", "手机 [phone masked]"),
        ("Name: anna müller", "Name: [name masked]"),
        ("Dear Mrs. Anna Müller, sorry", "Dear Mrs. [name masked], sorry"),
        ("Hi John, thanks", "Hi [name masked], thanks"),
        ("Kind regards,\nAnna", "Kind regards,\n[name masked]"),
        ("2026-05-10 09:00 Anna Müller: Hello", "2026-05-10 09:00 [name masked]: Hello"),
        ("Ship to:\nAnna Müller\n", "Ship to:\n[name masked]\n"),
        ("山田太郎様 お客様", "[name masked]様 お客様"),
        ("收件人:王小明 电话 13812345678", "收件人:[name masked] 电话 [phone masked]"),
        ("I live at 12 Planted Street, Springfield, IL 62704", "I live at [address masked]"),
        ("Lieferadresse: Hauptstraße 12, 80331 München", "Lieferadresse: [address masked]"),
    ],
)
def test_what_is_personal_is_masked(text, expected):
    assert expected == masked(text)


@pytest.mark.parametrize(
    "text",
    [
        f"Order {ORDER} of 2026-05-10 09:00, refunded 05/13/2026 $1,234.56",
        "Tracking number 9400 0542 4661 2803 4168 90",
        "Tracking: 4006381333931",
        "buyer: There is a problem. seller: We have asked the carrier.",
        "Dear Customer, your refund has been sent.",
        "Shipping Method: Standard\nRefund Amount: 20.00",
        "Delivered 2026-10-15 14:20",
        "Reason: item not received",
    ],
)
def test_what_proves_stays(text):
    assert text == masked(text)


def test_a_known_tracking_number_stays_though_it_looks_like_a_telephone_number():
    text = "parcel 5558675309 arrived"

    assert "parcel [phone masked] arrived" == masked(text)
    assert text == masked(text, safe=frozenset({"5558675309"}))


def test_a_name_that_one_line_gives_away_is_masked_in_all():
    text = "Name: Anna Planted\nThen ANNA said that Planted is angry."

    assert "Name: [name masked]\nThen [name masked] said that [name masked] is angry." == masked(
        text
    )


def test_a_proof_of_delivery_keeps_name_and_address_and_no_telephone_number():
    text = "Signed by: ANNA PLANTED\nDelivered to: 12 Main Street\nPhone: 555-867-5309"
    kept = Masker(known_from([text]), keep=frozenset({"name", "address"})).masked(text)[0]

    assert text.replace("555-867-5309", "[phone masked]") == kept


def test_what_was_masked_is_counted():
    text = "Name: Anna Planted, a@example.com, b@example.com"

    assert {"name": 1, "email": 2} == dict(Masker(known_from([text])).masked(text)[1])


def test_a_column_of_names_is_masked_by_its_header():
    text = "order-id;buyer-name;note\n114;anna;fine\n"

    assert "order-id;buyer-name;note\n114;[name masked];fine\n" == masked_table(text, Masker())[0]


@given(st.text(max_size=200))
def test_a_mask_masked_again_is_the_same(text):
    once = Masker().masked(text)[0]

    assert once == Masker().masked(once)[0]


@given(st.text(max_size=60), st.emails(domains=st.just("example.com")), st.text(max_size=60))
def test_no_address_of_a_mail_stays(before, email, after):
    assert "@example.com" not in Masker().masked(f"{before} {email} {after}")[0]
