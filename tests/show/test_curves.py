from __future__ import annotations

import sys

import pytest

from glasswork.errors import MissingExtraError, OptionError
from glasswork.show import curve, curves, save_curves
from glasswork.train import History


def history(*losses: float) -> History:
    made = History()
    for loss in losses:
        numbers = {"loss": loss, "accuracy": 0.5, "validation_loss": 2 * loss}
        made.add(numbers | {"learning_rate": 0.1, "gradient_norm.0.weights": 1.0}, seconds=0.1)
    return made


def lines(axes) -> dict[str, tuple[list[float], list[float]]]:
    return {
        line.get_label(): (line.get_xdata().tolist(), line.get_ydata().tolist())
        for line in axes.get_lines()
    }


@pytest.mark.usefixtures("figure")
def test_there_is_a_panel_for_the_loss_each_metric_and_the_learning_rate():
    drawn = curves(history(0.5, 0.4))
    titles = [axes.get_title(loc="left") for axes in drawn]
    assert titles == ["loss", "accuracy", "learning rate"]


@pytest.mark.usefixtures("figure")
def test_a_panel_shows_training_and_held_out_data_over_epochs_from_1():
    loss, accuracy, _ = curves(history(0.5, 0.25), held_out="test")
    assert lines(loss) == {"training": ([1, 2], [0.5, 0.25]), "test": ([1, 2], [1.0, 0.5])}
    assert [text.get_text() for text in loss.get_legend().get_texts()] == ["training", "test"]
    assert list(lines(accuracy)) == ["training"]
    assert accuracy.get_legend() is None


def test_it_draws_on_the_axes_that_it_is_given_and_returns_them(figure):
    axes = list(figure.subplots(1, 3))
    assert curves(history(0.5), axes) == axes
    alone = figure.add_subplot()
    assert curve(history(0.5), "loss", alone) is alone


@pytest.mark.usefixtures("figure")
def test_numbers_of_many_sizes_stand_on_a_logarithmic_scale():
    assert curve(history(1.0, 0.001), "loss").get_yscale() == "log"
    assert curve(history(1.0, 0.5), "loss").get_yscale() == "linear"
    assert curve(history(1.0, -0.001), "loss").get_yscale() == "linear"


@pytest.mark.usefixtures("figure")
def test_the_learning_rate_is_shown_from_0():
    assert curve(history(0.5, 0.4), "learning_rate").get_ylim()[0] == 0


@pytest.mark.usefixtures("figure")
def test_numbers_that_are_not_finite_are_left_out():
    axes = curve(history(0.5, float("inf"), float("nan")), "loss")
    assert str(lines(axes)["training"][1]) == "[0.5, nan, nan]"


def test_curves_are_saved_as_a_picture(figure, tmp_path):
    path = tmp_path / "curves.png"
    save_curves(history(0.5, 0.4, float("nan")), path)
    assert path.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    assert list(tmp_path.iterdir()) == [path]


def test_the_wrong_number_of_axes_is_an_error_that_names_the_panels(figure):
    with pytest.raises(OptionError, match=r"1 axes for 3 panels.\n.*loss, accuracy, learning_rate"):
        curves(history(0.5), [figure.subplots()])


def test_a_history_without_an_epoch_is_an_error(tmp_path):
    with pytest.raises(OptionError, match="has no epoch"):
        curves(History())
    with pytest.raises(OptionError, match="has no epoch"):
        save_curves(History(), tmp_path / "curves.png")


def test_a_column_that_is_not_there_is_an_error():
    with pytest.raises(OptionError, match="no numbers called 'f1'"):
        curve(history(0.5), "f1")


def test_without_matplotlib_the_extra_is_named_and_nothing_is_written(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(MissingExtraError, match=r"needs matplotlib.*\n.*glasswork\[app\]"):
        save_curves(history(0.5), tmp_path / "curves.png")
    assert not list(tmp_path.iterdir())
