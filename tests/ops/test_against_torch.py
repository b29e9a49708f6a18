"""Values and gradients are PyTorch's: over the cases, over drawn shapes, and at the edges."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import hypothesis.extra.numpy as hnp
import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings

from glasswork import Tensor, gradients
from glasswork import functional as F
from glasswork.ops import OPS
from glasswork.ops.indexing import Slot
from glasswork.tensor import leaf

from .cases import ANY_SIGN, CASES, PAIRS, POSITIVE, Case
from .test_drawn_shapes import drawn
from .test_every_op import LAYOUTS, laid_out

pytestmark = pytest.mark.peers
torch = pytest.importorskip("torch")

# Both round each step to float64; their exponentials and sums differ in the last bits.
CLOSE = {"rtol": 1e-10, "atol": 1e-12}


def _axes(x: Any, axis: Any) -> tuple[int, ...]:
    if axis is None:
        return tuple(range(x.ndim)) or (0,)
    return axis if isinstance(axis, tuple) else (axis,)


def _reduction(name: str) -> Callable[..., Any]:
    def reduce(x: Any, axis: Any = None, keepdims: bool = False, **params: Any) -> Any:
        return getattr(torch, name)(x, dim=_axes(x, axis), keepdim=keepdims, **params)

    return reduce


def _deviation(name: str) -> Callable[..., Any]:
    def reduce(x: Any, axis: Any = None, keepdims: bool = False, ddof: int = 0) -> Any:
        return getattr(torch, name)(x, dim=_axes(x, axis), keepdim=keepdims, correction=ddof)

    return reduce


def _norm(x: Any, p: float = 2, axis: Any = None, keepdims: bool = False) -> Any:
    return torch.linalg.vector_norm(x, p, dim=_axes(x, axis), keepdim=keepdims)


def _along(name: str) -> Callable[..., Any]:
    return lambda x, axis=None, keepdims=False: getattr(torch, name)(x, dim=axis, keepdim=keepdims)


def _clip(x: Any, low: Any, high: Any) -> Any:
    whole = torch.broadcast_shapes(*(v.shape for v in (x, low, high) if v is not None))
    return torch.clamp(x.expand(whole), low, high)  # which fails to stretch x by itself


def _cumsum(x: Any, axis: int | None = None) -> Any:
    return x.reshape(-1).cumsum(0) if axis is None else x.cumsum(axis)


def _expand_dims(x: Any, axis: Any) -> Any:
    return x.reshape(np.expand_dims(np.empty(x.shape), axis).shape)


def _pad(x: Any, width: Any, value: float = 0) -> Any:
    pairs = np.broadcast_to(width, (x.ndim, 2))[::-1]  # PyTorch's begin with the last axis
    return torch.nn.functional.pad(x, pairs.ravel().tolist(), value=float(value))


def _key(key: tuple[Any, ...], indices: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(indices[k.position] if isinstance(k, Slot) else k for k in key)


def _transposed(read: Callable[[Any], Any], g: Any, shape: tuple[int, ...]) -> Any:
    """What is read from a place, written back there: the gradient of a reading, by PyTorch."""
    x = torch.zeros(shape, dtype=g.dtype, requires_grad=True)
    return torch.autograd.grad(read(x), x, g, create_graph=True)[0]


def _take_along_axis(x: Any, index: Any, axis: int | None = -1) -> Any:
    size = x.numel() if axis is None else x.shape[axis]
    return torch.take_along_dim(x, index % size, axis)  # which counts no index from the end


def _cross_entropy(x: Any, labels: Any) -> Any:
    return torch.logsumexp(x, -1) - _take_along_axis(x, labels[..., None])[..., 0]


def _scatter(g: Any, *indices: Any, key: Any, shape: Any) -> Any:
    return _transposed(lambda x: x[_key(key, indices)], g, shape)


def _scatter_along_axis(g: Any, index: Any, axis: int, shape: Any) -> Any:
    return _transposed(lambda x: _take_along_axis(x, index, axis), g, shape)


TORCH: dict[str, Callable[..., Any]] = {
    **{name: getattr(torch, name) for name in OPS if hasattr(torch, name)},
    **{name: _reduction(name) for name in ("sum", "mean", "logsumexp")},
    **{name: _deviation(name) for name in ("var", "std")},
    **{name: _along(name) for name in ("argmax", "argmin")},
    "max": _reduction("amax"),
    "min": _reduction("amin"),
    "norm": _norm,
    "cumsum": _cumsum,
    "argsort": lambda x, axis=-1: torch.argsort(x, dim=axis),
    "softmax": lambda x, axis=-1: torch.softmax(x, axis),
    "log_softmax": lambda x, axis=-1: torch.log_softmax(x, axis),
    "cross_entropy": _cross_entropy,
    "power": torch.pow,
    "equal": torch.eq,
    "clip": _clip,
    "relu": torch.relu,
    "softplus": torch.nn.functional.softplus,
    "leaky_relu": lambda x, slope=0.01: torch.nn.functional.leaky_relu(x, slope),
    "elu": torch.nn.functional.elu,
    "silu": torch.nn.functional.silu,
    "gelu": lambda x, approximate=False: torch.nn.functional.gelu(
        x, approximate="tanh" if approximate else "none"
    ),
    "invert": torch.bitwise_not,
    "astype": lambda x, dtype: x.to(getattr(torch, dtype.name)),
    "reshape": lambda x, shape: x.reshape(shape),
    "squeeze": lambda x, axis=None: x.squeeze() if axis is None else x.squeeze(axis),
    "expand_dims": _expand_dims,
    "broadcast_to": lambda x, shape: x.expand(shape),
    "transpose": lambda x, axes=None: x.permute(axes or tuple(range(x.ndim))[::-1]),
    "swapaxes": lambda x, axis1, axis2: x.swapaxes(axis1, axis2),
    "flip": lambda x, axis=None: torch.flip(x, _axes(x, axis) if x.ndim else ()),
    "pad": _pad,
    "concatenate": lambda *xs, axis=0: torch.cat(xs, axis),
    "stack": lambda *xs, axis=0: torch.stack(xs, axis),
    "einsum": lambda *xs, subscripts: torch.einsum(subscripts, *xs),
    "getitem": lambda x, *indices, key: x[_key(key, indices)],
    "scatter": _scatter,
    "take_along_axis": _take_along_axis,
    "scatter_along_axis": _scatter_along_axis,
}
ABSENT = {"uniform_like"}  # draws NumPy's numbers


def has_torch(case: Case) -> bool:
    """Whether PyTorch can do a case: its slices only go forward."""
    key = case.params.get("key", ())
    backwards = any(isinstance(k, slice) and (k.step or 1) < 0 for k in key)
    return case.name not in ABSENT and not backwards


COMPARED = [c for c in CASES if has_torch(c)]
LAID_OUT = [
    (c, layout)
    for c in COMPARED
    for layout in LAYOUTS
    # The deviation of equal numbers is 0 in PyTorch; here, as in NumPy, how their mean was rounded.
    if all(d.shape for d in c.draws) and (c.name, layout) != ("std", "stretched")
]


def ours(f: Callable[..., Any], inputs: list[Any], g: np.ndarray | None) -> list[np.ndarray]:
    """f(*inputs), and the gradient of Σ g · f for each input of floats."""
    values = [leaf(x, x.dtype.kind == "f") if isinstance(x, np.ndarray) else x for x in inputs]
    y = f(*values)
    sought = [x for x in values if isinstance(x, Tensor) and x.requires_grad]
    if not y.requires_grad:
        return [y.els]
    return [y.els, *(part.els for part in gradients(y, sought, g))]


def theirs(f: Callable[..., Any], inputs: list[Any], g: np.ndarray | None) -> list[np.ndarray]:
    """The same of PyTorch."""
    values = [x if x is None else torch.tensor(np.array(x, order="C").copy()) for x in inputs]
    sought = [
        v.requires_grad_()
        for v, x in zip(values, inputs, strict=True)
        if isinstance(x, np.ndarray) and x.dtype.kind == "f"
    ]
    y = f(*values)
    if not y.requires_grad:
        return [y.numpy()]
    parts = torch.autograd.grad(
        y, sought, torch.tensor(g), allow_unused=True, materialize_grads=True
    )
    return [y.detach().numpy(), *(part.numpy() for part in parts)]


def compare(
    f: Callable[..., Any], peer: Callable[..., Any], inputs: list[Any], **tolerance: float
) -> None:
    y = f(*(Tensor(x) if isinstance(x, np.ndarray) else x for x in inputs))
    g = np.linspace(0.5, 1.5, y.size).reshape(y.shape).astype(y.dtype)
    for a, b in zip(ours(f, inputs, g), theirs(peer, inputs, g), strict=True):
        assert a.shape == b.shape
        np.testing.assert_allclose(a, b, **(tolerance or CLOSE))


def test_every_op_that_torch_has_is_compared():
    assert set(TORCH) | ABSENT == set(OPS)


few = pytest.mark.filterwarnings(r"ignore:(var|std)\(\). degrees of freedom:UserWarning")


@few
@pytest.mark.parametrize("case", COMPARED, ids=str)
def test_every_case(case):
    compare(
        lambda *xs: case.op(*xs, **case.params),
        lambda *xs: TORCH[case.name](*xs, **case.params),
        case.inputs(),
    )


@few
@pytest.mark.parametrize(("case", "layout"), LAID_OUT, ids=str)
def test_every_layout(case, layout):
    compare(
        lambda *xs: case.op(*xs, **case.params),
        lambda *xs: TORCH[case.name](*xs, **case.params),
        laid_out(case, layout),
    )


SMOOTH = [name for name in ANY_SIGN + POSITIVE if OPS[name].differentiable]
SHAPE = hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4)


@pytest.mark.parametrize("name", SMOOTH)
@settings(max_examples=15)
@given(shape=SHAPE, seed=st.integers(0, 99))
def test_one_input_of_a_drawn_shape(name, shape, seed):
    (x,) = drawn(shape, seed=seed)
    compare(OPS[name], TORCH[name], [x if name in POSITIVE else np.asarray(x - 1)])


@pytest.mark.parametrize("name", [*(n for n in PAIRS if OPS[n].differentiable), "power"])
@settings(max_examples=25)
@given(
    shapes=hnp.mutually_broadcastable_shapes(num_shapes=2, min_side=0, max_dims=4, max_side=3),
    seed=st.integers(0, 99),
)
def test_two_inputs_of_drawn_shapes(name, shapes, seed):
    compare(OPS[name], TORCH[name], drawn(*shapes.input_shapes, seed=seed))


@settings(max_examples=50)
@given(
    shapes=hnp.mutually_broadcastable_shapes(
        signature="(n?,k),(k,m?)->(n?,m?)", min_side=0, max_side=3, max_dims=2
    ),
    seed=st.integers(0, 99),
)
def test_products_of_drawn_shapes(shapes, seed):
    compare(OPS["matmul"], torch.matmul, drawn(*shapes.input_shapes, seed=seed))


@pytest.mark.parametrize("name", ["sum", "mean", "max", "min", "var", "logsumexp", "norm"])
@settings(max_examples=25)
@given(
    data=st.data(),
    shape=hnp.array_shapes(max_dims=4, max_side=3),
    keepdims=st.booleans(),
    seed=st.integers(0, 99),
)
def test_reductions_over_drawn_axes(name, data, shape, keepdims, seed):
    axis = data.draw(st.none() | hnp.valid_tuple_axes(len(shape), min_size=1))
    params = {"axis": axis, "keepdims": keepdims}
    compare(
        lambda x: OPS[name](x, **params),
        lambda x: TORCH[name](x, **params),
        drawn(shape, seed=seed),
    )


# Edges: what PyTorch gives at kinks, at zero, at the largest float and at infinity.


ROUNDED = {np.float64: {"rtol": 1e-10, "atol": 1e-15}, np.float32: {"rtol": 2e-6, "atol": 1e-7}}


def ends(dtype: Any) -> np.ndarray:
    largest = float(np.finfo(dtype).max)
    return np.array([-np.inf, -largest, -800, -40, -1, -0.0, 0, 1, 40, 800, largest, np.inf], dtype)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("name", SMOOTH)
@np.errstate(all="ignore")
def test_values_and_slopes_at_the_ends(name, dtype):
    if name in {"sin", "cos"}:
        return  # NumPy and PyTorch reduce an angle of 1e308 each in their own way
    x = ends(dtype)
    if name == "gelu":  # with AVX-512 PyTorch has inf at the largest float32, and nan beyond
        x = x[:-2]
    compare(OPS[name], TORCH[name], [x], **ROUNDED[dtype])


def test_gelu_goes_on_as_x_does_up_to_infinity():
    x = ends(np.float32)[-2:]
    assert np.array_equal(OPS["gelu"](x), x)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@np.errstate(all="ignore")
def test_the_tanh_form_of_gelu_at_the_ends(dtype):
    x = ends(dtype)
    x = x[np.isfinite(x) & (np.abs(x) < 1e30)]  # beyond, PyTorch's slope is nan; ours is 0 or 1
    compare(
        lambda x: F.gelu(x, approximate=True),
        lambda x: TORCH["gelu"](x, approximate=True),
        [x],
        **ROUNDED[dtype],
    )


ROWS = [
    [1.0, np.inf],
    [1.0, -np.inf],
    [-np.inf, -np.inf],
    [np.inf, np.inf],
    [np.nan, 1.0],
    [-1e308, 1e308],
    [1e308, 1e308],
    [-1e308, -1e308],
    [0.0, 0.0],
    [3.0, -3.0],
    [1e4, 0.0],
]


@pytest.mark.parametrize("row", ROWS, ids=str)
@pytest.mark.parametrize(
    "name", ["softmax", "log_softmax", "logsumexp", "max", "min", "norm", "var"]
)
@np.errstate(all="ignore")
@few
def test_values_and_slopes_of_rows(name, row):
    compare(OPS[name], TORCH[name], [np.array(row)])


@pytest.mark.parametrize("p", [0.5, 1, 1.5, 2, 3, np.inf, -np.inf])
@pytest.mark.parametrize("row", [[0.0, 0.0], [0.0, 2.0, -2.0], [0.0, 1.0, -3.0]], ids=str)
def test_norms_at_zero_and_with_ties(p, row):
    compare(lambda x: F.norm(x, p), lambda x: _norm(x, p), [np.array(row)])


@pytest.mark.parametrize("row", [[2.0, 2.0], [2.0, 2.0, 2.0, 2.0], [5.0]], ids=str)
def test_the_deviation_of_equal_numbers(row):
    compare(OPS["std"], TORCH["std"], [np.array(row)])


@pytest.mark.parametrize("shape", [(3,), (2, 3)])
@pytest.mark.parametrize("name", ["max", "min"])
def test_ties_within_an_array(name, shape):
    x = np.random.default_rng(0).integers(0, 2, shape).astype(float)
    compare(lambda x: OPS[name](x, axis=-1), lambda x: TORCH[name](x, axis=-1), [x])


SOME = np.array([-np.inf, -2.0, -1.0, -0.0, 0.0, 0.5, 1.0, 2.0, np.inf, np.nan])
LEFT, RIGHT = (np.ravel(v) for v in np.meshgrid(SOME, SOME))


@pytest.mark.parametrize("name", ["maximum", "minimum", "multiply", "divide", "power"])
@np.errstate(all="ignore")
def test_pairs_of_all_kinds(name):
    compare(OPS[name], TORCH[name], [LEFT, RIGHT])


@pytest.mark.parametrize("bounds", [(1.0, 2.0), (2.0, 1.0), (2.0, 2.0), (-np.inf, 1.0)])
def test_clip_at_its_bounds_and_with_bounds_in_the_wrong_order(bounds):
    x = np.array([0.0, 1.0, 1.5, 2.0, 3.0, np.nan])
    low, high = (np.full_like(x, bound) for bound in bounds)
    compare(OPS["clip"], TORCH["clip"], [x, low, high])
    compare(OPS["clip"], TORCH["clip"], [x, low, None])
    compare(OPS["clip"], TORCH["clip"], [x, None, high])


@pytest.mark.parametrize(
    ("name", "shape"),
    [("sum", (0, 3)), ("mean", (0, 3)), ("logsumexp", (0, 3)), ("norm", (0, 3)), ("var", (0, 3))],
)
@np.errstate(invalid="ignore")
@few
def test_reductions_of_nothing(name, shape):
    x = np.zeros(shape)
    y = OPS[name](x, axis=0)
    np.testing.assert_array_equal(y, TORCH[name](torch.tensor(x), axis=0).numpy())
