from __future__ import annotations

import numpy as np
import pytest

import glasswork as gw
from glasswork.errors import DataError
from glasswork.nn import MSE, Dropout, Linear, ReLU, Sequential
from glasswork.optim import SGD
from glasswork.train import Callback, fit

X = np.linspace(-1, 1, 20, dtype=np.float32)[:, None]


class Nudge(Callback):
    """Changes the last bit of a weight after a step."""

    def __init__(self, step: int, path: str) -> None:
        self.step = step
        self.path = path

    def on_batch(self, run):
        if run.steps == self.step:
            parameter = dict(run.model.named_parameters())[self.path]
            parameter.els = np.nextafter(parameter.els, np.float32(np.inf))


def trained(folder, *, first=0, order=0, dropped=0, epochs=3, neurons=4, callbacks=()):
    layers = Linear(1, neurons, rng=first), ReLU(), Dropout(0.5, rng=dropped)
    model = Sequential(*layers, Linear(neurons, 1, rng=1))
    data, optimizer = gw.Batches(X, X, batch_size=5, rng=order), SGD(model.parameters(), 0.1)
    fit(model, MSE(), optimizer, data, epochs, callbacks=callbacks, checkpoint=folder)
    return folder


@pytest.fixture
def a(tmp_path):
    return trained(tmp_path / "a")


def test_two_runs_of_one_script_are_the_same(a, tmp_path):
    found = gw.diff(a, trained(tmp_path / "b"))
    assert (found.step, found.tensor, found.steps) == (None, None, (12, 12))
    assert str(found) == "The runs are the same in all steps: 12."


def test_a_longer_run_is_the_same_in_the_steps_that_both_have(a, tmp_path):
    found = gw.diff(a, trained(tmp_path / "b", epochs=5))
    assert (found.step, found.steps) == (None, (12, 20))
    assert str(found) == "The runs are the same in all steps: 12 that both have."


@pytest.mark.parametrize("path", ["0.weights", "0.biases", "3.weights", "3.biases"])
@pytest.mark.parametrize("step", [1, 7, 12])
def test_one_bit_of_one_tensor_is_found_in_its_step(step, path, a, tmp_path):
    found = gw.diff(a, trained(tmp_path / "b", callbacks=[Nudge(step, path)]))
    assert (found.step, found.tensors) == (step, (path,))


def test_other_first_values_part_at_step_0(a, tmp_path):
    found = gw.diff(a, trained(tmp_path / "b", first=5))
    assert str(found) == (
        "The runs part at step 0: 0.weights\n  The values before the first step differ."
    )


def test_another_order_parts_in_the_batch(a, tmp_path):
    found = gw.diff(a, trained(tmp_path / "b", order=5))
    assert (found.step, found.tensor) == (1, "batch")
    assert "\n  Other samples, or in another order.\n  In the same step: loss, " in str(found)


def test_other_draws_of_dropout_part_in_the_loss(a, tmp_path):
    found = gw.diff(a, trained(tmp_path / "b", dropped=5))
    assert (found.step, found.tensor) == (1, "loss")
    assert "the forward pass differs" in str(found)


def test_half_a_line_at_the_end_is_none(a, tmp_path):
    b = trained(tmp_path / "b")
    with (b / "trace.csv").open("a") as file:
        file.write("13,abc,0.1,1,2,3,4")
    assert gw.diff(a, b).steps == (12, 12)


def test_runs_of_different_models_cannot_be_compared(a, tmp_path):
    b = tmp_path / "b"
    b.mkdir()
    (b / "trace.csv").write_text("step,batch,loss,weights\n")
    with pytest.raises(DataError, match=r"other parameters.\n.*3.biases\n.*: weights\n"):
        gw.diff(a, b)


@pytest.mark.parametrize("content", [None, "", "step"])
def test_a_folder_without_a_trace_is_told(a, tmp_path, content):
    if content is not None:
        (tmp_path / "trace.csv").write_text(content)
    with pytest.raises(DataError, match="keeps no trace of a training"):
        gw.diff(a, tmp_path)
