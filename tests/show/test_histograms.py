from __future__ import annotations

import numpy as np
import pytest

import glasswork as gw
from glasswork.errors import OptionError
from glasswork.show import Histograms, histograms

X = np.random.default_rng(0).normal(size=(64, 3)).astype(np.float32)
Y = X[:, :1]


def counted(epochs: int = 3, **options) -> tuple[gw.Sequential, Histograms]:
    model = gw.Sequential(gw.Linear(3, 20, rng=0), gw.ReLU(), gw.Linear(20, 1, rng=1))
    found = Histograms()
    optimizer = gw.SGD(model.parameters(), 0.05)
    gw.fit(model, gw.MSE(), optimizer, (X, Y), epochs, callbacks=[found], rng=0, **options)
    return model, found


@pytest.mark.parametrize("compile", [False, True])
def test_each_epoch_is_counted_for_each_layer(compile):
    model, found = counted(compile=compile)
    assert list(found.activations) == ["0", "1", "2"]
    paths = ["0.weights", "0.biases", "2.weights", "2.biases"]
    assert list(found.weights) == list(found.gradients) == paths
    for kind in (found.activations, found.weights, found.gradients):
        assert {len(hills) for hills in kind.values()} == {3}
    last = found.weights["0.weights"][-1]
    counts, edges = np.histogram(model[0].weights.els.astype(float), 8)  # 2 ∛60
    np.testing.assert_array_equal(last.counts, counts)
    np.testing.assert_array_equal(last.edges, edges)


@pytest.mark.parametrize("compile", [False, True])
def test_activations_are_of_the_last_batch_and_gradients_of_the_last_step(compile):
    model, found = counted(1, compile=compile, batch_size=64)
    start = gw.Sequential(gw.Linear(3, 20, rng=0), gw.ReLU(), gw.Linear(20, 1, rng=1))
    gw.MSE()(start(X), Y).backward()
    gradient = found.gradients["0.weights"][0]
    assert gradient.edges[0] == pytest.approx(start[0].weights.grad.min(), rel=1e-4)
    assert gradient.edges[-1] == pytest.approx(start[0].weights.grad.max(), rel=1e-4)
    hidden = np.maximum(X @ model[0].weights.els + model[0].biases.els, 0)
    assert found.activations["1"][0].counts.sum() == 64 * 20
    assert found.activations["1"][0].edges[-1] == pytest.approx(hidden.max(), rel=1e-5)


def test_counting_changes_nothing_of_a_training():
    watched, _ = counted()
    alone = gw.Sequential(gw.Linear(3, 20, rng=0), gw.ReLU(), gw.Linear(20, 1, rng=1))
    gw.fit(alone, gw.MSE(), gw.SGD(alone.parameters(), 0.05), (X, Y), 3, rng=0)
    for one, other in zip(watched.parameters(), alone.parameters(), strict=True):
        np.testing.assert_array_equal(one.els, other.els)
    assert watched.training


def test_numbers_that_are_not_finite_are_left_out():
    found = Histograms()
    found._count(found.weights, "w", np.array([1.0, np.nan, np.inf, 2.0]))
    assert found.weights["w"][0].counts.sum() == 2
    found._count(found.weights, "w", np.array([np.nan]))
    assert found.weights["w"][1].counts.sum() == 0


@pytest.mark.parametrize("kind", ["weights", "gradients", "activations"])
def test_a_picture_has_a_row_of_hills_for_each_layer(kind, figure):
    _, found = counted()
    layers = getattr(found, kind)
    axes = histograms(found, kind, figure.subplots(1, len(layers)))
    assert [each.get_title(loc="left") for each in axes] == list(layers)
    assert {each.get_xlabel() for each in axes} == {kind}
    for each, hills in zip(axes, layers.values(), strict=True):
        assert [label.get_text() for label in each.get_yticklabels()] == ["3", "2", "1"]
        for patch, hill, floor in zip(each.patches, hills, [2, 1, 0], strict=True):
            heights, edges, baseline = patch.get_data()
            np.testing.assert_array_equal(edges, hill.edges)
            np.testing.assert_allclose(heights - floor, 0.9 * hill.counts / hill.counts.max())
            assert baseline == floor


@pytest.mark.usefixtures("figure")
def test_of_many_epochs_twelve_are_drawn_with_the_first_and_the_last():
    _, found = counted(30)
    (axes,) = histograms(found, layers=["2.weights"])
    epochs = [int(label.get_text()) for label in axes.get_yticklabels()]
    assert (len(epochs), epochs[0], epochs[-1]) == (12, 30, 1)


def test_what_was_not_counted_is_an_error():
    with pytest.raises(OptionError, match="no weights of any layer"):
        histograms(Histograms())
    with pytest.raises(OptionError, match=r"no gradients of 9.weights.\n.* are of 0.weights,"):
        histograms(counted(1)[1], "gradients", layers=["9.weights"])
    with pytest.raises(OptionError, match="kind is 'biases'"):
        histograms(Histograms(), "biases")


def test_what_was_counted_goes_on_with_a_training_that_is_resumed(tmp_path):
    for epochs in (2, 3):
        _, found = counted(epochs, checkpoint=tmp_path / "run", resume=True)
    _, whole = counted(3)
    for kind in ("activations", "gradients", "weights"):
        for path, hills in getattr(whole, kind).items():
            for one, other in zip(hills, getattr(found, kind)[path], strict=True):
                np.testing.assert_array_equal(one.counts, other.counts)
                np.testing.assert_array_equal(one.edges, other.edges)
