"""What is meant when an option of `glasswork train` is not said, where it depends on the data."""

from __future__ import annotations

from argparse import Namespace
from math import ceil

from ..data import DATASETS, Dataset
from ..errors import OptionError
from ..nn import Module
from ..optim import SGD, Adam, Optimizer, Schedule, cosine, exponential_decay
from .lesson import LOSSES_FOR
from .run_folder import options_of

__all__ = [
    "FEWEST_EPOCHS", "FEWEST_STEPS", "FOR_OTHERS", "FOR_TABLES", "PENALTY", "make_optimizer",
    "settle_data", "settle_learning",
]  # fmt: skip

FOR_TABLES = {"layers": [128], "optimizer": "adam", "schedule": "cosine", "batch_size": 64}
FOR_OTHERS = {
    "layers": [128, 64],
    "optimizer": "sgd",
    "schedule": "exponential",
    "batch_size": 32,
    "l2": 0.0,
}
FEWEST_EPOCHS, FEWEST_STEPS = 30, 200  # the steps of tables alone
PENALTY = 6.0  # of tables: λ, shared by their samples


def settle_data(options: Namespace, dataset: Dataset) -> None:
    """Decide what was not said of the data and the loss."""
    if options.loss is None:
        options.loss = LOSSES_FOR[dataset.task][0]
    options.task = dataset.task
    if options.scaling == "auto":
        options.scaling = "standard" if dataset.image_shape is None else "none"


def settle_learning(options: Namespace, dataset: Dataset, samples: int) -> None:
    """Decide what was not said of the network and the learning.

    Pictures and the built-in data are learnt by gradient descent with momentum. Tables of someone's
    own differ more, and many are small: there Adam takes the steps, small tables get more epochs,
    and a penalty keeps the weights small, the more so the fewer samples there are.

    Parameters
    ----------
    options : Namespace
        Those of `glasswork train`, where None is what was not said.
    dataset : Dataset
        What they are for.
    samples : int
        How many there are to learn from.

    Raises
    ------
    OptionError
        If a run is to go on for other epochs than its cosine was made for.
    """
    is_table = options.data not in DATASETS and dataset.image_shape is None
    said = {name: value for name, value in vars(options).items() if value is not None}
    vars(options).update((FOR_TABLES if is_table else FOR_OTHERS) | said)
    if options.learning_rate is None:
        by_loss = 0.05 if options.loss == "cross-entropy" else 0.01
        options.learning_rate = 0.015 if options.optimizer == "adam" else by_loss
    steps = FEWEST_STEPS if is_table else 0
    epochs = max(FEWEST_EPOCHS, ceil(steps / ceil(samples / options.batch_size)))
    options.epochs = options.epochs or epochs
    if options.resume is not None and options.schedule == "cosine":
        _check_epochs(options, epochs)
    if options.l2 is None:
        options.l2 = PENALTY / samples


def _check_epochs(options: Namespace, default: int) -> None:
    """Refuse to go on with a run in other epochs than it was begun for."""
    begun = int(options_of(options.resume).get("epochs", default))
    if options.epochs != begun:
        raise OptionError(
            f"--epochs is {options.epochs}, and the learning rate of this run falls to 0 within"
            f" {begun}.\n"
            "  Begin a new run with as many epochs, or one with --schedule exponential, which has"
            " no end."
        )


def make_optimizer(model: Module, options: Namespace, batches: int) -> Optimizer:
    """The optimizer that the options ask for.

    Parameters
    ----------
    batches : int
        How many there are in an epoch.
    """
    rate: Schedule = exponential_decay(options.learning_rate, options.decay / batches)
    if options.schedule == "cosine":
        rate = cosine(options.learning_rate, options.epochs * batches)
    penalties = {"l1": options.l1, "l2": options.l2}
    if options.optimizer == "adam":
        return Adam(model.parameters(), rate, beta1=options.momentum, beta2=0.99, **penalties)
    return SGD(model.parameters(), rate, momentum=options.momentum, **penalties)
