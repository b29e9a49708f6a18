"""Reports of small trainings, and a reader as strict as the standard."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree.ElementTree import Element

import html5lib
import numpy as np
import pytest

import glasswork as gw
from glasswork.data import Dataset
from glasswork.data.columns import Column
from glasswork.nn import Categories, Missing
from glasswork.report import Material, report
from glasswork.train import Callback, accuracy, r_squared, rmse

from ..chromium import chromium

__all__ = ["chromium"]

Told = Callable[[Material], Element]


class Watch(Callback):
    """Keeps the compiled step and the first batch."""

    def on_batch(self, run):
        if run.steps == 1:
            self.arrays = run.arrays

    def on_epoch(self, run):
        self.program = run.step.run.programs[0]


def trained(dataset: Dataset, *layers: gw.Module, epochs: int = 2, **told) -> Material:
    """The material of a training of a network with one hidden layer."""
    is_regression = dataset.task == "regression"
    x, x_test, y, y_test = dataset.parts(rng=0)
    seen = gw.train.predict(gw.Sequential(*layers), x) if layers else x
    network = gw.Sequential(
        gw.Linear(seen.shape[1], 14, rng=0), gw.ReLU(), gw.Linear(14, dataset.outputs, rng=1)
    )
    loss = gw.MSE() if is_regression else gw.CrossEntropy()
    metrics = [rmse, r_squared] if is_regression else [accuracy]
    model, watch = gw.Sequential(*layers, *network), Watch()
    optimizer = gw.SGD(network.parameters(), 0.05, momentum=0.9)
    data, held_out = (seen, y), (model, (x_test, y_test))
    history = gw.fit(
        network,
        loss,
        optimizer,
        data,
        epochs,
        validation=data,
        metrics=metrics,
        callbacks=[watch],
        rng=0,
    )
    result = gw.train.evaluate(held_out[0], loss, held_out[1], metrics)
    usual = {
        "dataset": dataset,
        "samples": (len(x), len(x_test)),
        "model": model,
        "network": network,
        "criterion": loss,
        "loss": "mse" if is_regression else "cross-entropy",
        "history": history,
        "x": x_test,
        "y": y_test,
        "result": result,
        "baseline": {"accuracy": 0.1},
        "trivial": "always the first",
        "options": {"data": dataset.name, "layers": [14], "eager": False, "test": None},
        "versions": {"glasswork": gw.__version__},
        "command": "glasswork train it --seed=0",
        "program": watch.program,
        "arrays": watch.arrays,
    }
    return Material(**usual | told)


@pytest.fixture(scope="session")
def digits() -> Material:
    """Pictures of ten classes, of which some are misread."""
    return trained(gw.data.digits())


@pytest.fixture(scope="session")
def moons() -> Material:
    """Two features, two classes."""
    return trained(gw.data.moons(200, rng=0))


@pytest.fixture(scope="session")
def line() -> Material:
    """One feature, one value."""
    return trained(gw.data.line(60, rng=0))


WORDS = "<script>alert(1)</script>", '"b" & \x07', "ж\ud800"


@pytest.fixture(scope="session")
def table() -> Material:
    """A table whose names and words are HTML, with holes, and nothing that can be learned."""
    rng = np.random.default_rng(0)
    x = np.column_stack([rng.normal(size=90), rng.integers(0, 3, 90)]).astype(np.float32)
    x[::7, 0] = np.nan
    columns = (
        Column("<b>size</b>", "number", (), 13, "0 < 1"),
        Column("color & kind", "category", WORDS, 0, "3 words"),
        Column("</title>", "target"),
    )
    told = {"classes": WORDS, "columns": columns, "description": "</p>", "source": "<a href=x>"}
    y = rng.integers(0, 3, 90)
    dataset = Dataset(name="<i>it</i>", x=x, y=y, task="classification", **told)
    filled = Missing.of(x)
    words = dataset.vocabulary
    return trained(dataset, filled, Categories.of(gw.train.predict(filled, x), words))


@pytest.fixture(scope="session")
def read() -> Told:
    """A report as a tree of elements, after every fault of its HTML was an error."""

    def parse(material: Material) -> Element:
        parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
        return parser.parse(report(material).encode())

    return parse
