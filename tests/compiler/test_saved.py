"""A saved page runs with NumPy alone, and goes on from where the step was, bit for bit."""

from __future__ import annotations

import importlib.util
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
from .test_page import PAGES

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

    step.model = model
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


SLOWER = 0.7


def falling(step):
    """A schedule of one's own, with a number and a function beside it."""
    return np.exp(-SLOWER * half(step))


def half(step: int) -> float:
    return step / 2


RATES = {
    "a number": 0.01,
    "cosine": optim.cosine(0.1, steps=8),
    "a warm-up": optim.warm_up(6, optim.step_decay(0.1, every=2, factor=0.5)),
    "one cycle": optim.one_cycle(0.1, steps=20),
    "a function": falling,
}


@pytest.mark.parametrize("rate", RATES.values(), ids=RATES)
@pytest.mark.parametrize("kind", [gw.SGD, gw.Adam])
def test_a_saved_step_counts_on(kind, rate, tmp_path):
    step = trained(lambda m: kind(m.parameters(), rate), nn.Tanh())
    for batch in data[:3]:
        step(*batch)
    step.save(tmp_path / "step.py")
    expected = [step(*batch).item() for batch in data[3:]]
    assert losses_of_the_file(tmp_path) == expected


def test_a_file_has_the_learning_rate_that_was_set_last(tmp_path):
    model = nn.Linear(FEATURES, OUTPUTS, rng=1)
    loss, moves = nn.CrossEntropy(), gw.SGD(model.parameters(), 0.1)

    @gw.compile
    def step(x, y):
        value = loss(model(x), y)
        value.backward()
        moves.step(zero_grad=True)
        return value

    step(*data[0])
    moves.learning_rate = 0.01
    step.save(tmp_path / "step.py")
    expected = [step(*batch).item() for batch in data[3:]]
    assert losses_of_the_file(tmp_path) == expected


def test_a_saved_call_of_two_steps_counts_both(tmp_path):
    model, loss = nn.Linear(FEATURES, OUTPUTS, rng=1), nn.CrossEntropy()
    moves = gw.Adam(model.parameters(), optim.exponential_decay(0.1, 0.3))

    @gw.compile
    def step(x, y):
        for _ in range(2):
            value = loss(model(x), y)
            value.backward()
            moves.step(zero_grad=True)
        return value * moves.steps

    for batch in data[:3]:
        step(*batch)
    step.save(tmp_path / "step.py")
    expected = [step(*batch).item() for batch in data[3:]]
    assert losses_of_the_file(tmp_path) == expected


def test_a_saved_step_that_is_refused_does_not_count(tmp_path, monkeypatch):
    step = trained(lambda m: gw.Adam(m.parameters(), 0.01), nn.Tanh())
    step(*data[0])
    step.save(tmp_path / "refusing.py")
    monkeypatch.syspath_prepend(tmp_path)
    saved = importlib.import_module("refusing").step
    for x, y in data[3:]:
        with pytest.raises(ValueError, match="without_class"):
            saved(x, y + OUTPUTS)
        assert saved(x, y) == step(x, y).item()


def test_a_schedule_that_no_file_can_hold_is_named(tmp_path, monkeypatch):
    step = trained(lambda m: gw.SGD(m.parameters(), lambda i: 0.5**i), nn.Tanh())
    for batch in data[:3]:
        step(*batch)
    step.save(tmp_path / "named.py")
    monkeypatch.syspath_prepend(tmp_path)
    saved = importlib.import_module("named")
    assert "learning_rate stays as it was" in saved.__doc__
    for i, batch in enumerate(data[3:], start=3):
        assert saved.step(*batch, learning_rate=0.5**i) == step(*batch).item()


