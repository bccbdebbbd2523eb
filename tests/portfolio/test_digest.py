"""What of a report's facts is kept to compare stores by."""

from odrlib.exports.known import EXPORTS
from odrlib.portfolio.digest import ORDERS


def test_the_exports_that_hold_orders_are_those_that_give_them():
    assert {export.name for export in EXPORTS if "order_items" in export.gives} == ORDERS
