"""The tape: what is recorded, in which order, and when nothing is."""

from __future__ import annotations

import gc
import operator
import platform
import subprocess
import sys
import threading
import weakref
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import glasswork as gw
from glasswork.errors import DtypeError, OptionError
from glasswork.tape import Graph, recording


def test_inputs_have_smaller_serials_than_what_is_made_of_them() -> None:
    x = gw.Tensor([1.0, 2.0], requires_grad=True)
    y = (x * x).sum() + x[0]
    assert all(i.serial < entry.serial for entry in Graph.of(y) for i in entry.inputs
               if isinstance(i, gw.Tensor))  # fmt: skip


def test_graph_holds_each_value_once_however_often_it_is_used() -> None:
    x = gw.Tensor(2.0, requires_grad=True)
    h = x * x
    y = h * h + h
    assert [entry.op.name for entry in Graph.of(y) if entry.op] == ["multiply", "multiply", "add"]


def test_the_tape_grows_by_one_entry_an_op_when_intermediates_are_shared() -> None:
    x = gw.Tensor(1.0, requires_grad=True)
    for _ in range(17):
        x = x + x
    assert len(x.tape) == 18


def test_graph_can_leave_out_what_no_gradient_flows_through() -> None:
    data = gw.Tensor([1.0, 2.0])
    w = gw.Parameter([3.0, 4.0])
    y = (data * w).sum()
    assert data in set(Graph.of(y))
    assert data not in set(Graph.of(y, differentiable=True))


def test_a_value_that_needs_no_gradient_remembers_nothing() -> None:
    y = gw.Tensor([1.0]) * 2.0
    assert y.op is None and y.inputs == () and not y.requires_grad


def test_no_grad_records_nothing() -> None:
    x = gw.Tensor(2.0, requires_grad=True)
    with gw.no_grad():
        y = x * x
    assert y.op is None and not y.requires_grad
    assert (x * x).requires_grad


def test_no_grad_decorates_functions() -> None:
    x = gw.Tensor(2.0, requires_grad=True)

    @gw.no_grad()
    def predict() -> gw.Tensor:
        return x * x

    assert not predict().requires_grad
    assert not predict().requires_grad  # and can be entered again
    assert recording.is_on()


def test_no_grad_nests_and_ends_when_an_exception_leaves_it() -> None:
    def fail() -> None:
        with gw.no_grad():
            with gw.no_grad():
                pass
            assert not recording.is_on()
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert recording.is_on()


def test_recording_can_be_switched_on_inside_no_grad() -> None:
    x = gw.Tensor(2.0, requires_grad=True)
    with gw.no_grad(), recording(True):
        assert (x * x).requires_grad


def test_no_grad_in_one_thread_does_not_disturb_another() -> None:
    x = gw.Tensor(2.0, requires_grad=True)
    seen: list[bool] = []
    with gw.no_grad():
        thread = threading.Thread(target=lambda: seen.append((x * x).requires_grad))
        thread.start()
        thread.join()
    assert seen == [True]


def test_threads_that_differentiate_at_once_get_their_own_gradients() -> None:
    results: dict[int, float] = {}

    def work(k: int) -> None:
        x = gw.Tensor(float(k), requires_grad=True, dtype=np.float64)
        for _ in range(200):
            x.zero_grad()
            (x * x * x).backward()
        results[k] = float(x.grad)

    threads = [threading.Thread(target=work, args=(k,)) for k in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {k: 3.0 * k * k for k in range(1, 9)}


def test_a_graph_is_freed_without_the_garbage_collector() -> None:
    gc.disable()
    try:
        x = gw.Tensor(np.ones(4), requires_grad=True)
        y = (x * x).sum()
        middle = weakref.ref(y.inputs[0])
        y.backward()
        del y
        assert middle() is None
    finally:
        gc.enable()


def test_a_comparison_is_not_recorded() -> None:
    x = gw.Tensor([1.0, 3.0], requires_grad=True)
    above = x > 2.0
    assert above.dtype == bool and not above.requires_grad


def test_one_no_grad_serves_several_threads() -> None:
    x, shared = gw.Tensor(2.0, requires_grad=True), gw.no_grad()
    inside, done = threading.Barrier(2), []

    def work() -> None:
        with shared:
            inside.wait(5)
            done.append((x * x).requires_grad)
            inside.wait(5)
        done.append((x * x).requires_grad)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == [False, False, True, True]


def test_no_grad_without_brackets_says_how_to_write_it() -> None:
    with pytest.raises(OptionError, match=r"@no_grad\(\)"):
        gw.no_grad(lambda: 1)


@pytest.mark.parametrize("other", [Fraction(1, 2), np.array([1], object), 1j, np.array([1j]), "a"])
@pytest.mark.parametrize("combine", [operator.mul, lambda a, b: b * a, operator.matmul])
def test_an_operand_that_is_no_real_number_is_refused(combine: Any, other: Any) -> None:
    with pytest.raises(DtypeError, match="real numbers"):
        combine(gw.Tensor([1.0], requires_grad=True), other)


def test_a_view_taken_without_the_tape_keeps_its_values() -> None:
    w = gw.Parameter([[1.0, 2.0]])
    with gw.no_grad():
        kept = (w.T, w[:1], w.reshape(2))
    detached = w.detach()
    w.grad = [[1.0, 1.0]]
    gw.SGD([w], 1.0).step()
    assert w.tolist() == [[0.0, 1.0]]
    assert all(sorted(np.ravel(v.els)) == [1.0, 2.0] for v in (*kept, detached))


_FRESH_PAGES = """
from resource import RUSAGE_SELF, getrusage
import numpy as np
import glasswork as gw

x = gw.Tensor(np.ones((256, 512), np.float32))
w = gw.Tensor(np.ones((512, 256), np.float32), requires_grad=True)
for step in range(15):
    if step == 5:
        before = getrusage(RUSAGE_SELF).ru_minflt
    w.zero_grad()
    ((x @ w).relu() @ w.T).sum().backward()
print(getrusage(RUSAGE_SELF).ru_minflt - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library has other ways")
def test_the_memory_of_one_step_serves_the_next() -> None:
    program = [sys.executable, "-c", _FRESH_PAGES]
    done = subprocess.run(program, check=True, capture_output=True, text=True)
    assert int(done.stdout) < 100  # of 7,000 if each step's arrays were the system's again


@pytest.mark.parametrize(("function", "name"), [("leaky_relu", "slope"), ("elu", "alpha")])
def test_a_tensor_in_the_place_of_a_parameter_of_an_op_is_refused(function, name) -> None:
    x, learned = gw.Tensor([-1.0, 1.0]), gw.Tensor(0.1, requires_grad=True)
    with pytest.raises(OptionError, match=f"{name} is a tensor, and parameters of an operation"):
        getattr(gw.functional, function)(x, learned)
