"""What can be said on the command line, and what is meant when it is not said."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any, NoReturn, get_args

from ..data import DATASETS
from ..data.dataset import Task
from .datasets import list_datasets
from .lesson import LOSSES, SCALINGS
from .network import ACTIVATIONS
from .predict import predict_samples
from .train import train_network
from .versions import versions

__all__ = ["build_parser"]

FILES = "a .csv, .npy, .npz or IDX file, plain or gzipped"
NUMBER = {"type": float, "metavar": "X"}
COUNT = {"type": int, "metavar": "N"}


def build_parser() -> ArgumentParser:
    """The parser of all commands. What it returns has `run`, the function of the one given."""
    parser = _Parser(prog="glasswork", description="Train neural networks, and predict with them.")
    shown = ", ".join(f"{name} {version}" for name, version in versions().items())
    parser.add_argument("--version", action="version", version=shown)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_train(commands)
    _add_predict(commands)
    datasets = commands.add_parser("datasets", help="list the built-in datasets")
    datasets.set_defaults(run=list_datasets)
    return parser


class _Parser(ArgumentParser):
    """Tells an error in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: error: {message} (see {self.prog} --help)\n")


def _add_train(commands: Any) -> None:
    train = commands.add_parser(
        "train",
        help="train a network and write a run folder",
        description="Train a network of linear layers by gradient descent with momentum. The run"
        " folder keeps the model, the history of the training and a picture of the learning"
        " curves. Ctrl-C ends the training and keeps what was learnt until then.",
    )
    train.set_defaults(run=train_network)
    train.add_argument(
        "data",
        metavar="DATA",
        help=f"{', '.join(DATASETS)}, or the path of {FILES}, or a folder of IDX files",
    )
    _add_data_options(train.add_argument_group("the data"))
    _add_network_options(train.add_argument_group("the network"))
    _add_learning_options(train.add_argument_group("the learning"))
    _add_run_options(train.add_argument_group("the run"))


def _add_data_options(group: Any) -> None:
    add = group.add_argument
    add(
        "--test",
        type=_share_or_count,
        metavar="X",
        help="the share of the samples, or their number, that is kept back to test on (default:"
        " 0.2, or the test part that the data come with)",
    )
    add(
        "--scaling",
        choices=SCALINGS,
        default="auto",
        help="standard: bring features and target values to mean 0 and deviation 1; auto: that,"
        " but leave pictures as they are (default: %(default)s)",
    )
    add(
        "--target",
        type=_column,
        metavar="COLUMN",
        help="the column of targets in a table, by name or by place from 0 (default: the last)",
    )
    add(
        "--task",
        choices=get_args(Task),
        help="what the targets in a file are (default: classes if words, or few whole numbers)",
    )


def _add_network_options(group: Any) -> None:
    add = group.add_argument
    add(
        "--layers",
        type=_layers,
        default="128,64",
        metavar="N,N,…",
        help="neurons of the hidden layers, or none for no hidden layer (default: %(default)s)",
    )
    add(
        "--activation",
        choices=ACTIVATIONS,
        default="relu",
        help="what stands between two layers (default: %(default)s)",
    )
    add(
        "--dropout",
        **NUMBER,
        default=0.0,
        help="probability that a hidden neuron is left out in training (default: %(default)s)",
    )


def _add_learning_options(group: Any) -> None:
    add = group.add_argument
    add(
        "--loss",
        choices=LOSSES,
        help="what is made small (default: cross-entropy for classes, mse for values)",
    )
    add("--epochs", **COUNT, default=30, help="times through the data (default: %(default)s)")
    add("--batch-size", **COUNT, default=32, help="samples in a step (default: %(default)s)")
    add(
        "--learning-rate",
        **NUMBER,
        default=0.1,
        help="η, the size of the first step (default: %(default)s)",
    )
    add(
        "--decay",
        **NUMBER,
        default=0.05,
        help="λ: after t epochs the learning rate is η e^(−λ t) (default: %(default)s)",
    )
    add(
        "--momentum",
        **NUMBER,
        default=0.9,
        help="the part of each step that the next one keeps (default: %(default)s)",
    )
    add("--l1", **NUMBER, default=0.0, help="λ of a penalty λ Σ|w| (default: %(default)s)")
    add("--l2", **NUMBER, default=0.0, help="λ of a penalty λ/2 Σ w² (default: %(default)s)")


def _add_run_options(group: Any) -> None:
    add = group.add_argument
    add(
        "--seed",
        **COUNT,
        default=0,
        help="of all that is drawn: the same seed gives the same run (default: %(default)s)",
    )
    add(
        "--out",
        type=Path,
        metavar="FOLDER",
        help="the run folder, which must not be there yet (default: runs/NAME-1, or the next free"
        " number)",
    )
    add("--quiet", action="store_true", help="print only what came out (default: each epoch)")


def _add_predict(commands: Any) -> None:
    command = commands.add_parser(
        "predict",
        help="predict with a trained network",
        description="Print what a trained network makes of samples: the class and the probability"
        " of each class, or the values. Samples are in the scale of the data that it was trained"
        " on, and targets among them are passed over.",
    )
    command.set_defaults(run=predict_samples)
    add = command.add_argument
    add("run_folder", metavar="RUN", type=Path, help="a folder that `glasswork train` has written")
    add("file", metavar="FILE", type=Path, help=f"samples: {FILES}")
    add(
        "-o",
        "--out",
        type=Path,
        metavar="OUT",
        help="the .csv or .npz file to write (default: standard output, as csv)",
    )
    add(
        "--target",
        type=_column,
        default="-1",
        metavar="COLUMN",
        help="the column of targets, if the samples have one (default: the last)",
    )


def _layers(text: str) -> list[int]:
    if text == "none":
        return []
    try:
        return [int(part) for part in text.split(",")]
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not like 128,64 nor none") from None


def _column(text: str) -> int | str:
    return int(text) if text.lstrip("-").isdecimal() else text


def _share_or_count(text: str) -> float:
    return int(text) if text.isdecimal() else float(text)
