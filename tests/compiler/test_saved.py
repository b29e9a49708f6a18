"""A page as a file of its own: NumPy is all that it needs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import glasswork as gw
from glasswork.errors import CompileError, OptionError
from glasswork.ops import OPS
from glasswork.ops.indexing import Slot

RUN = """
import sys
sys.modules["glasswork"] = None  # whoever imports it fails
import numpy as np
from saved import step
with np.load("batches.npz") as batches:
    x, y, rates = batches["x"], batches["y"], batches["rates"]
losses = [step(x[i], y[i], {rng}learning_rate=rates[i].item(){more}) for i in range(20)]
np.save("losses.npy", losses)
"""


def training(optimizer, dropout=0.0, rng=None):
    model = gw.Sequential(
        gw.Linear(4, 8, rng=0), gw.ReLU(), gw.nn.Dropout(dropout, rng=rng), gw.Linear(8, 3, rng=1)
    )
    criterion, mover = gw.CrossEntropy(), optimizer(model.parameters())

    @gw.compile
    def step(x, y):
        mover.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        mover.step()
        return loss

    return step


def batches(n=20):
    rng = np.random.default_rng(0)
    return rng.standard_normal((n, 16, 4), np.float32), rng.integers(0, 3, (n, 16))


def losses_of_the_file(folder, rng="", more=""):
    code = RUN.format(rng=rng, more=more)
    subprocess.run([sys.executable, "-c", code], cwd=folder, check=True)
    return np.load(folder / "losses.npy")


@pytest.mark.parametrize(
    ("optimizer", "more"),
    [
        (lambda p: gw.SGD(p, gw.optim.exponential_decay(0.1, 0.01), momentum=0.9), ""),
        (lambda p: gw.Adam(p, 0.01), ", steps=5 + i"),
    ],
    ids=["momentum", "Adam"],
)
def test_a_saved_page_goes_on_with_the_same_losses_bit_for_bit(optimizer, more, tmp_path):
    step, (x, y) = training(optimizer), batches()
    for i in range(5):
        step(x[i], y[i])
    step.save(tmp_path / "saved.py")
    rate = 0.01 if more else None
    rates = [rate or 0.1 * np.exp(-0.01 * (5 + i)) for i in range(20)]
    np.savez(tmp_path / "batches.npz", x=x, y=y, rates=rates)
    expected = [step(x[i], y[i]).item() for i in range(20)]
    np.testing.assert_array_equal(losses_of_the_file(tmp_path, more=more), expected)


def test_a_saved_page_draws_from_the_generator_that_it_is_passed(tmp_path):
    rng = np.random.default_rng(7)
    step, (x, y) = training(lambda p: gw.SGD(p, 0.1), dropout=0.5, rng=rng), batches()
    step(x[0], y[0])
    step.save(tmp_path / "saved.py")
    text = (tmp_path / "saved.py").read_text(encoding="utf-8")
    assert "step(x, y, rng)" in text
    np.savez(tmp_path / "batches.npz", x=x, y=y, rates=np.full(20, 0.1))
    (tmp_path / "saved.py").write_text(
        text + "\n_rng = np.random.default_rng(7); _rng.random((16, 8), np.float32)\n",
        encoding="utf-8",
    )
    expected = [step(x[i], y[i]).item() for i in range(20)]
    found = losses_of_the_file(tmp_path, rng="__import__('saved')._rng, ")
    np.testing.assert_array_equal(found, expected)


def test_a_page_with_clipping_is_saved_with_the_functions_that_it_calls(tmp_path):
    w = gw.Parameter(np.ones(3, np.float32))
    mover = gw.SGD([w], 0.5)

    @gw.compile
    def step(x):
        mover.zero_grad()
        loss = (w * x).sum()
        loss.backward()
        gw.optim.clip_gradient_norm([w], 1.0)
        mover.step()
        return loss

    x = np.array([3.0, 4.0, 0.0], np.float32)
    step(x)
    step.save(tmp_path / "saved.py")
    code = "import numpy as np; from saved import step; step(np.array([3., 4., 0.], np.float32))"
    code += "; import saved; np.save('w.npy', saved.w)"
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True)
    step(x)
    np.testing.assert_array_equal(np.load(tmp_path / "w.npy"), w.els)


def test_a_function_that_needs_more_than_numpy_cannot_be_written(tmp_path):
    place = OPS["scatter"]
    step = gw.compile(lambda g, i: place(g, i, key=(Slot(0),), shape=(5,)))
    step(np.ones(2), np.array([1, 1]))
    with pytest.raises(CompileError, match="save: the page calls"):
        step.save(tmp_path / "saved.py")
    assert not list(tmp_path.iterdir())


def test_a_page_is_saved_under_a_name_of_python(tmp_path):
    step = gw.compile(lambda x: x * 2)
    step(np.ones(2))
    with pytest.raises(OptionError, match=r"saved\.txt is to be a file of Python"):
        step.save(Path(tmp_path, "saved.txt"))
