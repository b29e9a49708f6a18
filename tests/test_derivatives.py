"""Functions of functions: gradients, products and matrices of derivatives, of any order."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import glasswork as gw
from glasswork.errors import OptionError, ShapeError, TapeError

F = gw.functional


def quotient(f: Any, x: np.ndarray, h: float = 1e-5) -> np.ndarray:
    """Central differences of f, in the shape of f(x) followed by that of x."""
    columns = []
    for index in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[index] += h
        down[index] -= h
        columns.append((np.asarray(f(up)) - np.asarray(f(down))) / (2 * h))
    stacked = np.array(columns).reshape(x.shape + np.asarray(f(x)).shape)
    return np.moveaxis(stacked, range(x.ndim), range(-x.ndim, 0))


def test_grad_of_a_power_to_any_order() -> None:
    f: Any = lambda x: x**5  # noqa: E731
    for expected in (5 * 1.5**4, 20 * 1.5**3, 60 * 1.5**2, 120 * 1.5, 120.0, 0.0):
        f = gw.grad(f)
        assert f(np.float64(1.5)).item() == pytest.approx(expected, rel=1e-12)


def test_value_and_grad_gives_both() -> None:
    value, g = gw.value_and_grad(lambda x: (x * x).sum())(np.array([1.0, 2.0]))
    assert value.item() == 5.0 and g.tolist() == [2.0, 4.0]
    assert not value.requires_grad and not g.requires_grad


def test_argnums_chooses_the_arguments() -> None:
    f = lambda a, b: (a * b * b).sum()  # noqa: E731
    assert gw.grad(f, 1)(2.0, 3.0).item() == 12.0
    ga, gb = gw.grad(f, (0, 1))(2.0, 3.0)
    assert (ga.item(), gb.item()) == (9.0, 12.0)
    with pytest.raises(OptionError, match="argnums"):
        gw.grad(f, 2)(2.0, 3.0)


def test_integers_are_taken_as_floats() -> None:
    assert gw.grad(lambda x: x * x)(3).item() == 6.0


def test_grad_leaves_the_gradients_of_parameters_alone() -> None:
    w = gw.Parameter(np.array([2.0]))
    gw.grad(lambda x: (w * x).sum())(np.array([3.0]))
    assert w.grad.tolist() == [0.0]


def test_a_gradient_can_be_part_of_a_loss() -> None:
    w = gw.Tensor(np.float64(2.0), requires_grad=True)
    slope = gw.grad(lambda x: w * x * x)(3.0)  # 2 w x
    slope.backward()
    assert slope.item() == 12.0 and w.grad == 6.0


def test_perturbations_of_nested_derivatives_are_kept_apart() -> None:
    # d/dx [x · d/dy (x + y)] = 1, which confused implementations give as 2.
    f = gw.grad(lambda x: x * gw.grad(lambda y: x + y)(1.0))
    assert f(1.0).item() == 1.0
    inner = lambda x: x * gw.jvp(lambda y: x + y, (1.0,), (1.0,))[1]  # noqa: E731
    assert gw.jvp(inner, (1.0,), (1.0,))[1].item() == 1.0


def test_grad_inside_no_grad_still_differentiates() -> None:
    with gw.no_grad():
        assert gw.grad(lambda x: x * x)(3.0).item() == 6.0


def test_gradients_of_intermediates() -> None:
    x = gw.Tensor(np.array([1.0, 2.0]), requires_grad=True)
    h = x * 3.0
    loss = (h * h).sum()
    at_h, at_x, elsewhere = gw.gradients(loss, [h, x, gw.Parameter([1.0])])
    assert at_h.tolist() == [6.0, 12.0] and at_x.tolist() == [18.0, 36.0]
    assert elsewhere.tolist() == [0.0] and x.grad.tolist() == [0.0, 0.0]


def test_the_gradient_of_a_value_and_of_what_is_made_of_it_are_both_right() -> None:
    x = gw.Tensor(np.float64(2.0), requires_grad=True)
    h = x * x
    y = h * h
    at_y, at_h = gw.gradients(y * 3.0, [y, h])
    assert (at_y.item(), at_h.item()) == (3.0, 24.0)


def test_recorded_gradients_can_be_differentiated() -> None:
    x = gw.Tensor(np.float64(2.0), requires_grad=True)
    (first,) = gw.gradients(x**3, [x], record=True)
    (second,) = gw.gradients(first, [x])
    assert second.item() == 12.0


def test_vjp_and_jvp_are_each_others_transpose(rng: np.random.Generator) -> None:
    w, x = rng.normal(size=(3, 2)), rng.normal(size=(4, 3))
    f = lambda x, w: np.tanh(x @ w)  # noqa: E731
    g, tx, tw = rng.normal(size=(4, 2)), rng.normal(size=(4, 3)), rng.normal(size=(3, 2))
    _, pullback = gw.vjp(f, x, w)
    gx, gw_ = pullback(g)
    _, moved = gw.jvp(f, (x, w), (tx, tw))
    left = float((moved.els * g).sum())
    right = float((gx.els * tx).sum() + (gw_.els * tw).sum())
    assert left == pytest.approx(right, rel=1e-12)


@pytest.mark.parametrize("shape", [(3,), (2, 2), ()])
@pytest.mark.parametrize("outputs", [1, 4])
def test_jacobian_is_the_matrix_of_difference_quotients(
    shape: tuple[int, ...], outputs: int, rng: np.random.Generator
) -> None:
    a = rng.normal(size=(outputs, *shape))
    x = rng.normal(size=shape)
    f: Any = lambda x: np.sin((a * x).sum(axis=tuple(range(1, a.ndim))))  # noqa: E731
    expected = quotient(f, x)
    got = gw.jacobian(f)(x)
    assert got.shape == (outputs, *shape)
    np.testing.assert_allclose(got.els, expected, atol=1e-8)


def test_jacobian_with_respect_to_another_argument() -> None:
    got = gw.jacobian(lambda a, b: a * b, 1)(np.array([2.0, 3.0]), np.array([5.0, 7.0]))
    assert got.tolist() == [[2.0, 0.0], [0.0, 3.0]]


def test_hessian_is_the_matrix_of_second_differences(rng: np.random.Generator) -> None:
    x = rng.normal(size=4)
    f: Any = lambda x: (np.exp(x[0]) * x[1] ** 2 + np.tanh(x * x[2])).sum()  # noqa: E731
    gradient = lambda v: quotient(lambda u: float(f(u)), v, 1e-4)  # noqa: E731
    got = gw.hessian(f)(x)
    np.testing.assert_allclose(got.els, quotient(gradient, x, 1e-4), atol=1e-5)
    np.testing.assert_allclose(got.els, got.els.T, atol=1e-13)


def test_hvp_is_the_hessian_times_the_vector(rng: np.random.Generator) -> None:
    x, t = rng.normal(size=3), rng.normal(size=3)
    f: Any = lambda x: (x**3).sum() * x[0] + np.cos(x).sum()  # noqa: E731
    np.testing.assert_allclose(gw.hvp(f, (x,), (t,)).els, gw.hessian(f)(x).els @ t, rtol=1e-12)


def test_the_gradient_of_a_norm_of_a_gradient(rng: np.random.Generator) -> None:
    w = rng.normal(size=(3, 2))

    def penalty(x: Any) -> Any:
        slope = gw.grad(lambda v: np.tanh(v @ w).sum())(x)
        return (slope * slope).sum()

    def by_hand(x: np.ndarray) -> float:
        return float((((1 - np.tanh(x @ w) ** 2) @ w.T) ** 2).sum())

    x = rng.normal(size=(1, 3))
    np.testing.assert_allclose(gw.grad(penalty)(x).els, quotient(by_hand, x), atol=1e-7)


def test_forward_mode_of_something_that_does_not_move_is_zero() -> None:
    value, moved = gw.jvp(lambda x: gw.Tensor([5.0, 6.0]) * 1.0, ([1.0],), ([1.0],))
    assert value.tolist() == [5.0, 6.0] and moved.tolist() == [0.0, 0.0]


def test_a_function_that_leaves_the_tape_is_refused() -> None:
    with pytest.raises(TapeError, match="returned float"):
        gw.grad(float)(2.0)


def test_tangents_must_match_their_primals() -> None:
    with pytest.raises(ShapeError, match=r"primal is \(2,\), the tangent \(3,\)"):
        gw.jvp(lambda x: x, ([1.0, 2.0],), ([1.0, 2.0, 3.0],))
    with pytest.raises(OptionError, match="1 primals need 1 tangents"):
        gw.jvp(lambda x: x, ([1.0, 2.0],), ())


def test_the_jacobian_of_nothing_is_empty() -> None:
    assert gw.jacobian(lambda x: x * 2.0)(np.ones(0)).shape == (0, 0)


def test_float32_stays_float32_in_every_derivative() -> None:
    x = np.array([1.0, 2.0], np.float32)
    f: Any = lambda x: (np.exp(x) * x**2 / 3).sum()  # noqa: E731
    assert gw.grad(f)(x).dtype == gw.hessian(f)(x).dtype == np.float32
    assert gw.hvp(f, (x,), (x,)).dtype == np.float32


def test_gradients_takes_one_tensor_or_several() -> None:
    x = gw.Tensor(np.array([2.0, 3.0]), requires_grad=True)
    (g,) = gw.gradients((x * x).sum(), x)
    assert g.tolist() == [4.0, 6.0]


def test_gradients_of_what_was_not_recorded_are_refused_rather_than_zero() -> None:
    x, w = gw.Tensor([2.0]), gw.Parameter([3.0])
    with pytest.raises(TapeError, match="input 0, of shape"):
        gw.gradients((x * w).sum(), [x])
    with gw.no_grad():
        loss = (w * w).sum()
    with pytest.raises(TapeError, match="the output"):
        gw.gradients(loss, [w])


def test_gradients_beside_a_leaf_that_changed_raise_too() -> None:
    w, v = gw.Parameter([1.0, 2.0]), gw.Parameter([1.0, 1.0])
    loss = (w[:1] * v).sum()
    w.els = [5.0, 5.0]
    with pytest.raises(TapeError, match="getitem"):
        gw.gradients(loss, [v])


@pytest.mark.parametrize("argnum", [1, -1])
def test_jacobian_counts_arguments_from_either_end(argnum: int) -> None:
    got = gw.jacobian(lambda a, b: a * b, argnum)(2.0, np.array([5.0, 7.0]))
    assert got.tolist() == [[2.0, 0.0], [0.0, 2.0]]
    with pytest.raises(OptionError, match="argnums"):
        gw.jacobian(lambda a: a, 5)(1.0)


def test_named_arguments_reach_the_function() -> None:
    f: Any = lambda x, k=1.0: k * x * x  # noqa: E731
    assert gw.grad(f)(2.0, k=3.0).item() == 12.0
    assert gw.hessian(f)(2.0, k=3.0).item() == 6.0


def test_primals_that_are_no_tuple_are_refused() -> None:
    with pytest.raises(OptionError, match=r"primals are a tuple.*\(x,\)"):
        gw.jvp(lambda x: x, np.array([2.0]), np.array([1.0]))
