from __future__ import annotations

import io
import sys

import numpy as np
import pytest

import glasswork as gw
from glasswork import show
from glasswork.errors import MissingExtraError, OptionError
from glasswork.show.axes import dress, finite, one_axes, panels, undress


def test_new_axes_stand_in_a_grid_on_a_figure_that_belongs_to_no_window(figure):
    axes = panels("it", ["a", "b", "c"], columns=2)
    grids = [each.get_subplotspec().get_geometry() for each in axes]
    assert grids == [(2, 2, 0, 0), (2, 2, 1, 1), (2, 2, 2, 2)]
    assert len(axes[0].figure.axes) == 3  # the fourth place is empty
    assert axes[0].figure.canvas.manager is None
    if (pyplot := sys.modules.get("matplotlib.pyplot")) is not None:
        assert not pyplot.get_fignums()


def test_axes_that_are_given_are_those_that_are_drawn_on(figure):
    axes = figure.subplots(1, 2)
    assert panels("it", ["a", "b"], axes) == list(axes)
    assert one_axes("it", axes[0]) is axes[0]


def test_the_wrong_number_of_axes_is_an_error_that_names_the_panels(figure):
    with pytest.raises(OptionError, match=r"it: there are 1 axes for 2 panels.\n.*are a, b.\n"):
        panels("it", ["a", "b"], [figure.subplots()])


def test_a_dress_has_a_title_names_for_the_sides_and_two_lines_about_it(figure):
    axes = dress(figure.subplots(), "loss", "epoch", "L")
    assert (axes.get_title(loc="left"), axes.get_xlabel(), axes.get_ylabel()) == (
        "loss",
        "epoch",
        "L",
    )
    assert {side for side, spine in axes.spines.items() if spine.get_visible()} == {
        "left",
        "bottom",
    }
    assert not undress(figure.add_subplot(), "a picture").axison


def test_names_with_dollars_are_no_formulas(figure):
    name = r"$\frac$"
    model = gw.Sequential(gw.Linear(2, 2, rng=0))
    names = {"classes": [name, "b"]}
    x = np.array([[0.0, 1.0], [2.0, 0.0]])
    first, second, third, fourth = figure.subplots(2, 2).flat
    show.boundary(show.plane(model, x), first, x=x, y=[0, 1], names=[name, "y"], **names)
    show.confusion(np.eye(2), second, [name, "b"])
    show.network(model, third, [name, "b"], [name, "b"])
    show.images(x[None], [fourth], [name])
    figure.savefig(io.BytesIO())


def test_numbers_that_are_not_finite_are_left_out():
    assert str(finite([1.0, float("inf"), float("nan")])) == "[ 1. nan nan]"


@pytest.mark.parametrize(
    "draw",
    [
        lambda: show.activation(np.tanh),
        lambda: show.confusion(np.eye(2)),
        lambda: show.images(np.zeros((1, 2, 2))),
        lambda: show.descents(lambda w: (w**2).sum(axis=-1), {"a": np.ones((2, 2))}),
    ],
)
def test_without_matplotlib_every_picture_names_the_extra(draw, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(
        MissingExtraError, match=r"drawing .* needs matplotlib.*\n.*glasswork\[app\]"
    ):
        draw()


def test_drawing_imports_no_pyplot(figure):
    import subprocess

    program = (
        "import sys, numpy as np; from glasswork import show;"
        "show.confusion(np.eye(2)); print('matplotlib.pyplot' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"


def test_nothing_to_draw_is_an_error():
    with pytest.raises(OptionError, match="activation functions: there is nothing to draw"):
        show.activations([])
    with pytest.raises(OptionError, match="descents: there is no way to draw"):
        show.descents(lambda w: w.sum(axis=-1), {})
