"""The language of cues: what cannot be read, or would match nothing, is refused."""

import pytest

from odrlib.errors import BadParameter
from odrlib.reasons.automaton import Network
from odrlib.reasons.syntax import Cues


def words(letters: str) -> list[list[str]]:
    return [[word] for word in letters.split()]


@pytest.mark.parametrize(
    "cue",
    ["", "  ", "()", "(())", "(late)?", "(late|)", "{goods}?", "..2", "~3", "late {odd}", "(a"],
)
def test_a_cue_that_may_be_left_out_or_cannot_be_read_is_refused(cue):
    with pytest.raises(BadParameter):
        Cues(Network(), words, {"goods": "lamp"}).add(cue, "label")


@pytest.mark.parametrize("cue", ["late", "(the)? lamp", "(a|b) c", "{goods} ..2 late"])
def test_a_cue_with_a_word_that_must_stand_is_taken(cue):
    network = Network()
    Cues(network, words, {"goods": "lamp"}).add(cue, "label")

    assert [["label"]] == list(network.labels.values())
