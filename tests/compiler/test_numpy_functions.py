"""NumPy's functions and methods within a compiled function: lines that do the same, or refused."""

from __future__ import annotations

import numpy as np
import pytest

import glasswork as gw
from glasswork.errors import CompileError

from .side_by_side import arrays_of

DATA = [np.random.default_rng(seed).standard_normal((4, 4)) for seed in range(3)]

RUN = {
    "array_split": lambda x: np.array_split(x, 3),
    "block": lambda x: np.block([[x, x], [x, x]]),
    "choose": lambda x: np.choose((x[0] > 0).astype(int), [x[1], x[2]]),
    "convolve": lambda x: np.convolve(x[0], x[1]),
    "cov": lambda x: np.cov(2 * x),
    "cross": lambda x: np.cross(x[:, :3], x[::-1, :3]),
    "cumprod": lambda x: np.cumprod(x, 0),
    "diagonal": lambda x: x.diagonal() + 1,
    "digitize": lambda x: np.digitize(x, [0.0, 1.0]),
    "divmod": lambda x: np.divmod(x, 1.0),
    "eigh": lambda x: np.linalg.eigh(x @ x.T).eigenvalues,
    "einsum": lambda x: np.einsum("ij,kj->ik", x, x),
    "fft": lambda x: np.abs(np.fft.fft(x)),
    "flatten": lambda x: 2 * x.flatten(),
    "gradient": lambda x: np.gradient(2 * x),
    "histogram": lambda x: np.histogram(x, bins=3, range=(-1, 1)),
    "interp": lambda x: np.interp(x, [0, 1], [1, 2]),
    "isin": lambda x: np.isin(np.round(x), [0, 1]),
    "median": lambda x: np.median(x, axis=1),
    "meshgrid": lambda x: np.meshgrid(x[0], x[1]),
    "modf": lambda x: np.modf(2 * x),
    "pad": lambda x: np.pad(x, 1),
    "qr": lambda x: np.linalg.qr(x).Q * 2,
    "repeat": lambda x: np.repeat(x, 2, axis=0),
    "roll": lambda x: np.roll(x, 1),
    "select": lambda x: np.select([x > 0, x < -1], [x, -x], 0),
    "solve": lambda x: np.linalg.solve(x, x.T),
    "split": lambda x: [2 * part for part in np.split(x, 2)],
    "svd": lambda x: tuple(np.linalg.svd(x)),
    "take_along_axis": lambda x: np.take_along_axis(x, np.argsort(x, 1), 1),
    "tile": lambda x: np.tile(x, (2, 1)),
    "triu": lambda x: np.triu(x) + 1,
    "unpacked": lambda x: np.stack([*x], axis=1),
    "whole numbers": lambda x: (10 * x).astype(np.int32).astype(float),
}
REFUSED = {
    "accumulate": lambda x: np.add.accumulate(2 * x),
    "apply_along_axis": lambda x: np.apply_along_axis(np.sum, 0, x),
    "array2string": lambda x: np.array2string(2 * x),
    "copyto": lambda x: np.copyto(x, 1.0),
    "fill": lambda x: x.fill(0),
    "fill_diagonal": lambda x: np.fill_diagonal(x, 0),
    "flags": lambda x: x.flags,
    "put": lambda x: x.put(0, 1),
    "save": lambda x: np.save("/nowhere/x.npy", x),
    "sort in place": lambda x: x.sort(),
    "tobytes": lambda x: x.tobytes(),
    "view": lambda x: x.view(np.int32),
    "weights": lambda x: np.average(x, axis=0, weights=x[0]),
    "where": lambda x: np.sum(x, where=x > 0),
}


@pytest.mark.parametrize("function", RUN.values(), ids=RUN)
def test_a_function_of_numpy_is_a_line(function):
    compiled = gw.compile(function, exact=True)
    for x in DATA:
        found, expected = [*arrays_of(compiled(x))], [*arrays_of(function(x))]
        assert len(found) == len(expected)
        for a, b in zip(found, expected, strict=True):
            np.testing.assert_array_equal(a, b, strict=True)
    assert len(compiled.programs) == 1 and str(compiled.plan)


@pytest.mark.parametrize("function", REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_a_line_is_refused(function):
    with pytest.raises(CompileError, match=r"(?s)asked for.*line \d+"):
        gw.compile(function)(DATA[0].copy())


def test_whoever_asks_whether_there_is_an_attribute_is_told():
    assert gw.compile(lambda x: x * hasattr(x, "sum") * (not hasattr(x, "flags")))(1.0) is not None
    function = gw.compile(lambda x: 2 * x if getattr(x, "flags", None) is None else x)
    np.testing.assert_array_equal(function(DATA[0]), 2 * DATA[0])
