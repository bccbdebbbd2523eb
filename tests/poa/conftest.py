"""The demo stores with filled registers, made once for all tests of this room."""

from __future__ import annotations

import pytest

from odrlib.poa.known import known_of
from odrlib.poa.scopes import Scopes
from tests.poa.honest import demo_stores


@pytest.fixture(scope="session")
def stores(tmp_path_factory):
    """Per language the scopes of its demo store."""
    facts = demo_stores(tmp_path_factory.mktemp("poa"))
    return {code: Scopes(known_of(one)) for code, one in facts.items()}
