"""A saved page runs with NumPy alone, and goes on from where the step was, bit for bit."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pytest

import glasswork as gw
from glasswork import nn, optim
from glasswork.errors import CompileError, OptionError

from .side_by_side import BATCH, FEATURES, OUTPUTS, of_batches
from .test_optimizers import OPTIMIZERS

STEPS = 5


def labels(rng):
    return rng.integers(0, OUTPUTS, BATCH)


data = of_batches((BATCH, FEATURES), labels, steps=3 + STEPS)

RUN = """
import json, sys
import numpy as np
class Refuse:
    def find_spec(self, name, *rest):
        if name.partition(".")[0] == "glasswork":
            raise ImportError("glasswork is asked for")
sys.meta_path.insert(0, Refuse())
sys.path.insert(0, sys.argv[1])
from step import step
with np.load(sys.argv[1] + "/data.npz") as file:
    x, y = file["x"], file["y"]
rng = [np.random.default_rng(6)] * (sys.argv[2] == "draws")
print(json.dumps([float(step(*batch, *rng)) for batch in zip(x, y)]))
"""


def trained(optimizer, *layers):
    model = nn.Sequential(nn.Linear(FEATURES, 5, rng=1), *layers, nn.Linear(5, OUTPUTS, rng=2))
    moves, loss = optimizer(model), nn.CrossEntropy()

    @gw.compile
    def step(x, y):
        value = loss(model(x), y)
        moves.zero_grad()
        value.backward()
        moves.step()
        return value

    return step


def losses_of_the_file(folder, draws=""):
    x, y = (np.stack(each) for each in zip(*data[3:], strict=True))
    np.savez(folder / "data.npz", x=x, y=y)
    command = [sys.executable, "-I", "-c", RUN, str(folder), draws or "none"]
    found = subprocess.run(command, capture_output=True, check=False, text=True)
    assert found.returncode == 0, found.stderr
    return json.loads(found.stdout)


@pytest.mark.parametrize("name", ["SGD", "SGD, momentum", "SGD, all", "RMSprop", "Adagrad"])
def test_a_saved_step_goes_on_with_the_same_losses(name, tmp_path):
    step = trained(OPTIMIZERS[name], nn.BatchNorm(5), nn.ReLU())
    for batch in data[:3]:
        step(*batch)
    step.save(tmp_path / "step.py")
    expected = [step(*batch).item() for batch in data[3:]]
    assert losses_of_the_file(tmp_path) == expected


@pytest.mark.xfail(
    strict=True, reason="the numbers of a file stay as they were when it was written"
)
@pytest.mark.parametrize(
    "optimizer",
    [
        lambda m: gw.Adam(m.parameters(), 0.01),
        lambda m: gw.SGD(m.parameters(), optim.cosine(0.1, steps=8)),
    ],
    ids=["Adam", "a schedule"],
)
def test_a_saved_step_counts_on(optimizer, tmp_path):
    step = trained(optimizer, nn.Tanh())
    for batch in data[:3]:
        step(*batch)
    step.save(tmp_path / "step.py")
    expected = [step(*batch).item() for batch in data[3:]]
    assert losses_of_the_file(tmp_path) == expected


def test_a_saved_step_draws_from_the_generator_that_it_is_given(tmp_path):
    rng = np.random.default_rng(5)
    step = trained(OPTIMIZERS["SGD"], nn.Dropout(0.3, rng=rng))
    for batch in data[:3]:
        step(*batch)
    step.save(tmp_path / "step.py")
    rng.bit_generator.state = np.random.default_rng(6).bit_generator.state
    expected = [step(*batch).item() for batch in data[3:]]
    assert losses_of_the_file(tmp_path, "draws") == expected


def test_saving_changes_nothing(tmp_path):
    step, other = (trained(OPTIMIZERS["Adam"], nn.ReLU()) for _ in range(2))
    for batch in data:
        step(*batch)
        step.save(tmp_path / "step.py")
        other(*batch)
    assert step(*data[0]).item() == other(*data[0]).item()


def test_a_file_is_one_of_python(tmp_path):
    step = trained(OPTIMIZERS["SGD"], nn.ReLU())
    step(*data[0])
    with pytest.raises(OptionError, match=r"\.py"):
        step.save(tmp_path / "step.txt")
    with pytest.raises(OptionError, match="no page yet"):
        trained(OPTIMIZERS["SGD"]).save(tmp_path / "step.py")
    assert not [*tmp_path.iterdir()]


def test_a_function_that_no_file_can_hold_is_refused(tmp_path):
    whole = gw.general(
        "whole", lambda x: np.sort(x, axis=0), (None,), (None,), equation="y = sorted x", whole=True
    )
    step = gw.compile(lambda x: 2 * whole(x))
    step(data[0][0])
    with pytest.raises(CompileError, match="whole"):
        step.save(tmp_path / "step.py")
    assert not [*tmp_path.iterdir()]
