from __future__ import annotations

import numpy as np
import pytest

import glasswork as gw
from glasswork.errors import OptionError, ShapeError
from glasswork.show import Plane, boundary, plane
from glasswork.train import predict

X = np.array([[0.0, 0.0, 5.0], [10.0, 2.0, 7.0]], np.float32)


@pytest.fixture
def model() -> gw.Linear:
    return gw.Linear(3, 4, rng=0)


def test_a_plane_spans_the_data_with_a_margin(model):
    found = plane(model, X, points=5)
    np.testing.assert_allclose(found.x, [-1, 2, 5, 8, 11])
    np.testing.assert_allclose(found.y, [-0.2, 0.4, 1, 1.6, 2.2])


def test_each_point_is_what_the_model_says_with_the_others_at_their_means(model):
    found = plane(model, X, points=7)
    row, column = 2, 5
    sample = np.array([[found.x[column], found.y[row], 6.0]], np.float32)
    np.testing.assert_allclose(found.outputs[row, column], predict(model, sample)[0], rtol=1e-5)
    assert found.outputs.shape == (7, 7, 4)


@pytest.mark.parametrize("held", [{0: 3.0}, [3.0, 9.0, 9.0]])
def test_any_two_features_may_vary_and_others_be_held(model, held):
    found = plane(model, X, (2, 1), held, points=3)
    sample = np.array([[3.0, found.y[0], found.x[2]]], np.float32)
    np.testing.assert_allclose(found.outputs[0, 2], predict(model, sample)[0], rtol=1e-5)


def test_missing_numbers_do_not_count(model):
    with_hole = np.array([*X, [np.nan] * 3], np.float32)
    np.testing.assert_array_equal(plane(model, with_hole, points=3).x, plane(model, X, points=3).x)


def test_the_model_goes_on_as_it_was():
    dropout = gw.Sequential(gw.Dropout(0.5), gw.Linear(3, 1))
    plane(dropout, X, points=3)
    assert dropout[0].training


@pytest.mark.parametrize(
    ("arguments", "error", "told"),
    [
        ((X[0],), ShapeError, r"samples are \(3,\)"),
        ((X, (1, 1)), OptionError, r"features are \(1, 1\).*\n  Pass two different"),
        ((X, (0, 3)), OptionError, r"features are \(0, 3\), and no two of the 3"),
        ((X * np.nan,), OptionError, "no sample has a number for feature 0"),
        ((X, (0, 1), [1.0]), OptionError, "held has 1 numbers, for 3 features"),
        ((X, (0, 1), {7: 1.0}), OptionError, r"held names the features \[7\], of 3"),
    ],
)
def test_what_does_not_fit_is_an_error(model, arguments, error, told):
    with pytest.raises(error, match=told):
        plane(model, *arguments)


def halves() -> Plane:
    """Class 1 wins where x > 0."""
    x = np.linspace(-1, 1, 9)
    lead = np.tile(x, (9, 1))
    return Plane((0, 1), x, x, np.stack([-lead, lead], axis=-1))


def test_the_winner_leads_by_its_distance_from_the_second():
    classes, lead = halves().winners()
    assert classes[0].tolist() == [0, 0, 0, 0, 0, 1, 1, 1, 1]  # of equal ones the first
    np.testing.assert_allclose(lead[0], 2 * np.abs(halves().x))


def test_the_color_of_a_class_is_the_paler_the_smaller_its_lead():
    colors = halves().colors()
    assert colors.dtype == np.uint8 and colors.shape == (9, 9, 3)
    distance = 255 - colors[0].astype(int).min(axis=-1)
    assert distance[4] == 0
    assert (np.diff(distance[4:]) >= 0).all() and (np.diff(distance[:5]) <= 0).all()


def test_classes_are_colored_with_a_line_between_them(figure):
    axes = boundary(halves(), figure.subplots(), names=["width", "height"])
    (picture,) = axes.get_images()
    colors = np.asarray(picture.get_array())
    assert colors[0, 0, 2] > colors[0, 0, 0]  # blue, the first color
    assert colors[0, -1, 0] > colors[0, -1, 2]  # orange, the second
    np.testing.assert_array_equal(colors[0, 4], 255)  # white, where neither leads
    lines = [path for found in axes.collections for path in found.get_paths()]
    assert all(np.abs(path.vertices[:, 0]).max() < 1e-9 for path in lines if len(path.vertices))
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("width", "height")


def test_where_the_network_gives_no_number_the_plane_is_white(figure):
    outputs = np.array([[[2.0, 1.0]] * 3, [[2.0, 1.0]] * 3, [[3.0, 1.0]] * 3])
    outputs[0, 0] = np.nan
    outputs[0, 1] = np.inf
    found = Plane((0, 1), np.arange(3.0), np.arange(3.0), outputs)
    assert (found.colors()[0, :2] == 255).all() and (found.colors()[1:] < 255).any()
    boundary(found, figure.subplots())
    drawn, *_ = boundary(found._replace(outputs=outputs[..., :1]), level=2.0).collections
    assert drawn.get_clim() == (1, 3) and np.isfinite(drawn.get_array()).all()


def test_a_network_that_gives_no_number_at_all_is_told(figure):
    found = Plane((0, 1), np.arange(2.0), np.arange(2.0), np.full((2, 2, 1), np.nan))
    with pytest.raises(OptionError, match="nowhere a number"):
        boundary(found, figure.subplots())


def test_samples_are_points_with_a_color_and_a_mark_for_each_class(figure):
    x, y = np.array([[0.5, 0.1], [-0.5, 0.2], [0.6, 0.3]]), np.array([1, 0, 1])
    axes = boundary(halves(), figure.subplots(), x=x, y=y, classes=["left", "right"])
    left, right = axes.collections[-2:]
    assert left.get_offsets().tolist() == [[-0.5, 0.2]]
    assert right.get_offsets().tolist() == [[0.5, 0.1], [0.6, 0.3]]
    assert not np.array_equal(left.get_paths()[0].vertices, right.get_paths()[0].vertices)
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["left", "right"]


def test_one_output_is_drawn_with_its_values_and_its_level(figure):
    x = np.linspace(-1, 1, 9)
    found = Plane((0, 1), x, x, np.tile(x, (9, 1))[..., None])
    axes = boundary(found, figure.subplots(), level=0.5)
    values, level = axes.collections
    np.testing.assert_array_equal(values.get_array(), found.outputs[..., 0])
    assert sum(values.get_clim()) == pytest.approx(1)  # the level is white
    np.testing.assert_allclose(level.get_paths()[0].vertices[:, 0], 0.5)


def test_values_of_samples_have_the_colors_of_the_plane(figure):
    x = np.linspace(-1, 1, 9)
    found = Plane((0, 1), x, x, np.tile(x, (9, 1))[..., None])
    axes = boundary(found, figure.subplots(), x=np.eye(2), y=np.array([[0.3], [0.7]]))
    values, points = axes.collections
    np.testing.assert_array_equal(points.get_array(), [0.3, 0.7])
    assert points.get_clim() == values.get_clim()
