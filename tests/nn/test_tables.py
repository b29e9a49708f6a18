"""Missing, Standardize and Categories take rows as they stand in a table."""

from __future__ import annotations

import numpy as np
import pytest

import glasswork as gw
from glasswork.errors import DtypeError, OptionError, ShapeError
from glasswork.nn import Categories, Missing, Sequential, Standardize

NAN = np.nan


def test_a_missing_number_becomes_the_median_of_those_that_are_there():
    x = np.array([[1, NAN], [NAN, 5], [3, 6], [100, NAN]])
    np.testing.assert_array_equal(Missing.of(x)(x).els, [[1, 5.5], [3, 5], [3, 6], [100, 5.5]])


def test_or_their_mean():
    layer = Missing.of([[1.0], [NAN], [5.0], [6.0]], middle="mean")
    assert layer(np.array([[NAN]])).els.item() == 4


def test_new_rows_are_filled_with_what_training_rows_had():
    assert Missing.of([[1.0], [3.0]])(np.array([[NAN], [7.0]])).els.tolist() == [[2], [7]]


def test_a_column_of_nothing_becomes_zeros():
    layer = Missing.of([[NAN, 1.0], [NAN, 3.0]])
    assert layer(np.full((1, 2), NAN)).els.tolist() == [[0, 2]]


def test_an_indicator_stands_behind_for_each_column_that_had_holes():
    x = np.array([[1, 2, NAN], [3, 4, 5]])
    layer = Missing.of(x, indicators=True)
    assert layer.indicators == (2,)
    assert layer(x).els.tolist() == [[1, 2, 5, 1], [3, 4, 5, 0]]
    assert layer(np.full((1, 3), NAN)).els.tolist() == [[2, 3, 5, 1]]


def test_standardized_columns_have_mean_0_and_deviation_1(rng):
    x = rng.normal(1e4, 50, (100, 3))
    y = Standardize.of(x, dtype=np.float64)(x).els
    np.testing.assert_allclose(y.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(y.std(axis=0), 1, rtol=1e-12)


def test_what_is_missing_counts_for_neither_mean_nor_deviation():
    layer = Standardize.of([[1.0], [NAN], [3.0]])
    assert (layer.mean.item(), layer.deviation.item()) == (2, 1)


@pytest.mark.parametrize("constant", [0.1, 0.0, NAN, 1e30])
def test_a_column_that_never_changes_becomes_0(constant):
    x = np.full((7, 1), constant)
    layer = Standardize.of(x, dtype=np.float64)
    assert layer.deviation.item() == 1
    assert layer(np.nan_to_num(x)).els.max() == pytest.approx(0, abs=1e15 * np.nan_to_num(x[0, 0]))


def test_spared_columns_stay_as_they_are(rng):
    x = rng.normal(5, 2, (20, 3))
    y = Standardize.of(x, spare=[1], dtype=np.float64)(x).els
    np.testing.assert_array_equal(y[:, 1], x[:, 1])
    np.testing.assert_allclose(y[:, [0, 2]].mean(axis=0), 0, atol=1e-12)


WORDS = {1: ["a", "b", "c"], 3: ["no", "yes"]}


def test_each_word_gets_a_column_behind_the_numbers():
    y = Categories(4, WORDS)(np.array([[7, 2, 8, 0], [9, 0, 10, 1]], np.float32)).els
    assert y.tolist() == [[7, 8, 0, 0, 1, 1, 0], [9, 10, 1, 0, 0, 0, 1]]
    assert y.dtype == np.float32


@pytest.mark.parametrize("code", [-1, 3, 0.5, 99])
def test_a_code_without_a_word_is_all_zeros(code):
    assert Categories(1, {0: ["a", "b", "c"]})(np.array([[code]])).els.tolist() == [[0, 0, 0]]


def test_so_is_a_word_that_no_training_row_had():
    layer = Categories.of([[0], [2], [-1]], {0: ["a", "b", "c"]})
    assert layer.known.els.tolist() == [1, 0, 1]
    assert layer(np.array([[0], [1], [2]])).els.tolist() == [[1, 0, 0], [0, 0, 0], [0, 0, 1]]


@pytest.fixture
def model() -> Sequential:
    x = np.array([[1, 0, NAN, 0], [2, 1, 5, 1], [4, 1, 6, -1]], np.float32)
    filled = Missing.of(x, indicators=True)
    scaled = Standardize.of(filled(x), spare=WORDS)
    words = Categories.of(scaled(filled(x)), WORDS)
    return Sequential(filled, scaled, words, gw.Linear(3 + 5, 2, rng=0))


def test_a_saved_model_takes_raw_rows_as_the_model_did(model, tmp_path):
    gw.save(model, tmp_path / "model.safetensors")
    loaded = gw.load(tmp_path / "model.safetensors")
    x = np.array([[NAN, -1, NAN, 1], [3, 2, 0, 0]], np.float32)
    assert np.isfinite(loaded(x).els).all()
    np.testing.assert_array_equal(loaded(x).els, model(x).els)
    assert loaded[2].vocabulary == {1: ("a", "b", "c"), 3: ("no", "yes")}


def test_they_have_state_and_no_parameters(model):
    names = {"0.middle", "1.mean", "1.deviation", "2.known"}
    assert {name for name, _ in model.named_buffers()} == names
    assert len(model.parameters()) == 2


def test_they_compute_in_float64_when_the_model_does(model):
    assert model.astype(np.float64)(np.zeros((1, 4))).dtype == np.float64


@pytest.mark.parametrize("layer", [Missing(2), Standardize(2), Categories(2, {0: ["a", "b"]})])
@pytest.mark.parametrize("shape", [(2,), (5, 3), (2, 2, 2)], ids=str)
def test_rows_of_another_width_are_refused(layer, shape):
    with pytest.raises(ShapeError, match=r"the input is .*, not \(batch, 2\)"):
        layer(np.zeros(shape))


@pytest.mark.parametrize("make", [Missing.of, Standardize.of, lambda x: Categories.of(x, {})])
@pytest.mark.parametrize("x", [np.zeros(3), np.zeros((0, 2)), [["a"]]], ids=repr)
def test_training_rows_are_rows_of_numbers(make, x):
    with pytest.raises(ShapeError, match="no rows of numbers"):
        make(x)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Missing(0), "features is 0"),
        (lambda: Missing(2, [2]), "there is no column 2 in a row of 2"),
        (lambda: Missing.of([[1.0]], middle="mode"), "middle is 'mode'"),
        (lambda: Standardize.of([[1.0]], spare=[1]), "there is no column 1"),
        (lambda: Categories(1, {-1: ["a", "b"]}), "there is no column -1"),
        (lambda: Categories(1, {0: []}), "the vocabulary of column 0 is empty"),
    ],
)
def test_what_cannot_be_is_refused(make, message):
    with pytest.raises(OptionError, match=message):
        make()


@pytest.mark.parametrize("layer", [Missing, Standardize])
def test_they_are_of_floats(layer):
    with pytest.raises(DtypeError, match=f"{layer.__name__}: parameters cannot be int64"):
        layer(2, dtype=np.int64)
