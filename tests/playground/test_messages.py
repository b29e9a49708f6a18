from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasswork.errors import OptionError
from glasswork.playground.messages import ANSWERS, LONGEST, answers, understood
from glasswork.playground.session import Session
from glasswork.playground.state import State
from glasswork.playground.wire import as_json
from glasswork.playground.worker import Worker

from .test_state import JSON

SAID = st.fixed_dictionaries(
    {"type": st.sampled_from(sorted({*ANSWERS} - {"epoch"}))},
    optional=dict.fromkeys(
        (
            "speed",
            "state",
            "layer",
            "unit",
            "row",
            "pixels",
            "size",
            "gradients",
            "thumbs",
            "order",
        ),
        JSON,
    ),
)


@pytest.fixture(scope="module")
def session() -> Session:
    return Session(Worker())


def ask(session, **message):
    return answers(session, understood(json.dumps(message)))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "this is no JSON: Expecting value"),
        ("[" * 30_000, "this is no JSON: It is nested too deeply"),
        ('{"type": NaN}', "this is no JSON: It says NaN"),
        ('{"type": "play", "type": "play"}', "used twice"),
        ('{"type": "play", "speed": ' + "9" * 5000 + "}", "this is no JSON: Exceeds the limit"),
        ("null", 'an object with a "type"'),
        ('{"speed": 3}', 'an object with a "type"'),
        ('{"type": ["play"]}', 'an object with a "type"'),
        ('{"type": "explode"}', "there is no message 'explode'"),
        ('{"type": "' + "x" * 9000 + '"}', f"there is no message '{'x' * 40}'"),
    ],
)
def test_what_is_no_message_is_refused_in_one_short_line(text, why):
    with pytest.raises(OptionError, match=why) as refused:
        understood(text)
    assert "\n" not in str(refused.value) and len(str(refused.value)) < 200


@given(st.text() | JSON.map(json.dumps))
def test_no_text_does_anything_but_be_understood_or_refused(text):
    try:
        message = understood(text)
    except OptionError:
        return
    assert message["type"] in ANSWERS


@given(SAID)
def test_whatever_a_message_carries_it_is_answered_or_refused(session, message):
    for reply in answers(session, message):
        assert json.loads(as_json(reply))["type"]
        if reply["type"] == "error":
            assert reply["about"] == message["type"] and "\n" not in reply["message"]
            assert len(reply["message"]) <= 300
    assert State.of(session.state.as_json()) == (session.state, [])


@pytest.mark.parametrize(
    ("message", "why"),
    [
        ({"type": "play", "speed": 0}, "speed is to be a number from 1 to 2000"),
        ({"type": "play", "speed": True}, "speed is to be a number from 1 to 2000"),
        ({"type": "speed", "speed": 10**300}, "speed is to be a number from 1 to 2000"),
        ({"type": "unit", "layer": 3, "unit": 0, "row": 0}, "layer is to be a number from 0 to 2"),
        ({"type": "unit", "layer": 0.5, "unit": 0, "row": 0}, "layer is to be a whole number"),
        ({"type": "unit", "layer": 2, "unit": 1, "row": 0}, "unit is to be a number from 0 to 0"),
        ({"type": "draw", "pixels": [0.5] * 64}, "there are no digits here"),
        ({"type": "draw", "pixels": [2] * 64}, "pixels are to be 64 numbers from 0 to 1"),
        ({"type": "strokes", "size": 2, "pixels": [1] * 5}, "pixels are to be 4 numbers"),
        ({"type": "strokes", "size": 500, "pixels": []}, "size is to be a number from 0 to 128"),
        ({"type": "options", "thumbs": 1}, "options are true or false"),
        ({"type": "walk", "order": "wrong"}, "order is to be right or article"),
        ({"type": "walk", "order": ["right"]}, "order is to be right or article"),
        ({"type": "state", "state": "data=moons"}, "state is to be an object"),
    ],
)
def test_a_bad_message_changes_nothing_and_is_told(message, why):
    session = Session(Worker())
    session.advance(3)
    training, wishes = session.training, session.wishes
    (reply,) = ask(session, **message)
    assert reply["type"] == "error" and reply["about"] == message["type"]
    assert why in reply["message"]
    assert session.training is training and training.steps == 3
    assert (session.wishes, session.running) == (wishes, False)


def test_a_state_is_taken_over_and_answered_by_the_network_of_it(session):
    complaint, ready = ask(
        session, type="state", state={"data": "moons", "layers": "4", "rate": -1}
    )
    assert complaint == {
        "type": "error",
        "about": "state",
        "message": "rate: -1 is not from 1e-05 to 10; it is 1e-05",
    }
    assert ready["type"] == "ready" and ready["query"] == "data=moons&layers=4&rate=1e-05"
    assert ready["state"]["layers"] == (4,)
    assert [layer["units"] for layer in ready["network"]["layers"]] == [4, 1]
    assert ready["network"]["parameters"] == 17
    assert ready["data"]["classes"] == ["upper", "lower"]
    assert len(ready["data"]["train"]["points"]) == ready["data"]["rows"] == 250


def test_of_a_state_without_its_file_the_rest_is_taken_over(session):
    said = {"data": "upload", "layers": "4", "axes": "2,3"}
    complaint, ready = ask(session, type="state", state=said)
    assert complaint["message"] == "data: no file has been sent yet; it is spirals"
    assert ready["query"] == "axes=2,3&layers=4"


def test_points_are_where_the_data_has_them(session):
    (ready,) = ask(session, type="state", state={"data": "circles", "samples": 60})
    train = session.training.material.train
    np.testing.assert_allclose(ready["data"]["train"]["points"], train.raw, atol=1e-4)
    assert ready["data"]["train"]["targets"] == train.y[:, 0].tolist()


def test_digits_come_with_a_few_samples(session):
    (ready,) = ask(session, type="state", state={"data": "digits"})
    assert len(ready["data"]["samples"]) == 20
    assert len(ready["data"]["samples"][0]["pixels"]) == 64
    (drawn,) = ask(session, type="draw", pixels=ready["data"]["samples"][0]["pixels"])
    assert drawn["type"] == "drawn" and len(drawn["probabilities"]) == 10
    bar = np.zeros((40, 40))
    bar[4:36, 18:22] = 1
    (drawn,) = ask(session, type="strokes", size=40, pixels=bar.ravel().tolist())
    assert len(drawn["saliency"]) == 64


def test_steps_epochs_and_resets():
    session = Session(Worker())
    ask(session, type="step")
    assert session.training.steps == 1
    ask(session, type="epoch")
    assert (session.training.steps, session.training.epoch) == (16, 1)
    ask(session, type="epoch")
    assert session.training.epoch == 2
    (ready,) = ask(session, type="reset")
    assert ready["type"] == "ready" and session.training.steps == 0


def test_a_walk_says_its_order():
    session = Session(Worker())
    (right,), (wrong,) = ask(session, type="walk"), ask(session, type="walk", order="article")
    assert (right["order"], wrong["order"]) == ("right", "article")
    assert len(right["entries"]) < len(wrong["entries"])


def test_playing_and_pausing_and_the_speed():
    session = Session(Worker())
    ask(session, type="play", speed=50)
    assert session.running and session.speed == 50
    ask(session, type="speed", speed=2000)
    assert session.speed == 2000
    ask(session, type="pause")
    assert not session.running


def test_the_longest_message_holds_the_largest_drawing():
    largest = json.dumps({"type": "strokes", "size": 128, "pixels": [0.5] * 128 * 128})
    compact = largest.replace(" ", "").replace("0.5", "1")
    assert len(compact) < LONGEST
