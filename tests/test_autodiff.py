"""Reverse mode: the right numbers, in the right places, at any depth."""

from __future__ import annotations

import numpy as np
import pytest

import glasswork as gw
from glasswork.errors import ShapeError, TapeError


def leaf(value: object) -> gw.Tensor:
    return gw.Tensor(value, requires_grad=True, dtype=np.float64)


def test_the_articles_worked_example() -> None:
    x1, x2 = leaf(2.0), leaf(3.0)
    (x1 * x2 + np.sin(x1)).backward()
    assert x1.grad == pytest.approx(3.0 + np.cos(2.0), rel=1e-15)
    assert x2.grad == 2.0


def test_a_shared_intermediate_waits_for_all_of_its_gradient() -> None:
    a = leaf(3.0)
    x = a * 2.0
    (x * x).backward()
    assert a.grad == 24.0


def test_a_residual_connection_adds_both_paths() -> None:
    a = leaf(0.7)
    h = a * 2.0
    (h + h.sigmoid()).backward()
    s = 1 / (1 + np.exp(-1.4))
    assert a.grad == pytest.approx(2 * (1 + s * (1 - s)), rel=1e-14)


def test_a_million_ops_in_a_chain_need_no_recursion() -> None:
    x = leaf(1.0)
    y = x
    for _ in range(1_000_000):
        y = y + 1e-6
    y.backward()
    assert x.grad == 1.0


def test_a_value_used_by_an_older_and_a_newer_value_is_left_last() -> None:
    x = leaf(2.0)
    h = x * x
    early = h * 3.0
    late = h * early
    (late + early).backward()  # 3x⁴ + 3x²
    assert x.grad == pytest.approx(12 * 8 + 6 * 2)


def test_gradients_add_up_until_zero_grad() -> None:
    x = leaf([1.0, 2.0])
    for _ in range(2):
        (x * x).sum().backward()
    assert x.grad.tolist() == [4.0, 8.0]
    x.zero_grad()
    assert x.grad.tolist() == [0.0, 0.0]


def test_a_second_backward_adds_the_same_again() -> None:
    x = leaf(3.0)
    y = x * x
    y.backward()
    y.backward()
    assert x.grad == 12.0


def test_two_losses_on_one_trunk_do_not_mix() -> None:
    x = leaf(1.0)
    h = x * 2.0
    (h * 1.0).backward()
    first = x.grad.copy()
    x.zero_grad()
    (h * 2.0).backward()
    assert (first, x.grad) == (2.0, 4.0)


def test_a_tensor_of_several_elements_needs_a_seed() -> None:
    x = leaf([1.0, 2.0])
    with pytest.raises(TapeError, match=r"shape \(2,\) has no single gradient"):
        (x * x).backward()
    (x * x).backward([1.0, 10.0])
    assert x.grad.tolist() == [2.0, 40.0]


def test_a_seed_of_another_shape_is_an_error_that_names_both() -> None:
    x = leaf([1.0, 2.0])
    with pytest.raises(ShapeError, match=r"(?s)is \(2,\).*is \(3,\)"):
        (x * x).backward(np.ones(3))


def test_backward_without_anything_to_differentiate_says_so() -> None:
    with pytest.raises(TapeError, match="nothing on this tape wants a gradient"):
        gw.Tensor(2.0).backward()


def test_a_leaf_that_changed_after_it_was_used_raises() -> None:
    w = gw.Parameter(np.array([1.0, 2.0]))
    loss = (w * w).sum()
    w.els = w.els - 0.1
    with pytest.raises(TapeError, match=r"multiply: an input of shape \(2,\) has been given"):
        loss.backward()


def test_data_that_changed_after_it_was_used_raises_too() -> None:
    x, w = gw.Tensor([1.0, 2.0]), gw.Parameter([3.0, 4.0])
    loss = (x * w).sum()
    x.els = [5.0, 6.0]
    with pytest.raises(TapeError, match="new value"):
        loss.backward()


def test_a_leaf_owns_its_gradient() -> None:
    x, y = leaf([1.0, 2.0]), leaf([3.0, 4.0])
    seed = np.ones(2)
    (x + y).backward(seed)
    seed[:] = 7.0
    x.grad[:] = 9.0
    assert y.grad.tolist() == [1.0, 1.0]


def test_a_gradient_that_is_a_view_of_another_is_copied() -> None:
    x = leaf(np.ones((2, 3)))
    x.sum().backward()
    x.grad[0, 0] = 5.0  # the gradient of a sum is a broadcast view until the leaf owns it
    assert x.grad.tolist() == [[5.0, 1.0, 1.0], [1.0, 1.0, 1.0]]


def test_the_gradient_has_the_dtype_of_its_leaf() -> None:
    x = gw.Tensor([1.0, 2.0], requires_grad=True)
    (x * np.array([0.5, 0.25])).sum().backward()  # float64 from outside
    assert x.grad.dtype == np.float32


def test_the_gradient_of_a_0d_leaf_is_an_array() -> None:
    x = leaf(2.0)
    (x * x).backward()
    assert isinstance(x.grad, np.ndarray) and x.grad.shape == ()


@pytest.mark.parametrize(
    ("a", "b"),
    [((3, 1), (3, 4)), ((1, 4), (3, 4)), ((4,), (2, 3, 4)), ((), (2, 3)), ((1, 1), (3, 4)),
     ((2, 1, 4), (3, 1)), ((0, 3), (1, 3))],
)  # fmt: skip
def test_a_broadcast_operand_gets_the_sum_of_the_gradients_of_its_copies(
    a: tuple[int, ...], b: tuple[int, ...]
) -> None:
    x, y = leaf(np.ones(a)), leaf(np.full(b, 2.0))
    (x * y).sum().backward()
    copies = np.prod(np.broadcast_shapes(a, b), dtype=float)
    assert x.grad.shape == a and y.grad.shape == b
    assert x.grad.sum() == 2.0 * copies and y.grad.sum() == copies


def test_freezing_a_parameter_after_the_forward_pass_leaves_it_without_a_gradient() -> None:
    w, v = gw.Parameter([1.0]), gw.Parameter([2.0])
    loss = (w * v).sum()
    w.requires_grad = False
    loss.backward()
    assert w.grad is None and v.grad.tolist() == [1.0]


def test_the_gradient_of_a_leaf_itself_is_the_seed() -> None:
    x = leaf(2.0)
    x.backward()
    assert x.grad == 1.0


def test_a_list_is_an_operand() -> None:
    x, y = leaf([3.0, 4.0]), leaf([3.0, 4.0])
    (x @ [1.0, 2.0]).backward()
    (y ** [1.0, 2.0]).sum().backward()
    assert x.grad.tolist() == [1.0, 2.0]
    assert y.grad.tolist() == [1.0, 8.0]


def test_a_mask_that_wants_a_gradient_gets_none() -> None:
    mask, a = leaf([1.0, 0.0]), leaf([3.0, 4.0])
    np.where(mask, a, 0.0).sum().backward()
    assert a.grad.tolist() == [1.0, 0.0] and mask.grad.tolist() == [0.0, 0.0]
