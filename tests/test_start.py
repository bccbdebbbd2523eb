"""A new store folder, in either language."""

import tomllib
from importlib.resources import files

import pytest

import odrlib as odr
from odrlib.errors import BadParameter
from odrlib.languages import speaking
from odrlib.settings import language_of, read_settings
from odrlib.start import TEMPLATE


def keys(name: str) -> list[str]:
    """The lines of a template that set something, without what explains them."""
    text = files("odrlib").joinpath(name).read_text(encoding="utf-8")
    lines = [line.split("  #")[0].removeprefix("# ").strip() for line in text.splitlines()]
    return [line for line in lines if line.startswith("[") or " = " in line]


def test_every_language_has_a_template_with_the_same_keys():
    def without_language(name):
        return [line for line in keys(name) if not line.startswith("language")]

    assert {name: without_language(TEMPLATE["en"]) for name in TEMPLATE.values()} == {
        name: without_language(name) for name in TEMPLATE.values()
    }


def test_every_key_of_a_template_can_be_used():
    for name in TEMPLATE.values():
        text = "\n".join(keys(name)).replace('name = ""', 'name = "Shop"')
        assert {"id", "marketplace", "account", "amazon", "columns"} <= set(tomllib.loads(text))


def test_a_store_made_in_chinese_speaks_chinese(tmp_path):
    odr.init_store(tmp_path, "JP", name='王的 "店"', language="zh")
    settings = read_settings(tmp_path)

    assert ("zh", "JP", '王的 "店"') == (settings.language, settings.marketplace, settings.name)
    assert "报告语言" in (tmp_path / "store.toml").read_text(encoding="utf-8")
    assert "我的订单到哪里了？" in (tmp_path / "ledger" / "messages.csv").read_text(
        encoding="utf-8"
    )


def test_what_is_there_is_left_as_it_is(tmp_path):
    odr.init_store(tmp_path, "DE")

    assert [] == odr.init_store(tmp_path, "JP", language="zh")
    assert "DE" == read_settings(tmp_path).marketplace


def test_a_marketplace_we_do_not_know_is_refused_in_the_language(tmp_path):
    with speaking("zh"), pytest.raises(BadParameter, match="没有站点 'XX'；请从以下选项中选择：US"):
        odr.init_store(tmp_path, "XX")


def test_a_language_is_found_in_a_store_toml_that_cannot_be_read(tmp_path):
    (tmp_path / "store.toml").write_text('language = "zh"\nid = unquoted\n', encoding="utf-8")

    assert "zh" == language_of(tmp_path)


def test_a_store_toml_that_names_no_language_is_english_and_none_says_nothing(tmp_path):
    (tmp_path / "store.toml").write_text('id = "a"\n', encoding="utf-8")

    assert ("en", "") == (language_of(tmp_path), language_of(tmp_path / "nowhere"))
