"""What `fit` refuses, before anything is changed."""

from __future__ import annotations

import re

import numpy as np
import pytest

from glasswork.errors import DataError, OptionError, ShapeError
from glasswork.nn import MSE, Module
from glasswork.train import History, accuracy, fit, rmse

from .test_fit import Diary, descent, linear, plane

__all__ = ["plane"]


def refused(plane, error, message, *, data=None, epochs=1, **options) -> None:
    """Check that fit raises this error, and has not changed the model by then."""
    model = options.pop("model", None) or linear()
    optimizer = options.pop("optimizer", None) or descent(model)
    before = model.state_dict()
    with pytest.raises(error, match=message):
        fit(model, MSE(), optimizer, plane if data is None else data, epochs, **options)
    for path, value in model.state_dict().items():
        np.testing.assert_array_equal(value, before[path], strict=True)


class Gives(Module):
    """A layer, and what is made of its output."""

    def __init__(self, made) -> None:
        self.layer, self.made = linear(), made

    def forward(self, x):
        return self.made(self.layer(x))


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (lambda y: None, "the model gives None"),
        (lambda y: (y, y), "the model gives a tuple"),
        (lambda y: y.els, "the model gives an array"),
    ],
)
@pytest.mark.parametrize("compile", [True, False])
def test_a_model_that_gives_no_tensor_is_refused(plane, made, told, compile):
    refused(plane, OptionError, told, model=Gives(made), compile=compile)


@pytest.mark.parametrize(
    "data",
    [
        lambda x, y: [x, y],
        lambda x, y: [x.tolist(), y.tolist()],
        lambda x, y: [(x,)],
        lambda x, y: {0: (x, y)},
        lambda x, y: "xy",
    ],
)
def test_what_holds_no_batches_is_refused(plane, data):
    refused(plane, OptionError, "fit, data: ", data=data(*plane))


def test_metrics_that_do_not_fit_are_found_before_anything_is_learnt(plane):
    refused(plane, OptionError, "wide gave no single number", metrics={"wide": lambda yhat, y: y})


def test_what_cannot_be_kept_is_refused_before_the_history_or_a_folder_is_begun(plane, tmp_path):
    history = History()
    for wrong in ({"every": "x"}, {"clip_norm": -1.0}, {"clip_values": "a"}):
        options = {"history": history, "checkpoint": tmp_path / "run", **wrong}
        refused(plane, OptionError, f"fit: {next(iter(wrong))} is", **options)
    assert not (tmp_path / "run").exists() and history.columns == {}


def test_data_that_do_not_fit_are_refused_before_anything_is_learnt(plane):
    x, y = plane
    empty = (np.zeros((0, 2)), np.zeros((0, 1)))
    refused(plane, ShapeError, "differ in length", data=(x, y[:9]))
    refused(plane, DataError, "the data is empty", data=empty)
    refused(plane, DataError, "have no batch", data=[])
    refused(plane, OptionError, "fit, data: there are no targets", data=(x,))
    refused(plane, ShapeError, r"prediction is \(32, 1\), the target is \(32,\)", data=(x, y[:, 0]))
    refused(plane, ShapeError, "has 3 features in a row, not 2", data=(np.zeros((50, 3)), y))


def test_validation_data_that_do_not_fit_are_refused_before_anything_is_learnt(plane):
    x, y = plane
    refused(plane, ShapeError, "differ in length", validation=(x, y[:9]))
    refused(plane, DataError, "the data is empty", validation=(x[:0], y[:0]))
    refused(plane, DataError, "have no batch", validation=[])
    refused(plane, ShapeError, r"the target is \(32,\)", validation=(x, y[:, 0]))
    refused(
        plane, DataError, "accuracy: these are no classes", validation=plane, metrics=[accuracy]
    )


def test_data_that_cannot_be_gone_through_again_are_refused(plane):
    x, _ = plane
    refused(plane, OptionError, r"fit, data: this cannot.*\n.*ndarray", data=x)
    refused(
        plane, OptionError, "generator. It gives its batches only once", data=(b for b in [plane])
    )
    refused(plane, OptionError, "fit, validation: this cannot", validation=x)


@pytest.mark.parametrize("epochs", [0, -1, 2.5, "a"])
def test_epochs_are_a_whole_number_from_1_up(plane, epochs):
    refused(plane, OptionError, f"epochs is {epochs!r}", epochs=epochs)


def test_an_optimizer_of_another_model_is_refused(plane):
    other = descent(linear())
    refused(plane, OptionError, "moves no parameter of the model", optimizer=other)


@pytest.mark.parametrize("place", range(3))
def test_names_in_the_place_of_objects_are_refused(plane, place):
    parts = [model := linear(), MSE(), descent(model)]
    parts[place] = "a name"
    with pytest.raises(OptionError, match="a Module, a loss and an Optimizer") as caught:
        fit(*parts, plane, 1)
    assert "'a name'" in str(caught.value)


@pytest.mark.parametrize("callbacks", [[Diary], [Diary(), print], Diary(), None])
def test_callbacks_are_a_list_of_instances_of_callback(plane, callbacks):
    message = f"callbacks is {re.escape(repr(callbacks))}.*\n.*list"
    refused(plane, OptionError, message, callbacks=callbacks)


def test_a_history_of_other_numbers_is_refused(plane):
    model = linear()
    history = fit(model, MSE(), descent(model), plane, 1, rng=0)
    refused(plane, OptionError, "the numbers to come are others", history=history, metrics=[rmse])


@pytest.mark.parametrize("metrics", [[lambda yhat, y: 0.0], [rmse, rmse]])
def test_a_metric_without_a_name_of_its_own_is_refused(plane, metrics):
    refused(plane, OptionError, "has no name of its own", metrics=metrics)


def test_a_limit_for_clipping_must_be_above_0(plane):
    refused(plane, OptionError, "clip_norm is 0", clip_norm=0.0)
