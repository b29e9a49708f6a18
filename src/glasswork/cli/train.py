"""`glasswork train`: from a dataset to a run folder."""

from __future__ import annotations

from argparse import Namespace
from contextlib import nullcontext
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from ..data import DATASETS, Batches, Dataset, load
from ..errors import MissingExtraError, OptionError
from ..nn import Sequential
from ..optim import SGD, exponential_decay
from ..randomness import generator
from ..saving import save, write_json
from ..show import save_curves
from ..train import History, Progress, evaluate, fit
from .ctrl_c import CtrlC
from .lesson import LOSSES_FOR, Lesson, prepare
from .network import absorb_scaling, build_network
from .output import one_line, say
from .run_folder import HISTORY, MODEL, PICTURE, new_folder, write_options
from .versions import versions

__all__ = ["train_network"]

DONE, INTERRUPTED = 0, 130
IN_NO_RECORD = {"command", "run", "resume"}
PAUSE = timedelta(seconds=30)  # between two checkpoints
SHOWN = {
    "accuracy": "accuracy {:.2%}",
    "loss": "loss {:.4g}",
    "rmse": "RMSE {:.4g}",
    "r_squared": "R² {:.4f}",
}


def train_network(options: Namespace) -> int:
    """Learn, and leave a run folder; after Ctrl-C, with what was learnt until then."""
    rng = generator(options.seed)
    said = Namespace(**vars(options))
    dataset = load(options.data, rng, target=options.target, task=options.task)
    _settle(options, dataset)
    lesson = prepare(dataset, options.loss, options.test, options.scaling, rng)
    sizes = [dataset.inputs, *options.layers, dataset.outputs]
    network = build_network(sizes, options.activation, options.dropout, rng)
    batches = Batches(*lesson.train, batch_size=options.batch_size, rng=rng)
    history = History()
    with CtrlC() as ctrl_c:
        begun = options.resume and nullcontext(options.resume)
        with begun or new_folder(options.out, dataset.name) as folder:
            if not options.quiet:
                _introduce(dataset, lesson, network, options)
            write_options(said, folder)
            learn = partial(_learn, network, lesson, batches, options, history, folder=folder)
            interrupted = ctrl_c.ends(learn)
            absorb_scaling(network, lesson.inputs, lesson.outputs)
            result = evaluate(network, lesson.raw_loss, lesson.raw_test, lesson.raw_metrics)
            save(network, folder / MODEL)
            record = _describe(options, dataset, lesson)
            record |= {"test": result, "interrupted": interrupted} | history.as_dict()
            write_json(folder / HISTORY, record)
        picture = _draw(history, folder / PICTURE, ctrl_c)
        if interrupted:
            say(f"interrupted in epoch {len(history) + 1}; what was learnt until then is kept")
        say(f"test part: {_found(result)}, {_duration(history)}")
        say(f"{folder}: {MODEL}, {HISTORY}{picture}")
    return INTERRUPTED if ctrl_c.pressed else DONE


def _settle(options: Namespace, dataset: Dataset) -> None:
    """Decide what was not said, and depends on the dataset."""
    if options.loss is None:
        options.loss = LOSSES_FOR[dataset.task][0]
    if options.learning_rate is None:
        options.learning_rate = 0.05 if options.loss == "cross-entropy" else 0.01
    options.task = dataset.task
    if options.scaling == "auto":
        options.scaling = "standard" if dataset.image_shape is None else "none"


def _introduce(dataset: Dataset, lesson: Lesson, network: Sequential, options: Namespace) -> None:
    learnt, tested = len(lesson.train.x), len(lesson.test.x)
    say(f"{dataset.name}: {learnt:,} samples to learn from and {tested:,} to test on")
    if options.data not in DATASETS:
        say(f"targets: {_targets(dataset, options)}")
    say(f"{network!r}\n")


def _targets(dataset: Dataset, options: Namespace) -> str:
    """What is taken for the targets in a file."""
    kind = f"{dataset.outputs} classes" if dataset.classes else "values"
    if options.target is not None:
        return f"column {options.target}, {kind}"
    is_table = options.data.lower().removesuffix(".gz").endswith((".csv", ".npy"))
    return f"the last column, {kind}" if is_table else kind


def _learn(
    network: Sequential,
    lesson: Lesson,
    batches: Batches,
    options: Namespace,
    history: History,
    *,
    folder: Path,
) -> None:
    """Fill the history, also of a training that Ctrl-C ends."""
    optimizer = SGD(
        network.parameters(),
        exponential_decay(options.learning_rate, options.decay / len(batches)),
        momentum=options.momentum,
        l1=options.l1,
        l2=options.l2,
    )
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
            checkpoint=folder,
            every=options.checkpoint_every or PAUSE,
            resume=options.resume is not None,
        )
    if history.stopped is not None:
        raise OptionError(
            f"{history.stopped}; nothing is written.\n"
            f"  Pass a --learning-rate below {options.learning_rate:g}."
        )


def _describe(options: Namespace, dataset: Dataset, lesson: Lesson) -> dict[str, Any]:
    """What the run was made of, in the words of JSON."""
    said = {name: value for name, value in vars(options).items() if name not in IN_NO_RECORD}
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


def _draw(history: History, path: Path, ctrl_c: CtrlC) -> str:
    """Draw the learning curves: what is to be told of the picture, or why there is none."""
    if not len(history):
        return "; no picture, for no epoch was finished"
    try:
        if ctrl_c.ends(partial(save_curves, history, path, held_out="test")):
            return "; no picture: interrupted"
    except (MissingExtraError, OSError) as error:
        return f"; no picture: {one_line(error)}"
    return f", {PICTURE}"


def _found(result: dict[str, float]) -> str:
    shown = ", ".join(SHOWN[name].format(number) for name, number in result.items())
    return shown.replace("nan", "undefined")  # as R² of a single sample is


def _duration(history: History) -> str:
    if not (epochs := len(history)):
        return "before the first epoch was over"
    return f"after {epochs} epoch{'s' if epochs > 1 else ''} in {sum(history.seconds):.1f} s"
