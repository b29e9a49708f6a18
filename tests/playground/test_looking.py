from __future__ import annotations

import numpy as np
import pytest

from glasswork.playground.looking import drawn, unit

from .trained import trained


@pytest.mark.parametrize("data", ["spirals", "line", "digits"])
@pytest.mark.parametrize("layer", [0, 1, 2])
def test_a_multiply_add_is_the_networks_own(data, layer):
    training = trained(20, data=data, dropout=0.3)
    found = unit(training, layer, 0, 3)
    linear, row = training.linears[layer], training.material.train.x[3:4]
    given = training.outputs(row)
    inputs = row[0] if layer == 0 else given[layer - 1][0]
    np.testing.assert_allclose(found["inputs"], inputs, rtol=1e-5, atol=1e-6)
    assert found["weights"] == linear.weights.els[:, 0].tolist()
    assert (
        found["products"]
        == (np.array(found["inputs"], np.float32) * linear.weights.els[:, 0]).tolist()
    )
    assert sum(found["products"]) + found["bias"] == pytest.approx(found["sum"], rel=1e-4, abs=1e-5)
    last = training.said(given[-1]) if layer == 2 else given[layer]
    assert found["output"] == pytest.approx(last[0, 0].item(), rel=1e-4, abs=1e-6)
    assert found["activation"] == training.names[layer][1]
    assert len(found["names"]) == len(found["weights"])


def test_its_gradients_are_those_of_the_loss_of_that_row():
    training = trained(10, layers="3", samples=50)
    found = unit(training, 0, 2, 5)
    x, y = training.material.train.x[5:6], training.material.train.y[5:6]

    def loss(weight: int, change: float) -> float:
        weights = training.linears[0].weights.els
        weights[weight, 2] += change
        value = training.loss(training.model(x.astype(np.float64)), y).item()
        weights[weight, 2] -= change
        return value

    for weight in range(2):
        slope = (loss(weight, 1e-2) - loss(weight, -1e-2)) / 2e-2
        assert found["gradients"][weight] == pytest.approx(slope, rel=1e-2, abs=1e-4)


def test_looking_changes_nothing():
    training = trained(10, data="digits", dropout=0.2)
    before = [p.grad.copy() for p in training.model.parameters()]
    unit(training, 1, 2, 3)
    drawn(training, training.material.test.raw[0])
    assert all(
        np.array_equal(p.grad, grad)
        for p, grad in zip(training.model.parameters(), before, strict=True)
    )
    steps = [trained(20, data="digits", dropout=0.2), training]
    for _ in range(10):
        training.step()
    assert steps[0].curve == steps[1].curve


def test_names_are_those_of_the_inputs_or_of_the_units_before():
    training = trained(layers="2", features="x1,x2sq")
    assert unit(training, 0, 0, 0)["names"] == ["x₁", "x₂²"]
    assert unit(training, 1, 0, 0)["names"] == ["hidden1.1", "hidden1.2"]


def test_a_picture_gets_probabilities_and_each_pixel_what_it_speaks_for_the_class():
    training = trained(300, data="digits")
    picture = training.material.test.raw[0]
    found = drawn(training, picture)
    assert found["pixels"] == picture.tolist()
    assert sum(found["probabilities"]) == pytest.approx(1, abs=1e-5)
    assert found["class"] == np.argmax(found["probabilities"]) == training.material.test.y[0]
    pixel = int(np.abs(found["saliency"]).argmax())
    scores = []
    for change in (-1e-2, 1e-2):
        moved = picture.copy()
        moved[pixel] += change
        scores.append(training.outputs(moved[None])[-1][0, found["class"]].item())
    assert found["saliency"][pixel] == pytest.approx((scores[1] - scores[0]) / 2e-2, rel=1e-2)
