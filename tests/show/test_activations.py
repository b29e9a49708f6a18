from __future__ import annotations

import numpy as np
import pytest

import glasswork as gw
from glasswork.errors import OptionError, ShapeError
from glasswork.show import activation, activations, slopes

MODULES = [
    gw.ELU(2.0), gw.GELU(), gw.Identity(), gw.LeakyReLU(0.1), gw.ReLU(), gw.SiLU(), gw.Sigmoid(),
    gw.Softplus(), gw.Tanh(),
]  # fmt: skip
X = np.linspace(-3, 3, 14)  # without the kink at 0


@pytest.mark.parametrize("function", [*MODULES, gw.functional.exp, lambda x: x**3 - x])
def test_slopes_are_the_difference_quotients(function):
    y, slope = slopes(function, X)
    above, below = (slopes(function, X + step)[0] for step in (1e-6, -1e-6))
    np.testing.assert_allclose(y, np.asarray(function(gw.Tensor(X)).els), rtol=1e-12)
    np.testing.assert_allclose(slope, (above - below) / 2e-6, rtol=1e-6, atol=1e-8)


def test_a_network_of_one_number_is_a_function_too():
    model = gw.Sequential(gw.Linear(1, 4, rng=0, dtype=float), gw.Tanh(), gw.Linear(4, 1, rng=1))
    y, slope = slopes(model, X)
    assert y.shape == slope.shape == X.shape


def test_what_is_no_function_of_one_number_is_an_error():
    with pytest.raises(
        ShapeError, match=r"Linear\(1, 2\) is no function.*\n.*\(14, 2\) of \(14, 1\)"
    ):
        slopes(gw.Linear(1, 2), X)


def test_a_picture_has_the_function_its_derivative_and_the_name(figure):
    axes = activation(gw.LeakyReLU(0.5), figure.subplots(), span=(-2, 2))
    f, derivative = axes.get_lines()[-2:]
    y, slope = slopes(gw.LeakyReLU(0.5), f.get_xdata())
    np.testing.assert_array_equal(f.get_ydata(), y)
    np.testing.assert_array_equal(derivative.get_ydata(), slope)
    assert (f.get_xdata()[0], f.get_xdata()[-1]) == (-2, 2)
    assert f.get_linestyle() != derivative.get_linestyle()
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["f", "f′"]
    assert axes.get_title(loc="left") == "LeakyReLU(slope=0.5)"


@pytest.mark.usefixtures("figure")
def test_functions_and_ops_have_their_names():
    assert activation(gw.functional.sigmoid).get_title(loc="left") == "sigmoid"


@pytest.mark.usefixtures("figure")
def test_several_stand_side_by_side_on_one_scale_with_one_legend():
    axes = activations(MODULES[:3])
    assert [each.get_title(loc="left") for each in axes] == ["ELU(alpha=2.0)", "GELU", "Identity"]
    assert len({each.get_ylim() for each in axes}) == 1
    assert [each.get_legend() is not None for each in axes] == [True, False, False]


def test_each_function_needs_axes(figure):
    with pytest.raises(OptionError, match="1 axes for 2 panels"):
        activations(MODULES[:2], [figure.subplots()])
