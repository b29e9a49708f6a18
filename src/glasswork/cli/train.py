"""`glasswork train`: from a dataset to a run folder."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Any

import numpy as np

from ..data import Batches, Dataset, load
from ..errors import MissingExtraError, OptionError
from ..nn import Sequential
from ..optim import SGD, exponential_decay
from ..randomness import generator
from ..saving import save, write_json
from ..show import save_curves
from ..train import History, Progress, evaluate, fit
from .lesson import LOSSES_FOR, Lesson, prepare
from .network import absorb_scaling, build_network
from .run_folder import HISTORY, MODEL, PICTURE, new_folder
from .versions import versions

__all__ = ["train_network"]

DONE, INTERRUPTED = 0, 130
SHOWN = {
    "accuracy": "accuracy {:.2%}",
    "loss": "loss {:.4g}",
    "rmse": "RMSE {:.4g}",
    "r_squared": "R² {:.4f}",
}


def train_network(options: Namespace) -> int:
    """Learn, and leave a run folder; after Ctrl-C, with what was learnt until then."""
    rng = generator(options.seed)
    dataset = load(options.data, rng, target=options.target, task=options.task)
    _settle(options, dataset)
    lesson = prepare(dataset, options.loss, options.test, options.scaling, rng)
    sizes = [dataset.inputs, *options.layers, dataset.outputs]
    network = build_network(sizes, options.activation, options.dropout, rng)
    batches = Batches(*lesson.train, batch_size=options.batch_size, rng=rng)
    history = History()
    with new_folder(options.out, dataset.name) as folder:
        if not options.quiet:
            _introduce(dataset, lesson, network)
        interrupted = _learn(network, lesson, batches, options, history)
        absorb_scaling(network, lesson.inputs, lesson.outputs)
        result = _measure(network, lesson)
        save(network, folder / MODEL)
        record = _describe(options, dataset, lesson) | {"test": result, "interrupted": interrupted}
        write_json(folder / HISTORY, record | history.as_dict())
        missing = _draw(history, folder / PICTURE)
    if interrupted:
        print(f"interrupted in epoch {len(history) + 1}; what was learnt until then is kept")
    found = ", ".join(SHOWN[name].format(number) for name, number in result.items())
    print(f"test part: {found}, after {len(history)} epochs in {sum(history.seconds):.1f} s")
    print(f"{folder}: {MODEL}, {HISTORY}{missing or f', {PICTURE}'}")
    return INTERRUPTED if interrupted else DONE


def _settle(options: Namespace, dataset: Dataset) -> None:
    """Decide what was not said, and depends on the dataset."""
    if options.loss is None:
        options.loss = LOSSES_FOR[dataset.task][0]
    if options.learning_rate is None:
        options.learning_rate = 0.05 if options.loss == "cross-entropy" else 0.01
    if options.scaling == "auto":
        options.scaling = "standard" if dataset.image_shape is None else "none"


def _introduce(dataset: Dataset, lesson: Lesson, network: Sequential) -> None:
    learnt, tested = len(lesson.train.x), len(lesson.test.x)
    print(f"{dataset.name}: {learnt:,} samples to learn from and {tested:,} to test on")
    print(f"{network!r}\n")


def _learn(
    network: Sequential,
    lesson: Lesson,
    batches: Batches,
    options: Namespace,
    history: History,
) -> bool:
    """Fill the history, and tell whether Ctrl-C ended that."""
    optimizer = SGD(
        network.parameters(),
        exponential_decay(options.learning_rate, options.decay / len(batches)),
        momentum=options.momentum,
        l1=options.l1,
        l2=options.l2,
    )
    try:
        with np.errstate(all="ignore"):  # a loss that is not finite is told below
            fit(
                network,
                lesson.loss,
                optimizer,
                batches,
                options.epochs,
                validation=lesson.test,
                metrics=lesson.metrics,
                callbacks=[] if options.quiet else [Progress(held_out="test")],
                history=history,
            )
    except KeyboardInterrupt:
        return True
    if history.stopped is not None:
        raise OptionError(
            f"{history.stopped} in epoch {len(history)}, and nothing is written.\n"
            f"  Pass a --learning-rate below {options.learning_rate:g}."
        )
    return False


def _measure(network: Sequential, lesson: Lesson) -> dict[str, float]:
    """What the network comes to on the test part as it stands in the dataset."""
    result = evaluate(network, lesson.loss, lesson.raw_test, lesson.raw_metrics)
    if lesson.outputs is not None:
        del result["loss"]  # it is in another unit than the losses of the history
    return result


def _describe(options: Namespace, dataset: Dataset, lesson: Lesson) -> dict[str, Any]:
    """What the run was made of, in the words of JSON."""
    said = {name: value for name, value in vars(options).items() if name not in ("run", "command")}
    return {
        "versions": versions(),
        "dataset": {
            "name": dataset.name,
            "task": dataset.task,
            "inputs": dataset.inputs,
            "classes": dataset.classes,
            "samples": {"train": len(lesson.train.x), "test": len(lesson.test.x)},
            "license": dataset.license,
            "source": dataset.source,
        },
        "options": said | {"out": options.out and str(options.out)},
    }


def _draw(history: History, path: Path) -> str:
    """Draw the learning curves, or tell why not."""
    if not len(history):
        return "; no picture, for no epoch was finished"
    try:
        save_curves(history, path, held_out="test")
    except MissingExtraError as error:
        return f"; no picture: {' '.join(str(error).split())}"
    return ""
