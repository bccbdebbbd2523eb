"""What approved appeals took off: `appeals/exempted.csv`, written by the register of appeals."""

from dataclasses import replace

from odrlib.exports.ledger import REMOVALS

EXPORTS = (
    replace(
        REMOVALS,
        name="exempted",
        title="the orders that approved appeals exempted",
        path="appeals/exempted*",
        where="appeals/exempted.csv in the store folder, written by `odr appeal reply`",
        hides="which orders an approved appeal took off",
    ),
)
