from __future__ import annotations

import numpy as np
import pytest

from glasswork import Sequential, load, save
from glasswork.errors import OptionError
from glasswork.playground.features import MADE, SHOWN, Features
from glasswork.playground.state import FEATURES


def test_each_feature_of_a_state_is_made_and_has_a_name_to_show():
    assert tuple(MADE) == tuple(SHOWN) == FEATURES


def test_features_are_what_their_names_say(rng):
    x = rng.normal(size=(5, 2))
    a, b = x.T
    expected = [a, b, a**2, b**2, a * b, np.sin(np.pi * a), np.sin(np.pi * b)]
    np.testing.assert_allclose(Features(FEATURES)(x).els, np.stack(expected, axis=1), rtol=1e-12)


def test_points_on_a_line_have_features_of_x1():
    x = np.array([[2.0]], np.float32)
    assert Features(["x1", "x1sq"])(x).els.tolist() == [[2.0, 4.0]]
    assert Features(["x1", "x1sq"])(x).dtype == np.float32


def test_features_that_are_none_are_refused():
    with pytest.raises(OptionError, match=r"there is no 'x3'"):
        Features(["x1", "x3"])


def test_a_model_with_features_is_saved_and_loaded(tmp_path):
    save(Sequential(Features(["x1x2"])), tmp_path / "model.safetensors")
    model = load(tmp_path / "model.safetensors")
    assert model(np.array([[2.0, 3.0]])).els.tolist() == [[6.0]]
