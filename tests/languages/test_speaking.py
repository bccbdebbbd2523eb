"""One language at a time: what is said inside, and what afterwards."""

import pytest

from odrlib.errors import BadParameter
from odrlib.finding import count
from odrlib.languages import language, speak, speaking, tr


def test_what_is_said_inside_is_in_the_language_and_what_follows_is_not():
    with speaking("zh"):
        inside = language()

    assert (inside, language()) == ("zh", "en")


def test_a_number_stands_with_its_noun_in_the_language():
    with speaking("zh"):
        said = count(1204, "order")

    assert ("1,204 个订单", "1,204 orders") == (said, count(1204, "order"))


def test_a_message_without_a_translation_is_said_in_english():
    with speaking("zh"):
        assert tr("not in any catalogue: {n}", n=3) == "not in any catalogue: 3"


def test_a_language_without_a_catalogue_is_refused_with_those_there_are():
    with pytest.raises(BadParameter, match="no language 'fr'; choose one of en, zh"):
        speak("fr")
