from __future__ import annotations

import numpy as np
import pytest

from glasswork.errors import OptionError
from glasswork.nn import MSE, Linear, Module
from glasswork.optim import SGD, ReduceOnPlateau
from glasswork.train import Callback, EarlyStopping, History, Plateau, Run, fit

X = np.ones((4, 1))


def told(callback: Callback, numbers: list[float], metric: str = "validation_loss") -> Module:
    """Tell a callback of epochs with these numbers, in which the weight is that of the epoch.

    Returns the model as it is at the end.
    """
    model = Linear(1, 1, rng=0)
    history = History()
    history.open([metric])
    run = Run(model, SGD(model.parameters(), 0.1), history, [callback], len(numbers), None)
    callback.on_start(run)
    for run.epoch, number in enumerate(numbers, start=1):
        model.weights.els = np.array([[run.epoch]], np.float32)
        history.add({metric: number}, seconds=0.0)
        callback.on_epoch(run)
        if history.stopped:
            break
    callback.on_end(run)
    return model


def test_early_stopping_waits_for_patience_epochs_and_goes_back_to_the_best():
    stopping = EarlyStopping(patience=2)
    model = told(stopping, [3.0, 1.0, 2.0, 2.0, 0.0])
    assert stopping.best_epoch == 2
    assert model.weights.item() == 2


def test_early_stopping_begins_to_wait_anew_after_a_better_epoch():
    stopping = EarlyStopping(patience=2)
    told(stopping, [3.0, 3.5, 2.0, 2.5, 1.0, 1.5, 1.5, 0.0])
    assert stopping.best_epoch == 5


def test_early_stopping_goes_back_to_the_best_also_when_it_did_not_stop():
    assert told(EarlyStopping(patience=9), [3.0, 1.0, 2.0]).weights.item() == 2


def test_an_epoch_is_better_by_more_than_min_delta_only():
    stopping = EarlyStopping(patience=2, min_delta=0.5)
    told(stopping, [2.0, 1.5, 1.0])
    assert stopping.best_epoch == 3
    told(stopping, [2.0, 1.5, 1.5])
    assert stopping.best_epoch == 1


def test_a_number_that_is_not_one_is_no_better():
    model = told(EarlyStopping(patience=2), [float("nan"), 1.0, float("nan"), float("nan")])
    assert model.weights.item() == 2


def test_nothing_is_restored_when_no_epoch_had_a_number():
    assert told(EarlyStopping(patience=2), [float("nan")] * 3).weights.item() == 2


@pytest.mark.parametrize("metric", ["accuracy", "validation_accuracy", "validation_r_squared"])
def test_early_stopping_knows_which_metrics_should_grow(metric):
    assert told(EarlyStopping(metric=metric), [0.1, 0.9, 0.2], metric).weights.item() == 2


@pytest.mark.parametrize("metric", ["loss", "validation_loss", "rmse", "validation_mae"])
def test_early_stopping_knows_which_metrics_should_shrink(metric):
    assert told(EarlyStopping(metric=metric), [0.9, 0.1, 0.2], metric).weights.item() == 2


def test_early_stopping_can_be_told_which_way_is_better():
    stopping = EarlyStopping(metric="validation_profit", maximize=True)
    assert told(stopping, [1.0, 9.0, 2.0], "validation_profit").weights.item() == 2
    with pytest.raises(OptionError, match="not known whether 'validation_profit' should grow"):
        EarlyStopping(metric="validation_profit")


@pytest.mark.parametrize(
    "options",
    [
        {"patience": 0},
        {"patience": 2.5},
        {"patience": "nope"},
        {"min_delta": -1.0},
        {"min_delta": np.nan},
        {"min_delta": "0.1"},
    ],
)
def test_early_stopping_refuses_what_makes_no_sense(options):
    with pytest.raises(OptionError, match=r"EarlyStopping: \w+ is"):
        EarlyStopping(**options)


@pytest.mark.parametrize("callback", [EarlyStopping(), Plateau(ReduceOnPlateau(0.1))])
def test_a_column_that_there_will_not_be_is_told_before_anything_is_learnt(callback):
    model = Linear(1, 1, rng=0)
    before = model.weights.item()
    with pytest.raises(OptionError, match="no numbers called 'validation_loss'"):
        fit(model, MSE(), SGD(model.parameters(), 0.1), (X, X), 1, callbacks=[callback])
    assert model.weights.item() == before


def test_early_stopping_in_fit_says_why_it_stopped():
    model = Linear(1, 1, rng=0)
    standing = SGD(model.parameters(), 0.0)
    stopping = EarlyStopping(patience=3)
    history = fit(model, MSE(), standing, (X, X), 50, validation=(X, X), callbacks=[stopping])
    assert history.stopped == "validation_loss has not improved for 3 epochs"
    assert (len(history), stopping.best_epoch) == (4, 1)


def test_plateau_lets_the_learning_rate_fall():
    model = Linear(1, 1, rng=0)
    rate = ReduceOnPlateau(0.001, factor=0.5, patience=0, threshold=0.99)  # nothing is better
    optimizer = SGD(model.parameters(), rate)
    history = fit(model, MSE(), optimizer, (X, X), 5, callbacks=[Plateau(rate, metric="loss")])
    assert history["learning_rate"] == [0.001, 0.001, 0.0005, 0.00025, 0.000125]


def test_a_run_is_stopped_with_a_reason():
    model = Linear(1, 1, rng=0)
    run = Run(model, SGD(model.parameters(), 0.1), History(), [], epochs=1, batches=None)
    run.stop("good enough")
    assert run.history.stopped == "good enough"


def test_early_stopping_goes_on_from_its_state():
    begun, resumed = EarlyStopping(patience=2), EarlyStopping(patience=2)
    told(begun, [3.0, 1.0, 2.0])
    model = Linear(1, 1, rng=0)
    history = History()
    history.open(["validation_loss"])
    run = Run(model, SGD(model.parameters(), 0.1), history, [], 9, None)
    resumed.on_start(run)
    resumed.load_state_dict(begun.state_dict())
    history.add({"validation_loss": 2.0}, seconds=0.0)
    resumed.on_epoch(run)
    resumed.on_end(run)
    assert history.stopped == "validation_loss has not improved for 2 epochs"
    assert (resumed.best_epoch, model.weights.item()) == (2, 2)


def test_a_callback_without_a_memory_has_no_state():
    assert Callback().state_dict() == {}
    Callback().load_state_dict({})
