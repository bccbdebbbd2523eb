"""What approved appeals took off: `appeals/exempted.csv`, written by the register of appeals."""

from dataclasses import replace

from odrlib.exports.ledger import REMOVALS
from odrlib.languages import mark

EXPORTS = (
    replace(
        REMOVALS,
        name="exempted",
        title=mark("the orders that approved appeals exempted"),
        path="appeals/exempted*",
        where=mark("appeals/exempted.csv in the store folder, written by `odr appeal reply`"),
        hides=mark("which orders an approved appeal took off"),
    ),
)
