"""`glasswork train`: from a dataset to a run folder."""

from __future__ import annotations

from argparse import Namespace
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np

from ..data import DATASETS, Batches, Dataset, load
from ..errors import OptionError
from ..nn import Sequential
from ..randomness import generator
from ..saving import save, write_json
from ..train import History, Progress, evaluate, fit
from ..train.networks import absorb_scaling, build_network
from .ctrl_c import CtrlC, PauseAtCtrlC
from .introduction import introduce
from .lesson import Lesson, prepare
from .output import found, say
from .page import KeepPage
from .pictures import Trained, draw
from .recipe import make_optimizer, settle_data, settle_learning
from .run_folder import HISTORY, MODEL, PAGE, new_folder
from .versions import versions

__all__ = ["train_network"]

DONE, INTERRUPTED = 0, 130
IN_NO_RECORD = {"command", "run", "resume"}
PAUSE = timedelta(seconds=30)  # between two checkpoints


def train_network(options: Namespace) -> int:
    """Learn, and leave a run folder; after Ctrl-C, with what was learnt until then."""
    rng = generator(options.seed)
    said = Namespace(**vars(options))
    dataset = _load(options, rng)
    lesson = prepare(dataset, options.loss, options.test, options.scaling, rng)
    settle_learning(options, dataset, len(lesson.train.x))
    sizes = [lesson.train.x.shape[1], *options.layers, dataset.outputs]
    network = build_network(sizes, options.activation, options.dropout, rng)
    model = Sequential(*lesson.layers, *network)
    batches = Batches(*lesson.train, batch_size=options.batch_size, rng=rng)
    history = History()
    with CtrlC() as ctrl_c:
        begun = options.resume and nullcontext(options.resume)
        with begun or new_folder(options.out, dataset.name) as folder:
            if not options.quiet:
                introduce(dataset, lesson, model, options)
            page, pause = KeepPage(folder, said), PauseAtCtrlC(ctrl_c)
            _learn(network, lesson, batches, options, history, page=page, pause=pause)
            absorb_scaling(network, lesson.outputs)
            result = evaluate(model, lesson.raw_loss, lesson.raw_test, lesson.raw_metrics)
            save(model, folder / MODEL)
            record = _describe(options, dataset, lesson)
            record |= {"test": result, "interrupted": pause.paused} | history.as_dict()
            write_json(folder / HISTORY, record)
        trained = Trained(dataset, lesson, model, network, history, page, record)
        _tell(trained, options, folder, ctrl_c)
    return INTERRUPTED if ctrl_c.pressed else DONE


def _load(options: Namespace, rng: np.random.Generator) -> Dataset:
    """The data, after which what was not said of them is decided."""
    named = options.categories or ()
    dataset = load(options.data, rng, target=options.target, task=options.task, categories=named)
    settle_data(options, dataset)
    return dataset


def _learn(
    network: Sequential,
    lesson: Lesson,
    batches: Batches,
    options: Namespace,
    history: History,
    *,
    page: KeepPage,
    pause: PauseAtCtrlC,
) -> None:
    """Fill the history, also of a training that Ctrl-C ends."""
    optimizer = make_optimizer(network, options, len(batches))
    with np.errstate(all="ignore"):  # a loss that is not finite is told below
        fit(
            network,
            lesson.loss,
            optimizer,
            batches,
            options.epochs,
            validation=lesson.test,
            metrics=lesson.metrics,
            callbacks=[page, pause, *([] if options.quiet else [Progress(held_out="test")])],
            compile=not options.eager,
            threads=options.threads,
            history=history,
            checkpoint=page.folder,
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
            "columns": [column._replace(words=())._asdict() for column in dataset.columns],
            "samples": {"train": len(lesson.train.x), "test": len(lesson.test.x)},
            "license": dataset.license,
            "source": dataset.source,
        },
        "options": said | {"out": options.out and str(options.out)},
        "baseline": lesson.baseline,
    }


def _tell(trained: Trained, options: Namespace, folder: Path, ctrl_c: CtrlC) -> None:
    """Write what is to be looked at, and say what came out and where it is."""
    history, record = trained.history, trained.record
    drawn, reasons = draw(trained, folder, ctrl_c)
    if record["interrupted"]:
        say(
            f"interrupted in epoch {len(history) + 1}; what was learnt until then is kept, and"
            f" `glasswork train --resume {folder}` goes on"
        )
    compared = _compared(trained.lesson, options)
    say(f"test part: {found(record['test'])}, {_duration(history)}{compared}")
    files = ", ".join([*_written(folder), *drawn])
    say("; ".join([f"{folder}: {files}", *reasons]))


def _written(folder: Path) -> list[str]:
    """The files that a run has left; without a page of its step, if that was not compiled."""
    return [name for name in (MODEL, HISTORY, PAGE) if (folder / name).exists()]


def _compared(lesson: Lesson, options: Namespace) -> str:
    """Of a file, what the trivial prediction comes to, on a line of its own."""
    if options.data in DATASETS:
        return ""
    return f"\nto compare: {found(lesson.baseline)}, {lesson.trivial}"


def _duration(history: History) -> str:
    if not (epochs := len(history)):
        return "before the first epoch was over"
    return f"after {epochs} epoch{'s' if epochs > 1 else ''} in {sum(history.seconds):.1f} s"
