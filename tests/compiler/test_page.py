"""The page of a step is a program that a person can read, and that a linter has nothing against."""

from __future__ import annotations

import ast
import io
import json
import linecache
import pdb
import subprocess
import sys
import traceback

import numpy as np
import pytest

import glasswork as gw
from glasswork import nn
from glasswork.errors import DataError

from .side_by_side import BATCH, FEATURES, OUTPUTS, of_batches, training
from .test_layers import LAYERS
from .test_losses import LOSSES, network
from .test_optimizers import OPTIMIZERS

X, Y = of_batches((BATCH, FEATURES), (BATCH, OUTPUTS), steps=1)[0]


def of_layer(name):
    model = nn.Sequential(
        nn.Linear(FEATURES, FEATURES, rng=7),
        LAYERS[name](np.float32),
        nn.Linear(FEATURES, OUTPUTS, rng=8),
    )
    return training(model, nn.MSE(), gw.SGD(model.parameters(), 0.05)).step, (X, Y)


def of_loss(name):
    loss, target = LOSSES[name]
    model = network(name)
    step = training(model, loss("mean"), gw.SGD(model.parameters(), 0.02)).step
    return step, (X, of_batches(target, steps=1)[0][0])


def of_optimizer(name):
    model = network("MSE")
    return training(model, nn.MSE(), OPTIMIZERS[name](model)).step, (X, Y)


PAGES = {
    **{f"layer {name}": (of_layer, name) for name in LAYERS},
    **{f"loss {name}": (of_loss, name) for name in LOSSES},
    **{f"optimizer {name}": (of_optimizer, name) for name in OPTIMIZERS},
}


def compiled(name, exact=False):
    of, key = PAGES[name]
    step, arguments = of(key)
    step = gw.compile(step, exact=exact)
    step(*arguments)
    return step


def given(page):
    """The names that a page takes as it finds them."""
    return {*page.given, "arena"}


@pytest.mark.parametrize("exact", [True, False], ids=["exact", "fast"])
@pytest.mark.parametrize("name", PAGES)
def test_every_name_on_a_page_is_given_or_made_before_it_is_used(name, exact):
    page = compiled(name, exact).programs[-1].page
    tree = ast.parse(page.source)
    (function,) = (node for node in tree.body if isinstance(node, ast.FunctionDef))
    outside = given(page) | {"np"} | stored(tree.body)
    known = outside | {argument.arg for argument in function.args.args}
    for statement in function.body:
        assert loaded([statement]) <= known
        known |= stored([statement])


def stored(statements):
    return names(statements, ast.Store)


def loaded(statements):
    return names(statements, ast.Load)


def names(statements, context):
    return {
        node.id
        for statement in statements
        if not isinstance(statement, ast.FunctionDef)
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, context)
    }


@pytest.mark.parametrize("name", PAGES)
def test_nothing_on_a_page_is_made_for_nobody(name):
    source = compiled(name).source
    (function,) = (n for n in ast.parse(source).body if isinstance(n, ast.FunctionDef))
    assert stored(function.body) <= loaded(function.body)


def test_a_linter_has_nothing_against_the_pages(tmp_path):
    pytest.importorskip("ruff")
    for i, name in enumerate(PAGES):
        page = compiled(name).programs[-1].page
        heading = "".join(f"{each} = None\n" for each in sorted(given(page)))
        (tmp_path / f"page_{i}.py").write_text(heading + page.source, encoding="utf-8")
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--select", "E,F"]
    command += ["--ignore", "E402,E501,E701", "--output-format", "json", str(tmp_path)]
    found = subprocess.run(command, capture_output=True, check=False, text=True)
    faults = {(fault["code"], fault["message"]) for fault in json.loads(found.stdout)}
    assert not faults


def test_a_page_says_what_it_is_for_and_has_its_three_parts():
    source = compiled("loss CrossEntropy").source
    assert source.startswith("# step: x (6, 4) float32, y (6,) int64\n")
    parts = [source.index(f"    # {part}") for part in ("forward", "backward", "update")]
    assert parts == sorted(parts)
    assert all(source.count(f"    # {part}") == 1 for part in ("forward", "backward", "update"))


def test_names_come_from_the_paths_of_modules():
    source = compiled("loss CrossEntropy").source
    for name in ("hidden_weights", "hidden_biases", "d_hidden_weights", "output_weights"):
        assert f"{name} = " in source


def test_a_traceback_shows_the_line_of_the_page():
    step, (x, y) = of_loss("CrossEntropy")
    step = gw.compile(step)
    step(x, y)
    with pytest.raises(DataError) as caught:
        step(x, y + OUTPUTS)
    frames = traceback.extract_tb(caught.value.__traceback__)
    frame = next(frame for frame in frames if frame.filename.startswith("<glasswork step"))
    assert (
        frame.line is not None and frame.line == step.source.splitlines()[frame.lineno - 1].strip()
    )
    assert "without_class" in frame.line
    assert "".join(linecache.getlines(frame.filename)) == step.source


def test_a_debugger_steps_through_the_page():
    step, arguments = of_loss("MSE")
    step = gw.compile(step)
    step(*arguments)
    said = io.StringIO()
    typed = io.StringIO("step\n" * 90 + "continue\n")
    pdb.Pdb(stdin=typed, stdout=said, nosigint=True).runcall(step, *arguments)
    product = next(line for line in step.source.splitlines() if "np.dot(x, hidden_weights" in line)
    assert f"-> {product.strip()}" in said.getvalue()


def test_a_page_is_what_runs():
    """Executed by itself, on what it is given, it does what the step does."""
    step, arguments = of_loss("CrossEntropy")
    step = gw.compile(step)
    for _ in range(3):
        step(*arguments)
    page, plan = step.programs[-1].page, step.programs[-1].plan
    namespace = {
        name: value.copy() if isinstance(value, np.ndarray) else value
        for name, value in page.given.items()
    }
    namespace["arena"] = np.zeros(plan.size, np.uint8)
    exec(page.source, namespace)
    assert namespace["step"](*arguments, 0.02) == step(*arguments).item()


def test_there_is_no_page_before_the_first_call():
    with pytest.raises(gw.errors.GlassworkError):
        gw.compile(of_loss("MSE")[0]).source  # noqa: B018


def test_what_is_done_to_gradients_has_its_place():
    """Those that add up belong to the backward pass, and clipping to the update."""
    model, loss = nn.Linear(FEATURES, OUTPUTS, rng=1), nn.MSE()
    optimizer = gw.SGD(model.parameters(), 0.1)

    @gw.compile
    def step(x, y):
        loss(model(x), y).backward()
        gw.optim.clip_gradient_norm(model.parameters(), 1.0)
        optimizer.step()

    step(np.ones((2, FEATURES)), np.ones((2, OUTPUTS)))
    assert [part.strip(" #").partition(":")[0] for part in step.source.splitlines()
            if part.startswith("    # ")] == ["forward", "backward", "update"]  # fmt: skip
