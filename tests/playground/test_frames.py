from __future__ import annotations

import numpy as np
import pytest

from glasswork.playground.frames import Wishes, frame
from glasswork.playground.plane import CELLS
from glasswork.playground.training import Training
from glasswork.playground.uploads import dataset_of
from glasswork.train import predict

from .trained import material, trained
from .unpacked import unpacked


def drawn(training, wishes=None, known=(0, 0), **more):
    return unpacked(frame(training, wishes or Wishes(), known, **more))


def test_the_header_tells_how_it_goes():
    training = trained(40, data="moons", rate=0.25)
    header, _ = drawn(training, running=True)
    _, loss, test_loss, score, test_score = training.point()
    assert header["type"] == "frame" and header["running"]
    assert (header["step"], header["epoch"], header["batches"]) == (40, 2, 16)
    assert (header["rate"], header["loss"], header["test_loss"]) == (0.25, loss, test_loss)
    assert (header["accuracy"], header["test_accuracy"]) == (score, test_score)


def test_values_have_r2_in_place_of_an_accuracy():
    header, _ = drawn(trained(20, data="line"))
    assert header["accuracy"] is None and header["r2"] > 0


def test_parameters_are_those_of_the_network_and_gradients_come_when_asked_for():
    training = trained(3, layers="3")
    _, arrays = drawn(training)
    for place, linear in enumerate(training.linears):
        assert np.array_equal(arrays[f"weights.{place}"], linear.weights.els)
        assert np.array_equal(arrays[f"biases.{place}"], linear.biases.els)
    assert "gradients.0" not in arrays
    _, arrays = drawn(training, Wishes(gradients=True))
    assert np.array_equal(arrays["gradients.1"], training.linears[1].weights.grad)
    assert arrays["gradients.1"].any()


def test_only_points_that_are_new_are_sent_and_all_when_the_curve_was_thinned():
    training = trained(50)
    assert drawn(training)[1]["curve"].shape == (6, 5)
    header, arrays = drawn(training, known=(4, 10))
    assert header["history"] == {"from": 4} and arrays["curve"][:, 0].tolist() == [40, 50]
    training.every = 20
    assert drawn(training, known=(4, 10))[0]["history"] == {"from": 0}


def test_the_boundary_is_the_probability_of_the_second_class_in_each_cell():
    training = trained(100, data="circles", layers="4")
    _, arrays = drawn(training)
    logits = predict(training.model, training.material.plane.grid).reshape(CELLS, CELLS)
    expected = 255 / (1 + np.exp(-logits.astype(float)))
    np.testing.assert_allclose(arrays["boundary"], expected, atol=0.51)


def test_thumbs_are_what_units_give_around_zero_and_what_the_network_says():
    training = trained(10, layers="3,2")
    _, arrays = drawn(training)
    assert arrays["thumbs"].shape == (3 + 2 + 1, 24, 24)
    hidden = training.outputs(training.material.plane.grid)[0]
    cells = hidden.T.reshape(3, CELLS, CELLS)[:, 1::3, 1::3]
    shares = (1 + cells / np.abs(hidden).max()) / 2
    np.testing.assert_allclose(arrays["thumbs"][:3], 255 * shares, atol=0.51)
    assert np.array_equal(arrays["thumbs"][5], arrays["boundary"][1::3, 1::3])
    assert "thumbs" not in drawn(training, Wishes(thumbs=False))[1]


def test_a_unit_that_gives_nothing_is_neither_negative_nor_positive():
    training = trained(layers="2", activation="relu", initialization="zeros")
    assert set(drawn(training)[1]["thumbs"][:2].ravel()) == {128}


def test_what_the_features_are_comes_with_a_first_frame_alone():
    training = trained(features="x1,x2,x1x2")
    assert drawn(training)[1]["inputs"].shape == (3, 24, 24)
    assert "inputs" not in drawn(training, known=(1, 10))[1]
    across = drawn(training)[1]["inputs"][0]
    assert (np.diff(across.astype(int), axis=1) > 0).all() and not np.diff(across, axis=0).any()


def test_more_than_two_classes_are_a_class_and_how_sure_it_is():
    rows = "\n".join(f"{i % 10},{i // 10},{'abc'[i % 3]}" for i in range(60))
    training = Training(*_upload(rows))
    _, arrays = drawn(training)
    said = training.said(training.outputs(training.material.plane.grid)[-1])
    assert np.array_equal(arrays["boundary"], said.argmax(axis=1).reshape(CELLS, CELLS))
    sure = 255 * said.max(axis=1).reshape(CELLS, CELLS)
    np.testing.assert_allclose(arrays["confidence"], sure, atol=0.51)


def test_values_over_the_plane_go_from_the_lowest_to_the_highest_that_is_learnt():
    rows = "\n".join(f"{i % 10}.5,{i // 10},{100 * i}.5" for i in range(60))
    training = Training(*_upload(rows))
    header, _ = drawn(training)
    (boundary,) = (array for array in header["arrays"] if array["name"] == "boundary")
    learnt = training.material.values(training.material.train.y)
    assert boundary["low"] == learnt.min() and boundary["high"] == learnt.max()
    assert boundary["high"] > 5000


def test_a_line_has_a_fit():
    training = trained(300, data="line")
    _, arrays = drawn(training)
    x = np.linspace(*training.material.plane.extent[:2], CELLS)
    inside = np.abs(x) < 0.9
    np.testing.assert_allclose(arrays["fit"][inside], (2 * x + 1)[inside], atol=0.3)
    assert arrays["thumbs"].shape == (17, 24, 24) and "boundary" not in arrays


def test_of_digits_first_weights_are_pictures_and_later_units_have_a_mean_for_each_digit():
    training = trained(200, data="digits", layers="12,6")
    _, arrays = drawn(training)
    weights = training.linears[0].weights.els
    reach = np.abs(weights).max()
    expected = 255 * (weights.T.reshape(12, 8, 8) + reach) / (2 * reach)
    np.testing.assert_allclose(arrays["thumbs"], expected, atol=0.51)
    assert arrays["by_class.1"].shape == (6, 10)
    assert np.array_equal(arrays["by_class.2"].argmax(axis=0), np.arange(10))
    assert "boundary" not in arrays


def test_a_network_whose_numbers_are_not_finite_is_drawn_all_the_same():
    training = trained()
    training.linears[0].weights.els[...] = np.nan
    with np.errstate(all="ignore"):
        header, arrays = drawn(training)
    assert header["loss"] is None and not arrays["boundary"].any()


def _upload(rows):
    from glasswork.playground.state import State

    return State.defaults("upload"), material(dataset_of(rows.encode()), data="upload")


@pytest.mark.parametrize("layers", ["none", "1", "16,16,16,16,16,16"])
def test_every_depth_is_drawn(layers):
    units = sum(map(int, layers.split(","))) if layers != "none" else 0
    assert drawn(trained(layers=layers))[1]["thumbs"].shape == (units + 1, 24, 24)
