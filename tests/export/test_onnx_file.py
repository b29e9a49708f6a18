"""Models as ONNX files."""

from __future__ import annotations

import numpy as np
import pytest

import glasswork as gw
from glasswork.errors import UnsupportedError

from .running import run_onnx
from .stacks import stack, table

pytestmark = pytest.mark.peers
onnx = pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")

LOSSES = [
    (gw.MSE(), "number"),
    (gw.MSE("sum"), "number"),
    (gw.MAE("none"), "number"),
    (gw.Huber(delta=0.5), "number"),
    (gw.BinaryCrossEntropy(positive_weight=[1.0, 2.0, 0.5]), "yes"),
    (gw.Hinge(margin=0.5), "side"),
    (gw.CrossEntropy(), "label"),
    (gw.CrossEntropy(class_weights=[1.0, 2.0, 0.5], label_smoothing=0.1), "label"),
    (gw.CrossEntropy("none"), "likelihood"),
    (gw.NLL(), "label"),
    (gw.NLL(class_weights=[1.0, 2.0, 0.5]), "label"),
    (gw.KLDivergence(), "likelihood"),
]


def targets(kind: str, n: int, rng: np.random.Generator) -> np.ndarray:
    table = rng.uniform(0.1, 1, (n, 3)).astype(np.float32)
    return {
        "number": table,
        "yes": (table > 0.5).astype(np.float32),
        "side": np.where(table > 0.5, 1, -1).astype(np.float32),
        "label": rng.integers(0, 3, n),
        "likelihood": table / table.sum(axis=1, keepdims=True),
    }[kind]


@pytest.mark.parametrize("seed", range(60))
def test_a_stack_of_layers_predicts_in_onnxruntime_what_it_predicts_here(seed, tmp_path):
    model, x = stack(seed)
    gw.export.onnx(model, tmp_path / "model.onnx", x)
    assert model.training
    model.eval()
    for rows in (x, x[:1], np.tile(x, (4, 1))):
        expected = model(rows).els
        found = run_onnx(tmp_path / "model.onnx", rows)
        assert found.dtype == expected.dtype
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize(("loss", "target"), LOSSES, ids=str)
def test_a_model_with_its_loss_is_a_graph(loss, target, weighted, tmp_path, rng):
    model = gw.Sequential(gw.Linear(4, 3, rng=0), gw.Tanh())
    x, y = rng.normal(size=(9, 4)).astype(np.float32), targets(target, 9, rng)
    inputs = (x, y, rng.uniform(1, 2, 9).astype(np.float32)) if weighted else (x, y)
    gw.export.onnx(lambda x, *others: loss(model(x), *others), tmp_path / "loss.onnx", inputs)
    for n in (9, 4):
        first = tuple(part[:n] for part in inputs)
        expected = loss(model(first[0]), *first[1:]).els
        found = run_onnx(tmp_path / "loss.onnx", *first)
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)


def test_a_penalty_on_the_weights_is_part_of_a_loss(tmp_path, rng):
    model, loss = gw.Linear(4, 3, rng=0), gw.MSE()
    x, y = rng.normal(size=(9, 4)).astype(np.float32), rng.normal(size=(9, 3)).astype(np.float32)

    def whole(x, y):
        return loss(model(x), y) + gw.penalty(model.parameters(), l1=0.1, l2=0.2)

    gw.export.onnx(whole, tmp_path / "loss.onnx", (x, y))
    found = run_onnx(tmp_path / "loss.onnx", x, y)
    np.testing.assert_allclose(found, whole(x, y).els, rtol=1e-5)


def test_digits_after_training_are_read_the_same(reader, tmp_path):
    x = gw.data.digits().x
    gw.export.onnx(reader, tmp_path / "digits.onnx", x[:5])
    found = run_onnx(tmp_path / "digits.onnx", x).argmax(axis=1)
    assert (found == reader(x).els.argmax(axis=1)).all()


def test_a_network_for_tables_takes_raw_rows(tmp_path):
    model, x = table()
    gw.export.onnx(model, tmp_path / "table.onnx", x)
    found = run_onnx(tmp_path / "table.onnx", x)
    np.testing.assert_allclose(found, model(x).els, rtol=1e-5, atol=1e-6)


def test_initializers_bear_the_paths_of_the_parameters(tmp_path):
    model = gw.Sequential(gw.Linear(4, 3, rng=0), gw.BatchNorm(3))
    gw.export.onnx(model, tmp_path / "model.onnx", np.ones((2, 4), np.float32))
    graph = onnx.load(tmp_path / "model.onnx").graph
    names = {tensor.name for tensor in graph.initializer}
    assert {"0.weights", "0.biases", "1.scale", "1.shift", "1.running_mean"} <= names
    assert [node.op_type for node in graph.node] == ["MatMul", "Add", "Sub", "Div", "Mul", "Add"]
    assert [d.dim_param or d.dim_value for d in graph.input[0].type.tensor_type.shape.dim] == [
        "rows", 4,
    ]  # fmt: skip


def test_an_op_of_ones_own_is_taken_apart(tmp_path):
    cube = gw.elementwise("cube", lambda x: x**3, (lambda y, x: 3 * x**2,), equation="y = x³")
    x = np.array([[1.0, -2.0]])
    gw.export.onnx(cube, tmp_path / "cube.onnx", x)
    np.testing.assert_allclose(run_onnx(tmp_path / "cube.onnx", x), [[1, -8]])


def test_an_op_of_ones_own_may_name_its_operator(tmp_path):
    arctan = gw.elementwise("arctan", np.arctan, (lambda y, x: 1 / (1 + x * x),), equation="y = arctan x", onnx="Atan")  # fmt: skip  # noqa: E501
    x = np.array([[1.0, -2.0]], np.float32)
    gw.export.onnx(arctan, tmp_path / "arctan.onnx", x)
    np.testing.assert_allclose(run_onnx(tmp_path / "arctan.onnx", x), np.arctan(x), rtol=1e-6)


class Sorted(gw.Module):
    """An op of its own, which no form of export knows."""

    def forward(self, x):
        return gw.general("sort", np.sort, (None,), (None,), equation="sorted")(x)


def test_an_op_that_onnx_lacks_is_named_with_its_module(tmp_path):
    model = gw.Sequential(gw.Linear(2, 2, rng=0), Sorted())
    with pytest.raises(UnsupportedError, match=r"export to ONNX: model\.1 Sorted\(\) uses sort"):
        gw.export.onnx(model, tmp_path / "model.onnx", np.ones((2, 2)))
    assert not list(tmp_path.iterdir())


def test_sizes_that_follow_the_rows_are_computed(tmp_path, rng):
    def centered(x):
        n = x.shape[0]
        likeness = (x @ x.T).reshape(n * n) + 0 * x[0, 0]
        return x - x.sum(axis=0) / n + np.ones((n, 3)) + likeness.mean() + (np.arange(n) * x.T).T

    x = rng.normal(size=(6, 3))
    gw.export.onnx(centered, tmp_path / "model.onnx", x)
    for rows in (x, x[:2]):
        expected = centered(gw.Tensor(rows)).els
        np.testing.assert_allclose(run_onnx(tmp_path / "model.onnx", rows), expected, atol=1e-6)


def test_without_rows_the_shapes_are_those_of_the_example(tmp_path):
    x = np.array([1.0, 2.0, 3.0])
    gw.export.onnx(lambda x: x[::-1] * 2, tmp_path / "model.onnx", x, rows=False)
    np.testing.assert_array_equal(run_onnx(tmp_path / "model.onnx", x), [6, 4, 2])
