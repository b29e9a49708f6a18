"""Whatever is passed where something else belongs, the error is one that says so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import glasswork as gw
from glasswork import data, functional, nn, optim, saving, train
from glasswork.nn import initializers

from .wrong import X, Y, filled, model, run, untold

POINT = np.array([1.0, 2.0])


def w() -> gw.Tensor:
    return gw.Tensor([1.0, -2.0], requires_grad=True)


def square(x: Any, *more: Any) -> Any:
    return (x * x).sum()


class Told:
    def log(self, row: dict[str, Any]) -> None:
        pass


def applied(module: gw.Module) -> Callable[..., Any]:
    """What one calls, with a name for its input."""

    def apply(x: Any) -> Any:
        return module(x)

    return apply


def compared(loss: gw.Module) -> Callable[..., Any]:
    """The same of a loss."""

    def compare(yhat: Any, y: Any, weights: Any) -> Any:
        return loss(yhat, y, weights)

    return compare


def derived(derivative: Callable[..., Any]) -> Callable[..., Any]:
    """The derivative of a function at a point."""

    def derive(f: Any, x: Any) -> Any:
        return derivative(f)(x)

    return derive


def vjp(f: Any, x: Any) -> Any:
    return gw.vjp(f, x)


def find_nonfinite(model: Any, loss: Any, x: Any, y: Any) -> Any:
    return train.find_nonfinite(model, loss, x, y)


def pair(outputs: Any, targets: Any) -> dict[str, Any]:
    return {"yhat": outputs, "y": targets}


LAYERS = [
    gw.ELU, gw.GELU, gw.LeakyReLU, gw.LogSoftmax, gw.ReLU, gw.SiLU, gw.Sigmoid, gw.Softmax,
    gw.Softplus, gw.Tanh, gw.Dropout,
]  # fmt: skip
LOSSES = {
    gw.MAE: X[:, :3], gw.MSE: X[:, :3], gw.Huber: X[:, :3], gw.CrossEntropy: Y, gw.NLL: Y,
    gw.BinaryCrossEntropy: X[:, :3] > 0, gw.Hinge: np.sign(X[:, :3]),
    gw.KLDivergence: np.full((12, 3), 1 / 3),
}  # fmt: skip
MEASURES = {
    train.accuracy: (X[:, :3], Y), train.confusion_matrix: (X[:, :3], Y), train.f1: (X[:, :3], Y),
    train.precision: (X[:, :3], Y), train.recall: (X[:, :3], Y), train.top_k: (X[:, :3], Y),
    train.mae: (X, X), train.rmse: (X, X), train.r_squared: (X, X),
}  # fmt: skip
OPERATIONS = [
    name
    for name in functional.__all__
    if not isinstance(getattr(functional, name), np.ufunc) and name not in ("einsum", "scatter")
]
INITIALIZERS = [
    "kaiming_normal", "kaiming_uniform", "lecun_normal", "lecun_uniform", "ones", "orthogonal",
    "xavier_normal", "xavier_uniform", "zeros",
]  # fmt: skip
SCHEDULES = {
    "constant": {"initial": 0.1}, "cosine": {"initial": 0.1, "steps": 5},
    "exponential_decay": {"initial": 0.1, "decay": 0.5},
    "inverse_time": {"initial": 0.1, "decay": 0.5}, "one_cycle": {"peak": 0.1, "steps": 5},
    "step_decay": {"initial": 0.1, "every": 2}, "warm_up": {"steps": 2, "then": 0.1},
}  # fmt: skip
FURTHER = {
    "split": {"sections": 2}, "take": {"indices": [0]}, "getitem": {"key": 0},
    "take_along_axis": {"index": np.zeros((12, 1), int)}, "cross_entropy": {"labels": Y},
}  # fmt: skip

# What is called, with arguments that are right: those named here, and the defaults of the others.
CALLS: dict[str, tuple[Callable[..., Any], dict[str, Any]]] = {
    **{layer.__name__: (layer, {}) for layer in LAYERS},
    **{f"{layer.__name__}()": (applied(layer()), {"x": X}) for layer in LAYERS},
    "Linear": (gw.Linear, {"input_neurons": 4, "output_neurons": 3}),
    "Linear()": (applied(gw.Linear(4, 3)), {"x": X}),
    "BatchNorm": (gw.BatchNorm, {"features": 4}),
    "BatchNorm()": (applied(gw.BatchNorm(4)), {"x": X}),
    "Sequential": (lambda child: gw.Sequential(gw.ReLU(), child), {"child": gw.ReLU()}),
    "Sequential()": (applied(model()), {"x": X}),
    **{loss.__name__: (loss, {}) for loss in LOSSES},
    **{
        f"{loss.__name__}()": (compared(loss()), pair(X[:, :3], y) | {"weights": np.ones(12)})
        for loss, y in LOSSES.items()
    },
    **{
        rule.__name__: (rule, {"parameters": [w()], "learning_rate": 0.1})
        for rule in (gw.SGD, gw.Adam, gw.AdamW, gw.RMSprop, gw.Adagrad)
    },
    "Tensor": (gw.Tensor, {"els": [1.0]}),
    "Parameter": (gw.Parameter, {"data": [1.0]}),
    "Buffer": (gw.Buffer, {"data": [1.0]}),
    **{name: (getattr(initializers, name), {"shape": (3, 2)}) for name in INITIALIZERS},
    "constant": (initializers.constant, {"shape": (3, 2), "value": 0.5}),
    "Standardize": (nn.Standardize, {"features": 4}),
    "Missing": (nn.Missing, {"features": 4, "indicators": [0]}),
    "Categories": (nn.Categories, {"features": 2, "vocabulary": {0: ["red", "blue"]}}),
    "penalty": (gw.penalty, {"parameters": [w()]}),
    "elementwise": (
        lambda slopes: gw.elementwise("double", lambda x: x + x, slopes, equation="y = 2x"),
        {"slopes": (1,)},
    ),
    **{
        make.__name__: (derived(make), {"f": square, "x": POINT})
        for make in (gw.grad, gw.value_and_grad, gw.jacobian, gw.hessian)
    },
    "vjp": (vjp, {"f": square, "x": POINT}),
    "jvp": (gw.jvp, {"f": square, "primals": (POINT,), "tangents": (POINT,)}),
    "hvp": (gw.hvp, {"f": square, "primals": (POINT,), "tangents": (POINT,)}),
    "gradients": (gw.gradients, {"output": square(x := w()), "inputs": [x]}),
    "check_gradient": (
        lambda f, x, tolerance, step: gw.check_gradient(f, x, tolerance=tolerance, step=step),
        {"f": square, "x": POINT, "tolerance": 1e-6, "step": 1e-6},
    ),
    "compile": (gw.compile, {"function": square}),
    "explain": (gw.explain, {"model": model(), "loss": gw.CrossEntropy(), "x": X, "y": Y}),
    "walk": (gw.walk, {"output": square(w())}),
    "split": (
        lambda x, test, stratify, rng: gw.split(x, test=test, stratify=stratify, rng=rng),
        {"x": X, "test": 0.2, "stratify": Y, "rng": 0},
    ),
    "Batches": (
        lambda x, batch_size, shuffle, drop_last, rng: list(
            gw.Batches(x, batch_size=batch_size, shuffle=shuffle, drop_last=drop_last, rng=rng)
        ),
        {"x": X, "batch_size": 4, "shuffle": True, "drop_last": False, "rng": 0},
    ),
    **{f"data.{name}": (getattr(data, name), {}) for name in ("moons", "circles", "spirals")},
    "data.line": (data.line, {}),
    "data.load": (data.load, {"name_or_path": "digits"}),
    "read_dataset": (data.read_dataset, {"path": "nowhere.csv"}),
    "one_hot": (data.one_hot, {"labels": Y, "classes": 3}),
    "fit": (
        gw.fit,
        {
            "model": (net := model()), "loss": gw.CrossEntropy(),
            "optimizer": gw.SGD(net.parameters(), 0.1), "data": (X, Y),
            "epochs": 1, "validation": (X, Y), "metrics": [train.accuracy], "callbacks": [],
            "batch_size": 4, "rng": 0, "clip_norm": 1.0, "clip_values": 1.0, "history": None,
            "gradient_norms": False, "compile": False, "threads": None, "checkpoint": None,
            "every": None, "resume": False,
        },
    ),
    "evaluate": (train.evaluate, {"model": model(), "loss": gw.CrossEntropy(), "data": (X, Y)}),
    "predict": (train.predict, {"model": model(), "x": X}),
    "preflight": (
        gw.preflight,
        {"model": model(), "x": X, "y": Y, "loss": gw.CrossEntropy()},
    ),
    "find_nonfinite": (
        find_nonfinite,
        {"model": model(), "loss": gw.CrossEntropy(), "x": X, "y": Y},
    ),
    "EarlyStopping": (train.EarlyStopping, {}),
    **{f"train.{of.__name__}": (of, pair(*given)) for of, given in MEASURES.items()},
    "diff": (gw.diff, {"run_a": "nowhere", "run_b": "nowhere"}),
    "save": (gw.save, {"model": model(), "path": "model.safetensors"}),
    "load": (gw.load, {"path": "nowhere.safetensors"}),
    "load_pytorch": (gw.load_pytorch, {"model": model(), "path": "nowhere.pt"}),
    "read_safetensors": (saving.read_safetensors, {"path": "nowhere.safetensors"}),
    "register": (gw.register, {"cls": gw.ReLU}),
    "seed": (gw.seed, {"n": 0}),
    **{f"optim.{name}": (getattr(optim, name), given) for name, given in SCHEDULES.items()},
    "ReduceOnPlateau": (optim.ReduceOnPlateau, {"learning_rate": 0.1}),
    "Plateau": (train.Plateau, {"schedule": optim.ReduceOnPlateau(0.1)}),
    "CSVLogger": (train.CSVLogger, {"path": "log.csv"}),
    "JSONLogger": (train.JSONLogger, {"path": "log.jsonl"}),
    "LogTo": (train.LogTo, {"target": Told()}),
    "write_safetensors": (
        saving.write_safetensors,
        {"path": "a.safetensors", "tensors": {"a": X}, "metadata": {"made": "here"}},
    ),
    "read_pytorch": (saving.read_pytorch, {"path": "nowhere.pt"}),
    "clip_gradient_norm": (optim.clip_gradient_norm, {"parameters": [w()], "limit": 1.0}),
    "clip_gradient_values": (optim.clip_gradient_values, {"parameters": [w()], "limit": 1.0}),
    **{
        f"functional.{name}": (getattr(functional, name), FURTHER.get(name, {}))
        for name in OPERATIONS
    },
}  # fmt: skip


ARGUMENTS = [(name, argument) for name, call in CALLS.items() for argument in filled(*call)]
TAKEN = [
    name
    for name, (_, given) in CALLS.items()
    if not name.startswith("functional.") and not any("nowhere" in str(v) for v in given.values())
]


@pytest.mark.filterwarnings("ignore")  # of what is computed with nan
@pytest.mark.parametrize(("name", "argument"), ARGUMENTS)
def test_what_belongs_elsewhere_is_refused_in_words(name, argument, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    beyond = [IndexError] if name.startswith("functional.") else []  # as NumPy has it
    assert untold(*CALLS[name], argument, *beyond) == []


@pytest.mark.parametrize("name", TAKEN)
def test_what_belongs_there_is_taken(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run(*CALLS[name])
