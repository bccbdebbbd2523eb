"""Names: ASCII, of the store, on every system."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odrlib.package.names import ascii_safe, is_of_package, package_name, store_word
from odrlib.settings import Settings

DAY = date(2026, 3, 1)


@given(st.text(max_size=200))
def test_a_name_is_ascii_that_every_system_takes(text):
    safe = ascii_safe(text)

    assert safe.isascii()
    assert set(safe) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")
    assert not safe.endswith((".", " "))
    assert len(safe) <= 81


@pytest.mark.parametrize("name", ["", "!!!", "///"])
def test_a_store_without_a_name_that_can_be_written_goes_by_its_id(name):
    assert "shop-1_2026-03-01.zip" == package_name(Settings("shop-1", "US", name=name), DAY)


def test_a_name_that_windows_keeps_for_itself_is_changed():
    assert "CON__2026-03-01.zip" == package_name(Settings("x", "US", name="CON"), DAY)


def test_ids_that_ascii_would_make_the_same_keep_apart():
    assert store_word(Settings("東京", "JP")) != store_word(Settings("DongJing", "JP"))


def test_the_parts_of_an_earlier_package_are_known_by_name():
    store = Settings("shop-1", "US")

    assert is_of_package("shop-1_2026-03-01_part-2-of-3.zip", store, DAY)
    assert not is_of_package("shop-1_2026-03-02.zip", store, DAY)
    assert not is_of_package("shop-11_2026-03-01.zip", store, DAY)
