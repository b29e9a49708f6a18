"""Every op on flat lists, in Python and in C, gives what it gives here."""

from __future__ import annotations

import ctypes
import math
import shutil
import subprocess
from itertools import accumulate
from operator import mul

import numpy as np
import pytest

from glasswork.errors import UnsupportedError
from glasswork.export import c_lines, list_lines
from glasswork.export.drawing import draw
from glasswork.export.flat import flatten

from ..ops.cases import CASES, Case

COMPILER = next(filter(None, map(shutil.which, ("cc", "gcc", "clang"))), None)


def outside(case: Case) -> bool:
    """What loops over lists do not do: likelihoods, scatters, draws, index arrays of the row."""
    arrays = [draw for draw in case.draws if draw.kind in {"index", "mask"}]
    return case.name in {"cross_entropy", "scatter", "scatter_along_axis", "uniform_like"} or (
        case.name in {"getitem", "take_along_axis"}
        and (len(arrays) > 1 or any(a.kind == "mask" for a in arrays))
    )


def empty(case: Case) -> bool:
    """Lists of a network's row have elements."""
    return any(0 in draw.shape for draw in case.draws) or 0 in np.shape(computed(case))


def computed(case: Case):
    return case.op(*case.inputs(), **case.params)


INSIDE = [case for case in CASES if not outside(case) and not empty(case)]


def network(case: Case):
    inputs = case.inputs()
    free = [i for i, d in enumerate(case.draws) if d.kind != "given" or np.ndim(d.value)]

    def model(*values):
        filled = dict(zip(free, values, strict=True))
        return case.op(*(filled.get(i, x) for i, x in enumerate(inputs)), **case.params)

    example = tuple(np.asarray(inputs[i]) for i in free)
    return draw(model, example, None), example


@pytest.mark.parametrize("case", INSIDE, ids=str)
def test_lists_of_python_give_what_the_op_gives(case):
    drawn, example = network(case)
    loops, result = flatten(drawn, "lists")
    names = {"math": math, "mul": mul, "accumulate": accumulate}
    for function in list_lines.FUNCTIONS.values():
        exec(function, names)
    names |= {x.name: v.ravel().tolist() for x, v in zip(drawn.inputs, example, strict=True)}
    for _, steps in loops:
        for step in steps:
            exec(list_lines.statement(step), names)
            assert len(names[step.output]) == step.n
    np.testing.assert_allclose(names[result], np.ravel(computed(case)), rtol=1e-9, atol=1e-12)


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """Every case as a function of C, in one library."""
    if COMPILER is None:
        pytest.skip("there is no C compiler here")
    text = ["#include <math.h>", *c_lines.FUNCTIONS.values()]
    for i, case in enumerate(INSIDE):
        drawn, _ = network(case)
        loops, result = flatten(drawn, "C")
        arguments = ", ".join(f"const float *{x.name}" for x in drawn.inputs)
        n = np.size(computed(case))
        lines = [line for _, steps in loops for step in steps for line in c_lines.statements(step)]
        lines.append(f"for (int i = 0; i < {n}; i++) y[i] = {result}[i];")
        text.append(f"void case_{i}({arguments}, float *y) {{ {chr(10).join(lines)} }}")
    folder = tmp_path_factory.mktemp("c")
    (folder / "cases.c").write_text("\n".join(text))
    flags = ["-std=c99", "-Wall", "-Wextra", "-Werror", "-Wno-unused-function", "-shared", "-fPIC"]
    subprocess.run([COMPILER, *flags, "-o", "cases.so", "cases.c", "-lm"], cwd=folder, check=True)
    return ctypes.CDLL(str(folder / "cases.so"))


@pytest.mark.parametrize("case", INSIDE, ids=str)
def test_c_gives_what_the_op_gives(case, library):
    _, example = network(case)
    expected = np.ravel(computed(case)).astype(np.float32)
    found = np.zeros_like(expected)
    arrays = [np.ascontiguousarray(x, np.float32).ravel() for x in example] + [found]
    function = library[f"case_{INSIDE.index(case)}"]
    function(*(array.ctypes.data_as(ctypes.c_void_p) for array in arrays))
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("case", [c for c in CASES if outside(c) and not empty(c)], ids=str)
def test_what_has_no_loop_is_named(case):
    with pytest.raises(UnsupportedError, match=f"export to C: the model uses {case.name}"):
        flatten(network(case)[0], "C")
