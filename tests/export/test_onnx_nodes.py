"""Every op in ONNX, run by onnxruntime, gives what it gives here."""

from __future__ import annotations

import numpy as np
import pytest

from glasswork import export
from glasswork.errors import UnsupportedError

from ..ops.cases import CASES, Case
from .running import run_onnx

pytestmark = pytest.mark.peers
pytest.importorskip("onnxruntime")


def impossible(case: Case) -> bool:
    """Random draws, and masks that say how many elements there will be."""
    masked = case.name == "getitem" and any(draw.kind == "mask" for draw in case.draws)
    return case.name == "uniform_like" or masked


def write(case: Case, inputs, path):
    """Export the op as a function of all its inputs but the given ones; returns those."""
    free = [i for i, draw in enumerate(case.draws) if draw.kind != "given"]

    def model(*values):
        filled = dict(zip(free, values, strict=True))
        return case.op(*(filled.get(i, x) for i, x in enumerate(inputs)), **case.params)

    example = tuple(inputs[i] for i in free)
    export.onnx(model, path, example, rows=False)
    return example


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("case", [c for c in CASES if not impossible(c)], ids=str)
def test_onnxruntime_gives_what_the_op_gives(case, dtype, tmp_path):
    inputs = case.inputs(dtype)
    example = write(case, inputs, tmp_path / "op.onnx")
    found, expected = run_onnx(tmp_path / "op.onnx", *example), case.op(*inputs, **case.params)
    assert found.dtype == expected.dtype and found.shape == expected.shape
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("case", [c for c in CASES if impossible(c)], ids=str)
def test_what_onnx_cannot_say_is_named(case, tmp_path):
    with pytest.raises(UnsupportedError, match=f"export to ONNX: the model uses {case.name}"):
        write(case, case.inputs(), tmp_path / "op.onnx")
    assert not list(tmp_path.iterdir())