def test_a_linter_has_nothing_against_a_saved_file(tmp_path):
    pytest.importorskip("ruff")
    step = trained(lambda m: gw.Adam(m.parameters(), RATES["a warm-up"]), nn.Dropout(0.3, rng=1))
    step(*data[0])
    step.save(tmp_path / "step.py")
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--select", "E,F"]
    command += ["--ignore", "E501,E701", str(tmp_path / "step.py")]
    found = subprocess.run(command, capture_output=True, check=False, text=True)
    assert found.returncode == 0, found.stdout


def test_a_saved_step_draws_from_the_generator_that_it_is_given(tmp_path):
    rng = np.random.default_rng(5)
    step = trained(OPTIMIZERS["SGD"], nn.Dropout(0.3, rng=rng))
    for batch in data[:3]:
        step(*batch)
    step.save(tmp_path / "step.py")
    rng.bit_generator.state = np.random.default_rng(6).bit_generator.state
    expected = [step(*batch).item() for batch in data[3:]]
    assert losses_of_the_file(tmp_path, "draws") == expected


def test_a_saved_step_goes_on_with_its_own_draws(tmp_path):
    rng = np.random.default_rng(5)
    step = trained(OPTIMIZERS["SGD"], nn.Dropout(0.3, rng=rng), nn.Dropout(0.1), nn.Dropout(0.1))
    for batch in data[:3]:
        step(*batch)
    step.save(tmp_path / "step.py")
    expected = [step(*batch).item() for batch in data[3:]]
    assert losses_of_the_file(tmp_path) == expected


def test_gradients_that_add_up_do_so_in_the_file(tmp_path):
    model = nn.Sequential(nn.Linear(FEATURES, 5, rng=1), nn.Tanh(), nn.Linear(5, OUTPUTS, rng=1))
    loss, moves = nn.CrossEntropy(), gw.SGD(model.parameters()[:3], 0.1)

    @gw.compile
    def step(x, y):
        value = loss(model(x), y) + 0.1 * model.parameters()[3].grad.sum()
        value.backward()
        moves.step()
        model.parameters()[0].zero_grad()
        return value

    for batch in data[:3]:
        step(*batch)
    model.parameters()[0].zero_grad()
    step.save(tmp_path / "step.py")
    expected = [step(*batch).item() for batch in data[3:]]
    assert losses_of_the_file(tmp_path) == expected


def test_a_file_has_what_was_loaded_after_the_last_call(tmp_path):
    step, moved = trained(OPTIMIZERS["SGD"], nn.Tanh()), trained(OPTIMIZERS["SGD"], nn.Tanh())
    for batch in data[:3]:
        step(*batch), moved(*batch)
    for batch in data:
        moved(*batch)
    step.model.load_state_dict(moved.model.state_dict())
    step.save(tmp_path / "step.py")
    expected = [moved(*batch).item() for batch in data[3:]]
    assert losses_of_the_file(tmp_path) == expected


@pytest.mark.parametrize("name", PAGES)
def test_any_page_may_be_saved(name, tmp_path):
    step, arguments = PAGES[name][0](PAGES[name][1])
    gw.seed(3)
    step = gw.compile(step)
    for _ in range(2):
        step(*arguments)
    step.save(tmp_path / "page.py")
    spec = importlib.util.spec_from_file_location("page", tmp_path / "page.py")
    page = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(page)
    for _ in range(3):
        np.testing.assert_array_equal(page.step(*arguments), step(*arguments).els)


def test_clipping_may_be_saved(tmp_path):
    model, loss = nn.Linear(FEATURES, OUTPUTS, rng=1), nn.CrossEntropy()
    moves = gw.Adam(model.parameters(), 0.01)

    @gw.compile
    def step(x, y):
        value = loss(model(x), y)
        value.backward()
        optim.clip_gradient_norm(model.parameters(), 0.1)
        moves.step(zero_grad=True)
        return value

    for batch in data[:3]:
        step(*batch)
    step.save(tmp_path / "step.py")
    expected = [step(*batch).item() for batch in data[3:]]
    assert losses_of_the_file(tmp_path) == expected


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
