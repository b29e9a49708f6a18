from __future__ import annotations

import dataclasses
from math import inf

import pytest

from glasswork.errors import OptionError
from glasswork.playground import session as module
from glasswork.playground.session import Session
from glasswork.playground.state import State
from glasswork.playground.uploads import dataset_of
from glasswork.playground.worker import Worker

from .unpacked import unpacked


@pytest.fixture
def clock(monkeypatch) -> list[float]:
    """A clock that stands still until it is set."""
    now = [100.0]
    monkeypatch.setattr(module, "monotonic", lambda: now[0])
    return now


@pytest.fixture
def session() -> Session:
    """A session whose worker has no thread: the test does what the worker would."""
    return Session(Worker())


def test_a_name_is_not_to_be_guessed():
    names = {Session(Worker()).name for _ in range(3)}
    assert len(names) == 3 and all(len(name) >= 20 for name in names)


def test_a_change_of_the_rate_keeps_the_network_and_a_change_of_the_layers_does_not(session):
    first = session.training
    assert not session.become(dataclasses.replace(session.state, rate=0.5, l2=0.1))
    assert session.training is first and session.state.rate == 0.5
    assert session.become(dataclasses.replace(session.state, layers=(3,)))
    assert session.training is not first
    assert session.training.material is first.material


def test_after_a_change_a_frame_says_all_again(session):
    unpacked(session.frame())
    assert "inputs" not in unpacked(session.frame())[1]
    session.become(dataclasses.replace(session.state, rate=0.5))
    header, arrays = unpacked(session.frame())
    assert "inputs" in arrays and header["history"] == {"from": 0}


def test_the_same_state_again_changes_nothing(session):
    first = session.training
    session.advance(3)
    assert not session.become(State())
    assert session.training is first and first.steps == 3


def test_other_data_is_prepared_anew(session):
    first = session.training.material
    session.become(dataclasses.replace(session.state, seed=7))
    assert session.training.material is not first


def test_a_state_that_cannot_be_changes_nothing(session):
    first = session.training
    with pytest.raises(OptionError, match="no file has been sent"):
        session.become(State.defaults("upload"))
    assert session.training is first and session.state == State()


def test_each_table_that_is_sent_is_learnt_anew(session):
    for name in ("a", "b"):
        rows = "\n".join(f"{i},{i * i},{name if i % 2 else 'z'}" for i in range(20))
        session.upload = dataset_of(rows.encode())
        assert session.become(State.defaults("upload"))
        assert session.training.material.dataset.classes == (name, "z")
    assert not session.become(State.defaults("upload"))


def test_reset_begins_again_with_the_same_weights(session):
    before = session.training.point()
    session.advance(10)
    session.reset()
    assert session.training.steps == 0 and session.training.point() == before


def test_steps_are_due_as_often_as_the_speed_says(session, clock):
    session.play(50)
    assert session.due == 100
    session.on()
    assert (session.due, session.training.steps) == (100.02, 1)


def test_steps_that_were_missed_are_made_up_for_but_not_all(session, clock):
    session.play(10)
    clock[0] = 100.15
    session.on()
    assert session.due == 100.1
    clock[0] = 150
    session.on()
    assert session.due == 150 - module.LATE


def test_a_pause_ends_it(session, clock):
    session.play(10)
    session.pause()
    assert session.due == inf and not session.running


def test_who_plays_and_is_not_looked_at_is_stopped(session, clock):
    session.play(10)
    clock[0] += module.PATIENCE / 2
    session.looked_at()
    clock[0] += module.PATIENCE
    session.on()
    assert session.running
    clock[0] += 1
    session.on()
    assert not session.running and session.notices == ["nobody has looked for a minute"]


def test_a_loss_that_is_no_number_stops_it_and_says_why(session, clock):
    session.become(
        State(data="line", noise=0.1, activation="identity", rate=10, momentum=0.99, batch=1)
    )
    session.play(10)
    session.advance(3000)
    assert not session.running
    assert session.notices == ["the loss is no finite number any more: try a smaller learning rate"]


def test_the_pace_is_measured(session, clock):
    session.play(2000)
    assert b'"steps_per_second":0.0' in session.frame()
    session.advance(30)
    clock[0] += 0.5
    assert b'"steps_per_second":60.0' in session.frame()
    session.pause()
    assert b'"steps_per_second":0.0' in session.frame()


def test_a_frame_leaves_nothing_that_is_new_until_something_changes(session):
    assert session.changed
    session.frame()
    assert not session.changed
    session.advance()
    assert session.changed


def test_a_frame_has_the_points_that_no_frame_had(session):
    assert b'"history":{"from":0}' in session.frame()
    session.advance(20)
    assert b'"history":{"from":1}' in session.frame()
    assert b'"history":{"from":3}' in session.frame()
    session.reset()
    assert b'"history":{"from":0}' in session.frame()
