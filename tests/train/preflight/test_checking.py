"""A preflight looks at everything, and changes nothing."""

from __future__ import annotations

import numpy as np
import pytest

import glasswork as gw
from glasswork.errors import OptionError, ShapeError
from glasswork.nn import BatchNorm, CrossEntropy, Dropout, Linear, Module, ReLU, Sequential

rng = np.random.default_rng(0)
x, y = rng.normal(size=(40, 4)), np.arange(40) % 3


def network():
    layers = Linear(4, 32, rng=0), BatchNorm(32), ReLU(), Dropout(0.5), Linear(32, 3, rng=1)
    model = Sequential(*layers)
    model.children[-1].weights.els = model.children[-1].weights.els * np.float32(0.3)
    return model


def test_a_sound_network_passes_every_check():
    report = gw.preflight(network(), x, y, CrossEntropy())
    assert report.ok, report
    assert [finding.check for finding in report.findings] == [
        "finite", "gradients", "first loss", "activations", "signals", "units", "symmetry",
        "parameters", "one batch",
    ]  # fmt: skip


def test_a_model_can_be_asked_itself():
    model = network()
    found = model.preflight(x, y, CrossEntropy(), samples=20).findings
    assert found == gw.preflight(model, x, y, CrossEntropy(), samples=20).findings
    assert "glasswork.preflight" in Module.preflight.__doc__


def test_nothing_is_changed_and_nothing_drawn():
    model = network().eval()
    before = model.state_dict()
    gw.seed(5)
    expected = gw.randomness.generator().random()
    gw.seed(5)
    gw.preflight(model, x, y, CrossEntropy())
    assert gw.randomness.generator().random() == expected
    assert not model.training
    for path, value in model.state_dict().items():
        np.testing.assert_array_equal(value, before[path])


def test_the_same_network_has_the_same_report():
    reports = [repr(gw.preflight(network(), x, y, CrossEntropy())) for _ in range(2)]
    assert reports[0] == reports[1]


def test_numbers_that_are_not_finite_end_it():
    class Log(Module):
        def forward(self, x):
            return np.log(x)

    report = gw.preflight(Sequential(Log(), Linear(4, 3)), x, y, CrossEntropy())
    assert not report.ok
    assert [finding.verdict for finding in report.findings] == ["wrong"]
    assert report["finite"].seen.startswith("log in model.0 Log() gave nan")


def test_a_batch_of_one_and_data_that_do_not_fit_are_refused():
    with pytest.raises(OptionError, match="x has 1 samples"):
        gw.preflight(network(), x[:1], y[:1], CrossEntropy())
    with pytest.raises(ShapeError, match=r"model.0 Linear\(4, 32\)"):
        gw.preflight(network(), x[:, :3], y, CrossEntropy())
