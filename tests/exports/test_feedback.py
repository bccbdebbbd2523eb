"""Seller feedback: names in any language, dates of the marketplace, struck-through stars."""

import pytest

SIX = "Datum\tBewertung\tKommentare\tIhre Antwort\tBestellnummer\tE-Mail\n"
TOOK = "This item was fulfilled by Amazon, and we take responsibility for this experience."


@pytest.mark.parametrize(
    ("marketplace", "printed"),
    [("US", "5/8/26"), ("DE", "8.5.26"), ("UK", "8/5/26"), ("SE", "2026-05-08"), ("JP", "26/5/8")],
)
def test_two_digit_years_follow_the_marketplace(read, marketplace, printed):
    reading = read(SIX + f"{printed}\t1\tkaputt\t\t305-1234567-1234567\tx\n", "f.txt", marketplace)

    assert [f"{day:%Y-%m-%d}" for day in reading.frame["date"]] == ["2026-05-08"]


@pytest.mark.parametrize("row", [f"{TOOK}\t", f"late\t{TOOK}", f"{TOOK.upper()} Late.\t"])
def test_feedback_is_struck_if_amazon_took_responsibility_for_it(read, row):
    reading = read(SIX + f"8.5.26\t1\t{row}\t305-1234567-1234567\tx\n", "f.txt", "DE")

    assert reading.frame["struck"].tolist() == [True]


def test_the_sellers_own_sorry_strikes_nothing(read):
    row = "8.5.26\t1\tkaputt\tWe take responsibility\t305-1234567-1234567\tx\n"

    assert read(SIX + row, "f.txt", "DE").frame["struck"].tolist() == [False]


def test_the_buyers_address_and_the_answer_stay_outside(read):
    row = "8.5.26\t1\tkaputt\tsorry\t305-1234567-1234567\tbuyer@marketplace.example\n"
    reading = read(SIX + row, "f.txt", "DE")

    assert list(reading.frame) == ["date", "rating", "comment", "order_id", "line", "struck"]
    assert "buyer@" not in repr(vars(reading))


def test_six_stars_are_no_rating(read):
    reading = read(SIX + "8.5.26\t6\tWow\t\t305-1234567-1234567\tx\n", "f.txt", "DE")

    assert reading.set_aside["reason"].tolist() == ["bad-rating"]
    assert reading.frame.empty


def test_a_few_dirty_rows_do_not_hide_what_a_file_of_unknown_names_is(read):
    """Most rows have the shape of feedback, so it is feedback; the others are set aside."""
    good = "".join(f"8/5/26\t1\tcassé\t\t405-1234567-123456{n}\tx\n" for n in range(4))
    dirty = "soon\t1\t\t\t405-1234567-1234569\tx\n8/5/26\t9\t\t\t405-1234567-1234569\tx\n"
    reading = read("Jour\tÉtoiles\tAvis\tRéplique\tCommande\tCourriel\n" + good + dirty, "f", "FR")

    assert [4, 2] == [reading.rows_used, reading.rows_set_aside]
