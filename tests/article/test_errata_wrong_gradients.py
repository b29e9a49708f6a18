"""Errata 1 to 15: where the article's gradients came out wrong, and nothing said so."""

from __future__ import annotations

import numpy as np
import pytest

import glasswork as gw
from glasswork import MSE, SGD, Parameter, Tensor
from glasswork.errors import ShapeError, TapeError


def test_erratum_01_a_shared_value_is_left_once_with_all_of_its_gradient():
    a = Tensor(3.0, requires_grad=True)
    x = 2 * a
    (x * x).backward()
    assert a.grad == 24  # the article's tape says 48


def test_erratum_01_a_residual_connection_adds_its_two_gradients():
    a = Tensor(0.5, requires_grad=True, dtype=float)
    h = 2 * a
    (h + h.sigmoid()).backward()
    assert a.grad == pytest.approx(2.393224)  # the article's tape says 4.39


def test_erratum_02_each_operation_is_on_the_tape_once():
    x = Tensor(1.0, requires_grad=True)
    for _ in range(17):
        x = x + x
    assert len(x.tape) == 17 + 1  # the article's tape holds 131,071


def test_erratum_02_the_tape_of_a_chain_is_as_long_as_the_chain():
    x = Tensor(1.0, requires_grad=True)
    for _ in range(400):
        x = x * 1.0
    assert len(x.tape) == 400 + 1  # the article's tapes hold 80,200


def test_erratum_03_a_walk_in_topological_order_adds_up_every_path():
    x = Tensor(1.0, requires_grad=True, dtype=float)
    y = x
    for _ in range(60):
        y = y + y
    y.backward()
    assert x.grad == 2.0**60  # as many paths, walked in 60 steps


@pytest.mark.parametrize(
    ("small", "large", "gradient"),
    [
        ((3, 1), (3, 4), np.full((3, 1), 4.0)),
        ((), (2, 3), np.array(6.0)),
        ((3,), (2, 4, 3), np.full(3, 8.0)),
        ((1, 3), (5, 3), np.full((1, 3), 5.0)),
    ],
)
def test_erratum_04_a_gradient_is_summed_over_every_axis_that_was_stretched(small, large, gradient):
    x = Tensor(np.ones(small), requires_grad=True)
    (x * np.ones(large)).sum().backward()
    np.testing.assert_array_equal(x.grad, gradient, strict=True)


def test_erratum_05_a_parameter_keeps_its_shape_through_a_step():
    w = Parameter(np.ones((3, 1)))
    (w * np.ones((3, 3))).sum().backward()
    SGD([w], learning_rate=0.5).step()
    np.testing.assert_array_equal(w.els, np.full((3, 1), -0.5), strict=True)


def test_erratum_06_the_slope_of_tanh_multiplies_the_whole_gradient():
    a = Tensor(0.5, requires_grad=True, dtype=float)
    (a.tanh() * 3).backward()
    assert a.grad == pytest.approx(2.359343)  # the companion code says 0.359


def test_erratum_07_whole_numbers_are_not_rounded_by_a_constant():
    np.testing.assert_array_equal((Tensor([1, 2, 3]) * 0.5).els, [0.5, 1.0, 1.5])
    np.testing.assert_array_equal((Tensor([1, 2, 3]) / 2).els, [0.5, 1.0, 1.5])


def test_erratum_08_a_target_that_would_be_stretched_is_refused():
    predictions, targets = Tensor(np.ones((4, 1))), Tensor(np.ones(4))
    with pytest.raises(ShapeError, match=r"(?s)\(4, 1\).*\(4,\)"):
        MSE()(predictions, targets)


def test_erratum_09_the_mean_is_over_elements_and_a_sum_over_samples_can_be_had():
    yhat, y = Tensor(np.ones((4, 3))), Tensor(np.zeros((4, 3)))
    assert MSE()(yhat, y).item() == 1
    assert MSE(reduction="none")(yhat, y).sum(axis=1).mean().item() == 3


def test_erratum_10_two_losses_on_one_trunk_share_no_gradient():
    a, b = Tensor(1.0, requires_grad=True), Tensor(1.0, requires_grad=True)
    trunk = a + b
    trunk.sum().backward()
    (3 * trunk).backward()
    assert (a.grad, b.grad) == (4, 4)  # the article's trunk keeps a 1 and passes on 5


def test_erratum_11_a_second_backward_adds_the_same_again():
    x = Tensor(3.0, requires_grad=True)
    y = x * x
    y.backward()
    y.backward()
    assert x.grad == 12  # in the article the tape is used up: 6, and no word of it


def test_erratum_12_more_than_one_number_has_no_gradient_without_a_seed():
    x = Tensor([1.0, 2.0], requires_grad=True)
    with pytest.raises(TapeError, match="pass the seed"):
        (x * x).backward()
    (x * x).backward(seed=[1.0, 10.0])
    np.testing.assert_array_equal(x.grad, [2.0, 40.0])


def test_erratum_13_an_element_stays_on_the_tape():
    x = Tensor([1.0, 2.0, 3.0], requires_grad=True)
    (x[1] * x[1]).backward()
    np.testing.assert_array_equal(x.grad, [0.0, 4.0, 0.0])


def test_erratum_14_taking_the_gradient_away_does_not_stop_learning():
    w = Parameter([1.0])
    w.grad = None
    w.sum().backward()
    SGD([w], learning_rate=0.25).step()
    assert w.requires_grad
    assert w.els == 0.75


def test_erratum_15_a_value_that_changed_since_it_was_used_gives_no_gradient():
    w = Tensor(3.0, requires_grad=True)
    y = w * w
    w.els = np.array(5.0)
    with pytest.raises(TapeError, match="has been given a new value since it was used"):
        y.backward()


def test_erratum_15_elements_are_not_written_through_the_tensor():
    w = Tensor([3.0, 4.0], requires_grad=True)
    with pytest.raises(TypeError, match="not written in place"):
        w[0] = 5.0


def test_erratum_15_recording_keeps_the_values_it_was_given():
    elements = np.array([1.0, 2.0])
    x = Tensor(elements, requires_grad=True)
    y = (x * x).sum()
    elements[:] = 100
    y.backward()
    np.testing.assert_array_equal(x.grad, [2.0, 4.0])


def test_erratum_10_the_gradient_of_an_intermediate_can_be_asked_for():
    a = Tensor(1.0, requires_grad=True)
    trunk = 2 * a
    assert gw.gradients(3 * trunk, [trunk])[0].item() == 3
