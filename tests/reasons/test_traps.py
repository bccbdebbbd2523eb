"""Lines that a list of words alone would read wrongly, and what they say."""

import pandas as pd
import pytest

from odrlib.reasons import classify_reasons

TRAPS = [
    # what is denied, supposed or asked about is not said
    ("Arrived two days EARLY, not late at all.", ()),
    ("used it once, works", ()),
    ("It's not not working", ()),
    ("Never buying again", ()),
    ("No problems with delivery", ()),
    ("arrived quickly", ()),
    ("nothing missing", ()),
    ("no damage", ()),
    ("no dents, scratches or damage", ()),
    ("would have been late", ()),
    ("was it damaged?", ()),
    ("関税はかかりますか。いつ届きますか。", ()),
    ("Nicht zu spät, nicht beschädigt, nichts fehlt.", ()),
    ("没有破损", ()),
    ("一点都不慢", ()),
    ("遅れもなく、破損もなく、大満足です。", ()),
    ("Pas de retard, rien de cassé, parfait.", ()),
    ("Non in ritardo, non danneggiato", ()),
    # what stands beside it is
    ("Seller's shipping was very slow and the widget is dull", ("T-LATE",)),
    ("没有问题,就是慢了点", ("T-LATE",)),
    ("一直没收到,客服说签收了", ("T-INR",)),
    ("Ware kam nicht zu spät, aber defekt", ("T-DEF",)),
    ("届きましたが壊れていました", ("T-DMG",)),
    ("Fits perfectly but stopped working after 2 days", ("T-DEF",)),
    ("not only late but broken", ("T-DMG", "T-LATE")),
    ("late and broken", ("T-DMG", "T-LATE")),
    ("not good, broken", ("T-DMG",)),
    # the carrier is not the seller
    ("Great seller, terrible carrier", ("T-DELIVERY",)),
    # misspelt, without dots, in traditional characters, in full width
    ("I didnt recieve my package", ("T-INR",)),
    ("I didn’t receive my package", ("T-INR",)),
    ("Lieferung verspaetet", ("T-LATE",)),
    ("貨物沒收到", ("T-INR",)),
    ("ｄｅｆｅｃｔｉｖｅ", ("T-DEF",)),
    # words that are other words elsewhere: fire is "Brand" in German
    ("I like this brand and the brand new box", ()),
    ("Das Netzteil hat einen Brand verursacht", ("T-SAFETY",)),
]


@pytest.mark.parametrize(("text", "themes"), TRAPS, ids=[text for text, _ in TRAPS])
def test_a_trap_line_says_what_it_says(text, themes):
    assert themes == classify_reasons([text])["themes"][0]


def test_delivered_says_the_carrier_and_the_buyer_has_nothing():
    found = classify_reasons(["一直没收到,客服说签收了", "Never arrived"])

    assert [True, False] == found["says_delivered"].tolist()


def test_feedback_about_the_product_alone_may_be_removed():
    """Amazon removes only what is a product review as a whole, so praise of the delivery counts."""
    found = classify_reasons(
        [
            "Fits perfectly but stopped working after 2 days",
            "Seller's shipping was very slow and the widget is dull",
            "Fast shipping but it stopped working",
            "The box was crushed and the lamp broken",
            "Love it",
        ]
    )

    assert [True, False, False, False, pd.NA] == found["product_only"].tolist()


def test_a_threat_is_noted_and_never_the_cause():
    found = classify_reasons(["Refund me or I will leave a bad review", "退款,否则给差评"])

    assert all("T-BLACKMAIL" in themes for themes in found["themes"])
    assert "T-BLACKMAIL" not in set(found["primary"])


def test_danger_comes_before_the_code():
    found = classify_reasons(["The charger caught fire"]).iloc[0]

    assert "T-SAFETY" == found["primary"]
