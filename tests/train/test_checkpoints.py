"""Trainings that go on from a checkpoint as if nothing had been."""

from __future__ import annotations

import errno
import os
from datetime import timedelta

import numpy as np
import pytest

import glasswork as gw
from glasswork.data import Batches
from glasswork.nn import Module, Parameter
from glasswork.optim import SGD, Adam, one_cycle
from glasswork.saving.states import read_state, write_state
from glasswork.train import Callback

from .broken import STEPS, Counting, Plug, PlugError, Trained, X, Y, files

pytestmark = pytest.mark.usefixtures("nothing_waits_for_the_disk")


@pytest.fixture(scope="module")
def unbroken() -> Trained:
    return Trained().fit()


def test_a_training_with_checkpoints_is_the_one_without(unbroken, tmp_path):
    assert Trained().fit(tmp_path, every=1) == unbroken


@pytest.mark.parametrize("step", range(1, STEPS + 1))
def test_it_can_be_resumed_after_every_step(step, unbroken, tmp_path):
    Trained().broken(tmp_path, Plug(step), every=1)
    assert Trained().fit(tmp_path, every=1, resume=True) == unbroken


@pytest.mark.parametrize("step", [1, 6, 13])
def test_with_compiled_steps_it_can_be_resumed_too(step, tmp_path):
    expected = Trained().fit(compile=True)
    Trained().broken(tmp_path, Plug(step), every=1, compile=True)
    assert Trained().fit(tmp_path, resume=True, compile=True) == expected


@pytest.mark.parametrize("every", [None, 2, 5, 7, 1000, timedelta(0), timedelta(days=1)], ids=str)
@pytest.mark.parametrize("plug", [Plug(1), Plug(6), Plug(15), Plug(epoch=2), Plug(epoch=4)])
def test_it_can_be_resumed_from_an_older_checkpoint(every, plug, unbroken, tmp_path):
    Trained().broken(tmp_path, plug, every=every)
    assert Trained().fit(tmp_path, every=every, resume=True) == unbroken


def test_it_can_be_resumed_again_and_again(unbroken, tmp_path):
    for step in (3, 4, 11, 18, 23):
        Trained().broken(tmp_path, Plug(step), every=1, resume=True)
    assert Trained().fit(tmp_path, resume=True) == unbroken


def test_one_that_is_over_comes_back_as_it_ended(unbroken, tmp_path):
    Trained().fit(tmp_path)
    assert Trained().fit(tmp_path, resume=True) == unbroken


def test_more_epochs_may_follow(unbroken, tmp_path):
    Trained().fit(tmp_path, epochs=2)
    assert Trained().fit(tmp_path, resume=True) == unbroken


def test_it_may_begin_with_resume(unbroken, tmp_path):
    assert Trained().fit(tmp_path, resume=True) == unbroken


class Drawing:
    """Batches of a class of its own: it draws their order and some noise."""

    def __init__(self) -> None:
        self.rng = np.random.default_rng(7)

    def __iter__(self):
        for place in self.rng.permutation(5):
            rows = slice(10 * place, 10 * place + 10)
            yield X[rows] + self.rng.normal(size=(10, 4)).astype(np.float32), Y[rows]


DATA = {
    "lists": lambda: [(X[:20], Y[:20]), (X[20:], Y[20:])],
    "an iterable with a generator": Drawing,
    "samples": lambda: Batches(list(zip(X, Y, strict=True)), batch_size=9, rng=5),
    "one that drops": lambda: Batches(X, Y, batch_size=9, drop_last=True, rng=5),
    "the default generator": lambda: Batches(X, Y, batch_size=9),
}


@pytest.mark.parametrize("data", DATA.values(), ids=DATA)
@pytest.mark.parametrize("step", [1, 4, 7])
def test_any_data_go_on_in_the_middle_of_an_epoch(data, step, tmp_path):
    expected = Trained(data).fit()
    Trained(data).broken(tmp_path, Plug(step), every=1)
    assert Trained(data).fit(tmp_path, resume=True) == expected


def test_a_schedule_without_a_state_goes_on(tmp_path):
    rate = one_cycle(0.1, steps=STEPS)
    expected = Trained(rate=rate).fit()
    Trained(rate=rate).broken(tmp_path, Plug(13), every=4)
    assert Trained(rate=rate).fit(tmp_path, resume=True) == expected


class Tempered(Module):
    """A loss that is learned."""

    def __init__(self) -> None:
        self.temperature = Parameter([1.0])

    def forward(self, yhat, y):
        return gw.CrossEntropy()(yhat * self.temperature, y)


