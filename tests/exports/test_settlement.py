"""Money: which rows are the money of a claim, in the words of each marketplace."""

import pytest

HEADER = "settlement-id,currency,transaction-type,order-id,amount-description,amount,posted-date\n"
ORDER = "113-1234567-1234567"


@pytest.mark.parametrize(
    ("said", "defect"),
    [
        ("A-to-z Guarantee Claim", "claim"),
        ("A-bis-z-Garantieantrag", "claim"),
        ("Réclamation Garantie A à Z", "claim"),
        ("Garanzia dalla A alla Z", "claim"),
        ("Garantía de la A a la Z", "claim"),
        ("マーケットプレイス保証", "claim"),
        ("亚马逊商城交易保障索赔", "claim"),
        ("Chargeback Refund", "chargeback"),
        ("Refund", None),
        ("Order", None),
        ("Starter fee", None),
    ],
)
def test_the_type_says_whether_it_is_the_money_of_a_defect(read, said, defect):
    reading = read(f"{HEADER}1,USD,{said},{ORDER},Principal,-9.99,2026-09-12\n")

    assert reading.frame["defect"].astype(object).where(lambda c: c.notna(), None).tolist() == [
        defect
    ]


def test_the_head_of_a_settlement_is_no_bad_row_and_gives_its_currency(read):
    reading = read(f"{HEADER}1,EUR,,,,,\n1,,Order,{ORDER},Principal,9.99,2026-09-12\n")

    assert reading.rows_set_aside == 0
    assert reading.frame["currency"].tolist() == ["EUR", "EUR"]
    assert reading.frame["order_id"].isna().tolist() == [True, False]


def test_the_lines_above_a_payments_report_are_no_rows(read):
    above = "".join(f'"Definition {i}, with a comma"\n' for i in range(7))
    header = "date/time,settlement id,type,order id,sku,description,total\n"
    row = f'"Sep 12, 2026 9:05:06 PM PDT",1,A-to-z Guarantee Claim,{ORDER},L,Lamp,-9.99\n'
    reading = read(above + header + row)

    assert (reading.rows_in, reading.frame["line"].tolist()) == (1, [9])
    assert reading.frame["posted_at"].astype(str).tolist() == ["2026-09-13 04:05:06+00:00"]


@pytest.mark.parametrize(
    ("description", "defect"),
    [("A-to-z Guarantee Recovery", "claim"), ("ShippingChargeback", None)],
)
def test_a_fee_called_chargeback_is_none(read, description, defect):
    reading = read(f"{HEADER}1,USD,other-transaction,{ORDER},{description},-9.99,2026-09-12\n")

    assert reading.frame["defect"].eq("claim").tolist() == [defect == "claim"]
    assert reading.frame["defect"].isna().tolist() == [defect is None]


def test_a_product_of_that_name_is_no_claim(read):
    header = "date/time,settlement id,type,order id,sku,description,total\n"
    reading = read(f'{header}2026-09-12,1,Order,{ORDER},L,"Animals from A to Z",9.99\n')

    assert reading.frame["defect"].isna().all()
