from __future__ import annotations

import json

import pytest

from glasswork.errors import OptionError
from glasswork.train import History


def filled(*losses: float, seconds: float = 0.1) -> History:
    history = History()
    for loss in losses:
        history.add({"loss": loss, "learning_rate": 0.1}, seconds)
    return history


def test_each_number_has_a_column_with_an_entry_for_each_epoch():
    history = filled(0.5, 0.25)
    assert history["loss"] == [0.5, 0.25]
    assert history.last() == {"loss": 0.25, "learning_rate": 0.1}
    assert len(history) == 2


def test_histories_are_equal_when_their_numbers_are_whatever_time_they_took():
    assert filled(0.5, 0.25, seconds=1) == filled(0.5, 0.25, seconds=2)
    assert filled(0.5, 0.25) != filled(0.5, 0.25000000000000006)
    assert filled(0.5) != filled(0.5, 0.5)
    assert filled(0.5) != "a history"


def test_histories_of_nan_are_equal_too():
    assert filled(0.5, float("nan")) == filled(0.5, float("nan"))


def test_as_dict_is_json():
    history = filled(0.5)
    history.stopped = "good enough"
    assert json.loads(json.dumps(history.as_dict())) == {
        "columns": {"loss": [0.5], "learning_rate": [0.1]},
        "seconds": [0.1],
        "stopped": "good enough",
    }


def test_str_is_a_table_whose_columns_stand_under_their_names():
    history = History()
    numbers = {"loss": 12345.678, "validation_accuracy": 1e-5, "gradient_norm.0.weights": 1.0}
    history.add(numbers, seconds=0.126)
    assert str(history) == (
        "epoch       loss  validation accuracy  seconds\n"
        "    1  1.235e+04            1.000e-05     0.13"
    )


def test_repr_tells_the_last_epoch():
    assert repr(History()) == "<History: 0 epochs>"
    assert repr(filled(0.5)) == "<History: 1 epochs; the last: loss 0.5000, learning_rate 0.1000>"


def test_an_epoch_with_other_numbers_is_refused_and_nothing_is_changed():
    history = filled(0.5)
    with pytest.raises(OptionError, match="They are loss; there are loss, learning_rate"):
        history.add({"loss": 0.25}, seconds=0.1)
    assert history == filled(0.5)


def test_a_column_that_is_not_there_is_named_beside_those_that_are():
    with pytest.raises(OptionError, match=r"called 'accuracy'.\n  There are loss, learning_rate"):
        filled(0.5)["accuracy"]
    with pytest.raises(OptionError, match="There are none yet"):
        History()["loss"]


def test_a_history_comes_back_from_its_words():
    history, other = History(), History()
    history.add({"loss": 0.5}, seconds=1.5)
    history.stopped = "enough"
    other.restore(history.as_dict())
    assert other == history
    assert (other.seconds, other.stopped) == ([1.5], "enough")