def test_what_a_loss_learns_and_a_free_tensor_go_on(tmp_path):
    def made():
        trained = Trained(loss=Tempered())
        free = gw.Tensor([3.0], requires_grad=True)
        moved = [*trained.model.parameters(), *trained.loss.parameters(), free]
        trained.optimizer = SGD(moved, 0.1, momentum=0.5, l2=0.1)
        return trained, free

    expected, free = made()
    expected.fit()
    made()[0].broken(tmp_path, Plug(13), every=1)
    resumed, free_again = made()
    assert resumed.fit(tmp_path, resume=True) == expected
    assert resumed.loss.temperature.item() == expected.loss.temperature.item() != 1
    assert free_again.item() == free.item() != 3


class Thaw(Callback):
    """Freezes the first layer until the third epoch."""

    def on_start(self, run):
        if not run.resumed:
            run.model[0].freeze()

    def on_epoch(self, run):
        run.model[0].freeze(run.epoch < 2)


def test_what_is_frozen_stays_so(tmp_path):
    expected = Trained().fit(None, Thaw(), gradient_norms=False)
    with pytest.raises(PlugError):
        Trained().fit(tmp_path, Thaw(), Plug(15), every=1, gradient_norms=False)
    assert Trained().fit(tmp_path, Thaw(), resume=True, gradient_norms=False) == expected


def test_weights_keep_their_order_in_memory_on_which_the_last_bit_rests(tmp_path):
    def made():
        trained = Trained()
        weights = trained.model[0].weights
        weights.els = np.asfortranarray(weights.els)
        trained.optimizer = Adam(trained.model.parameters(), 0.05)
        return trained

    expected = made().fit(None)
    made().broken(tmp_path, Plug(13), every=1)
    resumed = made().fit(tmp_path, resume=True)
    assert resumed == expected
    assert resumed.model[0].weights.els.strides == expected.model[0].weights.els.strides


def test_callbacks_of_one_class_have_each_their_state(tmp_path):
    first, second = Counting(), Counting()
    first.count = 100
    with pytest.raises(PlugError):
        Trained().fit(tmp_path, first, second, Plug(13), every=5)
    first, second = Counting(), Counting()
    Trained().fit(tmp_path, first, second, resume=True)
    assert (first.count, second.count) == (100 + STEPS, STEPS)


def test_the_seconds_of_a_broken_epoch_are_counted(tmp_path):
    Trained().broken(tmp_path, Plug(15), every=1)
    state = read_state(tmp_path / "checkpoint.safetensors")
    write_state(tmp_path / "checkpoint.safetensors", state | {"seconds": 1000.0})
    assert 1000 < Trained().fit(tmp_path, resume=True).history.seconds[2] < 1100


def test_the_checkpoint_before_survives_a_full_disk(unbroken, tmp_path, monkeypatch):
    def full(handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    class Filling(Callback):
        def on_batch(self, run):
            if run.steps == 13:
                patch.setattr(os, "fsync", full)

    with monkeypatch.context() as patch, pytest.raises(OSError, match=r"No space left"):
        Trained().fit(tmp_path, Filling(), every=5)
    assert read_state(tmp_path / "checkpoint.safetensors")["steps"] == 10
    assert sorted(files(tmp_path)) == ["checkpoint.safetensors", "trace.csv"]
    assert Trained().fit(tmp_path, every=5, resume=True) == unbroken


def test_what_a_kill_left_half_written_is_swept_away(unbroken, tmp_path):
    Trained().broken(tmp_path, Plug(13), every=5)
    (tmp_path / ".glasswork-0123").write_text("half of a check")
    assert Trained().fit(tmp_path, resume=True) == unbroken
    assert sorted(files(tmp_path)) == ["checkpoint.safetensors", "trace.csv"]


def test_the_trace_of_a_resumed_training_is_the_same_to_the_byte(tmp_path):
    Trained().fit(tmp_path / "unbroken")
    Trained().broken(tmp_path / "broken", Plug(13), every=5)
    Trained().fit(tmp_path / "broken", resume=True)
    assert files(tmp_path / "broken")["trace.csv"] == files(tmp_path / "unbroken")["trace.csv"]


def test_a_checkpoint_can_be_read_by_any_reader_of_safetensors(tmp_path):
    trained = Trained().fit(tmp_path)
    tensors, _ = gw.saving.read_safetensors(tmp_path / "checkpoint.safetensors")
    assert "tensors.model.0.weights" in tensors
    assert tensors["optimizer.0.mean"].shape == trained.model[0].weights.shape


def test_a_request_to_stop_in_the_middle_of_an_epoch_is_not_forgotten(tmp_path):
    class Enough(Callback):
        def on_batch(self, run):
            if run.steps == 8:
                run.stop("enough")

    expected = Trained().fit(None, Enough())
    with pytest.raises(PlugError):
        Trained().fit(tmp_path, Enough(), Plug(10), every=1)
    resumed = Trained().fit(tmp_path, resume=True)
    assert resumed == expected
    assert resumed.history.stopped == "enough"
