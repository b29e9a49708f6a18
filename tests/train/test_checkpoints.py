from __future__ import annotations

import errno
import os
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

import glasswork as gw
from glasswork.data import Batches
from glasswork.errors import DataError, OptionError, StateError
from glasswork.nn import BatchNorm, Dropout, Linear, Module, Parameter, ReLU, Sequential
from glasswork.optim import SGD, Adam, ReduceOnPlateau, one_cycle
from glasswork.saving.states import read_state, write_state
from glasswork.train import Callback, EarlyStopping, Plateau, Run, accuracy, fit

DRAWN = np.random.default_rng(0)
X = DRAWN.normal(size=(50, 4)).astype(np.float32)
Y = (X[:, 0] > X[:, 1]).astype(np.int64)
EPOCHS, BATCHES = 4, 6
STEPS = EPOCHS * BATCHES


class PlugError(Exception):
    """What ends a training."""


class Plug(Callback):
    """Ends a training after a step, or after an epoch."""

    def __init__(self, step: int = 0, epoch: int = 0) -> None:
        self.step = step
        self.epoch = epoch

    def on_batch(self, run: Run) -> None:
        if run.steps == self.step:
            raise PlugError

    def on_epoch(self, run: Run) -> None:
        if run.epoch == self.epoch:
            raise PlugError


class Trained:
    """A network with whatever can have a state, and what its training came to."""

    def __init__(self, data: Any = None, *, rate: Any = None, loss: Any = None) -> None:
        gw.seed(1)
        rng = np.random.default_rng(2)
        inside = [Linear(4, 8, rng=rng), BatchNorm(8), ReLU(), Dropout(0.2, rng=rng)]
        self.model = Sequential(*inside, Dropout(0.2, rng=3), Dropout(0.2), Linear(8, 2, rng=4))
        self.plateau = ReduceOnPlateau(0.05, patience=0)
        self.loss = loss or gw.CrossEntropy()
        parameters = self.model.parameters()
        self.optimizer = Adam(parameters, self.plateau if rate is None else rate)
        self.data = data() if data else Batches(X, Y, batch_size=9, rng=rng)
        self.stopping = EarlyStopping(patience=EPOCHS)

    def fit(self, folder=None, *callbacks: Callback, epochs: int = EPOCHS, **options: Any):
        self.history = fit(
            self.model,
            self.loss,
            self.optimizer,
            self.data,
            epochs,
            validation=(X[:9], Y[:9]),
            metrics=[accuracy],
            callbacks=[self.stopping, Plateau(self.plateau), *callbacks],
            checkpoint=folder,
            **{"gradient_norms": True, "compile": False, **options},
        )
        return self

    def broken(self, folder, plug: Plug, **options: Any) -> None:
        with pytest.raises(PlugError):
            self.fit(folder, plug, **options)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Trained) and self.bits() == other.bits()

    __hash__ = None

    def bits(self) -> tuple[Any, ...]:
        states = self.model.state_dict() | self.optimizer.state_dict()
        arrays = {name: np.asarray(value).tobytes() for name, value in states.items()}
        drawn = gw.randomness.generator().bit_generator.state
        return arrays, repr(self.history.columns), self.stopping.best_epoch, repr(drawn)


@pytest.fixture(autouse=True)
def _nothing_waits_for_the_disk(monkeypatch):
    monkeypatch.setattr(os, "fsync", lambda handle: None)


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


def test_compiled_steps_do_not_go_on_with_eager_ones_whose_last_bits_may_differ(tmp_path):
    Trained().broken(tmp_path, Plug(13), compile=True)
    with pytest.raises(StateError, match=r"computation: it is of\n    compiled, threads: chosen"):
        Trained().fit(tmp_path, resume=True)


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


class Counting(Callback):
    """Counts the batches, and tells the count."""

    def __init__(self) -> None:
        self.count = 0

    def on_batch(self, run):
        self.count += 1

    def state_dict(self):
        return {"count": self.count}

    def load_state_dict(self, state):
        self.count = state["count"]


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


def files(folder) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


OTHERS = {
    "model": lambda t: setattr(t, "model", Sequential(Linear(4, 2, rng=0))),
    "loss": lambda t: setattr(t, "loss", gw.CrossEntropy("sum")),
    "optimizer": lambda t: setattr(t, "optimizer", SGD(t.model.parameters(), 0.1)),
    "data": lambda t: setattr(t, "data", Batches(-X, Y, batch_size=9, rng=0)),
}


@pytest.mark.parametrize("name", OTHERS)
def test_a_checkpoint_of_another_training_is_refused_before_anything_is_changed(name, tmp_path):
    Trained().broken(tmp_path, Plug(13), every=1)
    other, before = Trained(), files(tmp_path)
    OTHERS[name](other)
    if name == "model":
        other.optimizer = Adam(other.model.parameters(), other.plateau)
    values = other.model.state_dict()
    with pytest.raises(StateError, match=rf"nothing has been changed.\n.*{name}: it is of\n"):
        other.fit(tmp_path, resume=True)
    assert all(np.array_equal(values[k], v) for k, v in other.model.state_dict().items())
    assert other.optimizer.steps == 0
    assert files(tmp_path) == before


def test_other_options_of_fit_are_refused(tmp_path):
    Trained().broken(tmp_path, Plug(13))
    with pytest.raises(StateError, match=r"clipping: it is of\n    None, None\n  and here is"):
        Trained().fit(tmp_path, resume=True, clip_norm=1.0)


def test_a_callback_that_is_missing_is_named(tmp_path):
    with pytest.raises(PlugError):
        Trained().fit(tmp_path, Counting(), Plug(13), every=1)
    with pytest.raises(StateError, match=r"has the state of Counting, which is not here"):
        Trained().fit(tmp_path, resume=True)


def test_without_resume_a_checkpoint_is_never_overwritten(tmp_path):
    Trained().broken(tmp_path, Plug(13))
    before = files(tmp_path)
    with pytest.raises(OptionError, match=r"holds a checkpoint already.\n  Pass resume=True"):
        Trained().fit(tmp_path)
    assert files(tmp_path) == before


@pytest.mark.parametrize("every", [0, -1, 1.5, "epoch", timedelta(seconds=-1)])
def test_every_is_a_count_or_a_time(every, tmp_path):
    with pytest.raises(OptionError, match=r"fit: every is .*\n  Pass a number of steps"):
        Trained().fit(tmp_path, every=every)


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OptionError, match=r"file, a file.\n  Pass a folder of its own."):
        Trained().fit(tmp_path / "file")


@pytest.mark.parametrize("options", [{"every": 5}, {"resume": True}])
def test_without_a_folder_there_is_nothing_to_keep_or_resume(options):
    with pytest.raises(OptionError, match=r"without a folder for checkpoints.\n.*checkpoint="):
        Trained().fit(**options)


def test_a_damaged_checkpoint_is_told(tmp_path):
    Trained().broken(tmp_path, Plug(13), every=1)
    path = tmp_path / "checkpoint.safetensors"
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError, match=r"checkpoint.safetensors: "):
        Trained().fit(tmp_path, resume=True)


@pytest.mark.parametrize("name", ["made_of", "tensors", "optimizer", "history", "tally", "epoch"])
@pytest.mark.parametrize("value", [None, {}, []])
def test_a_checkpoint_that_lacks_what_is_needed_is_told(name, value, tmp_path):
    Trained().broken(tmp_path, Plug(13), every=1)
    path = tmp_path / "checkpoint.safetensors"
    write_state(path, read_state(path) | {name: value})
    with pytest.raises((DataError, StateError)):
        Trained().fit(tmp_path, resume=True)


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
