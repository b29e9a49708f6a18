from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from glasswork import Tensor
from glasswork.cli.lesson import LOSSES, LOSSES_FOR, prepare
from glasswork.data import Dataset, line, moons
from glasswork.data.columns import Column
from glasswork.errors import OptionError
from glasswork.nn import Categories, Missing, Standardize
from glasswork.train import rmse


def test_a_fifth_is_kept_back_unless_said_otherwise():
    dataset = moons(rng=0)
    assert len(prepare(dataset, "cross-entropy", None, "none", 0).test.x) == 200
    assert len(prepare(dataset, "cross-entropy", 0.1, "none", 0).test.x) == 100
    assert len(prepare(dataset, "cross-entropy", 5, "none", 0).test.x) == 5


def test_the_same_seed_keeps_the_same_samples_back():
    first, second = (prepare(moons(rng=0), "mse", None, "none", 3) for _ in range(2))
    assert (first.test.x == second.test.x).all()


def with_test_part() -> Dataset:
    dataset = moons(rng=0)
    return replace(dataset, x_test=dataset.x[:7], y_test=dataset.y[:7])


def test_a_test_part_that_the_data_come_with_is_the_test_part():
    lesson = prepare(with_test_part(), "cross-entropy", None, "none", 0)
    assert (len(lesson.train.x), len(lesson.test.x)) == (1000, 7)
    with pytest.raises(OptionError, match=r"--test is 0.2, and moons has a test part of its own"):
        prepare(with_test_part(), "cross-entropy", 0.2, "none", 0)


def test_scaling_is_measured_on_the_training_part_alone():
    lesson = prepare(line(rng=0), "mse", None, "standard", 0)
    for scaled in (lesson.train.x, lesson.train.y):
        np.testing.assert_allclose([scaled.mean(), scaled.std()], [0, 1], atol=1e-5)
    assert abs(lesson.test.x.mean()) > 1e-3
    (layer,) = lesson.layers
    np.testing.assert_allclose(layer(lesson.raw_test.x).els, lesson.test.x, atol=1e-5)
    np.testing.assert_allclose(lesson.outputs.inverse(lesson.test.y), lesson.raw_test.y, atol=1e-5)


def test_classes_are_not_scaled():
    lesson = prepare(moons(rng=0), "cross-entropy", None, "standard", 0)
    assert lesson.outputs is None
    assert (lesson.test.y == lesson.raw_test.y).all()


def test_without_scaling_the_network_sees_the_samples_as_they_are():
    lesson = prepare(line(rng=0), "mse", None, "none", 0)
    assert (lesson.layers, lesson.outputs) == ((), None)
    assert lesson.test.x is lesson.raw_test.x
    assert lesson.metrics["rmse"](lesson.test.y + 2, lesson.test.y) == pytest.approx(2)


def test_rmse_is_told_in_the_unit_of_the_targets():
    lesson = prepare(line(rng=0), "mse", None, "standard", 0)
    guess = np.zeros_like(lesson.test.y)  # which stands for the mean
    expected = rmse(lesson.outputs.inverse(guess), lesson.raw_test.y)
    assert lesson.metrics["rmse"](guess, lesson.test.y) == pytest.approx(expected, rel=1e-5)
    assert lesson.raw_metrics["rmse"] is rmse


def test_the_loss_is_told_in_the_unit_in_which_it_is_learned():
    lesson = prepare(line(rng=0), "mse", None, "standard", 0)
    guess = np.zeros_like(lesson.test.y)
    raw = lesson.raw_loss(Tensor(lesson.outputs.inverse(guess)), lesson.raw_test.y)
    assert raw.item() == pytest.approx(lesson.loss(Tensor(guess), lesson.test.y).item(), rel=1e-5)


def test_classes_learned_with_mse_are_rows_with_a_single_1():
    lesson = prepare(moons(rng=0), "mse", None, "none", 0)
    assert lesson.train.y.shape == (800, 2)
    assert (lesson.train.y.sum(axis=1) == 1).all()
    assert lesson.metrics["accuracy"](lesson.test.y, lesson.test.y) == 1


@pytest.mark.parametrize("dataset", [moons(rng=0), line(rng=0)])
def test_each_loss_is_for_its_kind_of_targets(dataset):
    for loss in LOSSES:
        if loss in LOSSES_FOR[dataset.task]:
            assert type(prepare(dataset, loss, None, "none", 0).loss) is LOSSES[loss]
        else:
            with pytest.raises(OptionError, match=f"--loss is {loss}, and the targets of"):
                prepare(dataset, loss, None, "none", 0)


def rows_with_holes() -> Dataset:
    x = np.array([[n if n % 3 else np.nan, n % 2] for n in range(30)], np.float32)
    columns = (Column("size", "number"), Column("color", "category", ("red", "blue", "green")))
    y = np.arange(30)[:, None] / 10
    return Dataset(name="it", x=x, y=y, task="regression", columns=columns)


def test_the_rows_of_a_table_are_filled_scaled_and_coded():
    lesson = prepare(rows_with_holes(), "mse", None, "standard", 0)
    assert [type(layer) for layer in lesson.layers] == [Missing, Standardize, Categories]
    assert lesson.train.x.shape == (24, 5)
    np.testing.assert_allclose(lesson.train.x[:, :2].mean(axis=0), 0, atol=1e-6)
    assert lesson.train.x[:, 2:].sum(axis=0).tolist()[2] == 0
    assert lesson.layers[2].known.els.tolist() == [1, 1, 0]


def test_without_scaling_a_table_is_filled_and_coded_all_the_same():
    lesson = prepare(rows_with_holes(), "mse", None, "none", 0)
    assert [type(layer) for layer in lesson.layers] == [Missing, Categories]
    assert np.isfinite(lesson.train.x).all()


def test_of_a_table_more_is_told():
    assert list(prepare(rows_with_holes(), "mse", None, "none", 0).raw_metrics) == [
        "rmse", "r_squared", "mae",
    ]  # fmt: skip
    classes = replace(moons(rng=0), columns=(Column("a", "number"), Column("b", "number")))
    assert list(prepare(classes, "mse", None, "none", 0).raw_metrics) == ["accuracy", "f1"]


def test_the_trivial_prediction_of_values_is_the_mean_of_the_training_part():
    lesson = prepare(rows_with_holes(), "mse", None, "standard", 0)
    guess = rows_with_holes().y.sum() - lesson.raw_test.y.sum()
    assert lesson.trivial == "always the mean"
    np.testing.assert_allclose(
        lesson.baseline["mae"], np.abs(lesson.raw_test.y - guess / 24).mean(), rtol=1e-5
    )


@pytest.mark.parametrize("loss", ["cross-entropy", "mse"])
def test_that_of_classes_is_the_commonest(loss):
    dataset = moons(rng=0)
    rare = replace(dataset, x=dataset.x[400:], y=dataset.y[400:])
    share = np.bincount(rare.y) / len(rare)
    lesson = prepare(rare, loss, None, "none", 0)
    assert lesson.trivial == f"always {rare.classes[share.argmax()]}, the commonest class"
    assert lesson.baseline["accuracy"] == pytest.approx(share.max(), abs=0.01)
