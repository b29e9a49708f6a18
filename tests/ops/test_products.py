"""Products: vectors beside matrices, and Einstein's notation."""

from __future__ import annotations

import numpy as np
import pytest

from glasswork import Tensor, gradients
from glasswork import functional as F
from glasswork.errors import OptionError, ShapeError
from glasswork.ops.products import full_subscripts


@pytest.mark.parametrize(
    ("subscripts", "ndims", "full"),
    [
        ("ij,jk", [2, 2], "ij,jk->ik"),
        ("ba", [2], "ba->ab"),
        ("ii", [2], "ii->"),
        ("ij->", [2], "ij->"),
        (" i j , j -> i ", [2, 1], "ij,j->i"),
        ("...ij,jk", [4, 2], "abij,jk->abik"),
        ("...i,...i->...", [3, 2], "abi,bi->ab"),
        ("a...,b...", [2, 3], "ad,bcd->cdab"),
        ("...", [0], "->"),
    ],
)
def test_subscripts_are_written_out_as_numpy_reads_them(subscripts, ndims, full):
    assert full_subscripts(subscripts, ndims) == full
    rng = np.random.default_rng(0)
    operands = [rng.random((2,) * n) for n in ndims]
    np.testing.assert_allclose(np.einsum(full, *operands), np.einsum(subscripts, *operands))


def test_a_wrong_number_of_operands_is_counted():
    with pytest.raises(OptionError, match="einsum: 'i,j' names 2 inputs, and 1 were given"):
        full_subscripts("i,j", [1])


def test_sizes_that_differ_are_a_shape_error():
    with pytest.raises(ShapeError, match=r"^einsum: "):
        F.einsum("ij,jk", Tensor(np.ones((2, 3))), np.ones((2, 3)))


def test_an_index_that_was_summed_away_spreads_the_gradient():
    x = Tensor(np.ones((2, 3)), requires_grad=True)
    (g,) = gradients(F.einsum("ij->i", x), [x], [1.0, 2.0])
    assert g.tolist() == [[1, 1, 1], [2, 2, 2]]


def test_a_repeated_index_puts_the_gradient_on_the_diagonal():
    x = Tensor(np.ones((2, 2)), requires_grad=True)
    (g,) = gradients(F.einsum("ii", x), [x])
    assert g.tolist() == [[1, 0], [0, 1]]


def test_the_same_tensor_may_stand_in_several_places():
    x = Tensor([1.0, 2.0], requires_grad=True)
    (g,) = gradients(F.einsum("i,i,i", x, x, x), [x])
    assert g.tolist() == [3, 12]


def test_the_gradient_of_an_outer_product_of_vectors_is_the_other_vector():
    a, b = Tensor([1.0, 2.0], requires_grad=True), Tensor([3.0, 4.0], requires_grad=True)
    ga, gb = gradients(a @ b, [a, b])
    assert ga.tolist() == [3, 4]
    assert gb.tolist() == [1, 2]
