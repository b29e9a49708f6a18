"""What can be said on the command line, and what is meant when it is not said."""

from __future__ import annotations

from argparse import OPTIONAL, ArgumentParser, _SubParsersAction
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NoReturn, get_args

from ..data import DATASETS
from ..data.dataset import Task
from ..train.networks import ACTIVATIONS
from .datasets import list_datasets
from .lesson import LOSSES
from .playground import open_playground
from .predict import predict_samples
from .recipe import FEWEST_EPOCHS, FEWEST_STEPS, FOR_OTHERS, FOR_TABLES, PENALTY
from .show import show_run
from .train import train_network
from .values import column, layers, names, number, path, share_or_count, whole
from .versions import versions

__all__ = ["build_parser"]

FILES = "a .csv, .tsv, .parquet, .npy, .npz or IDX file, plain or gzipped"
DEFAULT = "(default: %(default)s)"


def build_parser(stored: Mapping[str, str | bool] | None = None) -> ArgumentParser:
    """The parser of all commands. What it returns has `run`, the function of the one given.

    Parameters
    ----------
    stored : mapping, optional
        What is meant when an option of `train` is not said, as text.
    """
    parser = _Parser(prog="glasswork", description="Train neural networks, and predict with them.")
    shown = ", ".join(f"{name} {version}" for name, version in versions().items())
    parser.add_argument("--version", action="version", version=shown)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_train(commands, stored or {})
    _add_predict(commands)
    _add_show(commands)
    _add_playground(commands)
    datasets = commands.add_parser("datasets", help="list the built-in datasets")
    datasets.set_defaults(run=list_datasets)
    return parser


class _Parser(ArgumentParser):
    """Tells an error in one line, and of an option that is none the one that may be meant."""

    def parse_args(self, args: Any = None, namespace: Any = None) -> Any:
        options, unknown = self.parse_known_args(args, namespace)
        if unknown:
            commands = next(a for a in self._actions if isinstance(a, _SubParsersAction))
            command = commands.choices[options.command]
            meant = _close(unknown[0], list(command._option_string_actions))
            hint = f"; did you mean {meant}?" if meant else ""
            command.error(f"there is no {unknown[0]}{hint}")
        return options

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: error: {message} (see {self.prog} --help)\n")


def _close(said: str, options: list[str]) -> str:
    """The option that looks like what was said, or begins its words with these letters."""
    short = {"".join(word[0] for word in o.strip("-").split("-")): o for o in options}
    close = get_close_matches(said, options, n=1, cutoff=0.7)
    return short.get(said.strip("-")) or "".join(close)


def _add_train(commands: Any, stored: Mapping[str, str | bool]) -> None:
    train = commands.add_parser(
        "train",
        help="train a network and write a run folder",
        description="Train a network of linear layers, by gradient descent with momentum or, on"
        " tables, by Adam. The run folder keeps the model, the history of the training, a picture"
        " of its learning curves, and a report to look at in a browser. Ctrl-C ends the training"
        " and keeps what was learnt until then, from where it can be gone on with.",
    )
    train.set_defaults(run=train_network)
    begin_or_resume = train.add_mutually_exclusive_group(required=True)
    begin_or_resume.add_argument(
        "data",
        metavar="DATA",
        nargs=OPTIONAL,
        help=f"{', '.join(DATASETS)}, or the path of {FILES}, or a folder of IDX files",
    )
    begin_or_resume.add_argument(
        "--resume",
        type=path,
        metavar="RUN",
        help="go on with a run from its last checkpoint, whatever ended it, with the options that"
        " it was begun with: its epochs and the pace of its checkpoints alone may change. With more"
        " epochs it learns on, but for tables, whose learning rate falls to 0"
        " (default: begin a new run)",
    )
    _add_data_options(train.add_argument_group("the data").add_argument)
    _add_network_options(train.add_argument_group("the network").add_argument)
    _add_learning_options(train.add_argument_group("the learning").add_argument)
    _add_run_options(train.add_argument_group("the run").add_argument)
    train.set_defaults(**stored)


def _add_data_options(add: Any) -> None:
    add(
        "--test",
        type=share_or_count,
        metavar="X",
        help="the share of the samples, or their number, that is kept back to test on (default:"
        " 0.2, or the test part that the data come with)",
    )
    add(
        "--scaling",
        choices=("auto", "standard", "none"),
        default="auto",
        help="standard: bring features and target values to mean 0 and deviation 1; auto: that,"
        f" but leave pictures as they are {DEFAULT}",
    )
    add(
        "--target",
        type=column,
        metavar="COLUMN",
        help="the column of targets in a table, by name or by place from 0 (default: the last)",
    )
    add(
        "--task",
        choices=get_args(Task),
        help="what the targets in a file are (default: classes if words, or few whole numbers)",
    )
    add(
        "--categories",
        type=names,
        metavar="COLUMN,…",
        help="columns of a table that hold categories, though they look like numbers (default:"
        " those that hold words)",
    )


def _add_network_options(add: Any) -> None:
    add(
        "--layers",
        type=layers,
        metavar="N,N,…",
        help="neurons of the hidden layers, or none for no hidden layer (default:"
        f" {_for_each('layers')})",
    )
    add(
        "--activation",
        choices=ACTIVATIONS,
        default="relu",
        help=f"what stands between two layers {DEFAULT}",
    )
    add(
        "--dropout",
        type=number(below=1),
        default=0.0,
        metavar="P",
        help=f"probability that a hidden neuron is left out in training {DEFAULT}",
    )


def _add_learning_options(add: Any) -> None:
    add(
        "--loss",
        choices=LOSSES,
        help="what is made small (default: cross-entropy for classes, mse for values)",
    )
    add(
        "--optimizer",
        choices=("sgd", "adam"),
        help="who takes the steps: gradient descent with momentum, or Adam (default:"
        f" {_for_each('optimizer')})",
    )
    add(
        "--learning-rate",
        type=number(),
        metavar="X",
        help="η, the learning rate at first (default: 0.015 with adam; with sgd 0.05 for"
        " cross-entropy, 0.01 else)",
    )
    add(
        "--epochs",
        type=whole(1),
        metavar="N",
        help=f"times through the data (default: {FEWEST_EPOCHS}; for tables, as many more as make"
        f" {FEWEST_STEPS} steps)",
    )
    add(
        "--batch-size",
        type=whole(1),
        metavar="N",
        help=f"samples in a step (default: {_for_each('batch_size')})",
    )
    add(
        "--schedule",
        choices=("exponential", "cosine"),
        help="how the learning rate falls: ever more slowly, or to 0 along half a cosine wave"
        f" (default: {_for_each('schedule')})",
    )
    add(
        "--l2",
        type=number(),
        metavar="X",
        help="λ of the penalty λ/2 Σ w² on the weights (default: 0.0; for tables,"
        f" {PENALTY:g} divided by the number of samples to learn from)",
    )
    rates = {
        "--decay": (0.05, "λ: after t epochs the exponential learning rate is η e^(−λt)"),
        "--l1": (0.0, "λ of the penalty λ Σ|w| on the weights"),
    }
    for name, (rate, meaning) in rates.items():
        add(name, type=number(), default=rate, metavar="X", help=f"{meaning} {DEFAULT}")
    add(
        "--momentum",
        type=number(below=1),
        default=0.9,
        metavar="X",
        help=f"what the next step keeps of a step; β₁ of adam, whose β₂ is 0.99 {DEFAULT}",
    )


def _for_each(option: str) -> str:
    """What is meant when an option is not said, for tables and for the rest."""
    shown = (
        str(recipe[option]).strip("[]").replace(" ", "") for recipe in (FOR_TABLES, FOR_OTHERS)
    )
    return "{} for tables of your own, else {}".format(*shown)


def _add_run_options(add: Any) -> None:
    add(
        "--seed",
        type=whole(0),
        default=0,
        metavar="N",
        help="of all that is drawn: on the same machine with as many BLAS threads, the same seed"
        f" gives the same run, bit for bit {DEFAULT}",
    )
    add(
        "--out",
        type=path,
        metavar="FOLDER",
        help="the run folder, which must not be there yet (default: runs/NAME-1, or the next free"
        " number)",
    )
    add(
        "--eager",
        action="store_true",
        help="run each step as it is written, and not as a compiled program (default: compiled)",
    )
    add(
        "--checkpoint-every",
        type=whole(1),
        metavar="N",
        help="after how many steps the run folder gets a checkpoint (default: after each half"
        " minute)",
    )
    add(
        "--threads",
        type=whole(1),
        metavar="N",
        help="how many threads NumPy's matrix products use (default: one in a small network, else"
        " all cores)",
    )
    add("--quiet", action="store_true", help="print only what came out (default: each epoch too)")


def _add_show(commands: Any) -> None:
    command = commands.add_parser(
        "show",
        help="show a run: what was trained, how well it does, and its report",
        description="Show what a run folder holds: the data, the network, how well it does, and"
        " where its report is.",
    )
    command.set_defaults(run=show_run)
    command.add_argument("run_folder", type=path, metavar="RUN", help="a run folder of train")
    command.add_argument(
        "--source",
        action="store_true",
        help="print the page of NumPy that each step of the training ran, and nothing else",
    )
    command.add_argument(
        "--no-open",
        action="store_true",
        help="leave the report where it is (default: open it in a browser, if the output goes to a"
        " terminal)",
    )


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
    add("file", metavar="FILE", type=Path, help=f"the samples: {FILES}")
    add(
        "-o",
        "--out",
        type=path,
        metavar="OUT",
        help="the .csv or .npz file to write, replaced if it is there (default: standard output, as"
        " .csv)",
    )
    add(
        "--target",
        type=column,
        metavar="COLUMN",
        help="the column of targets in a table that has one (default: the last)",
    )


def _add_playground(commands: Any) -> None:
    command = commands.add_parser(
        "playground",
        help="open a page on which a network learns while one watches",
        description="Serve a page on which a network of your choice learns while you watch, and"
        " open it in a browser. Nothing leaves this machine. Ctrl-C ends it.",
    )
    command.set_defaults(run=open_playground)
    add = command.add_argument
    add("--host", default="127.0.0.1", help=f"the address to serve it at {DEFAULT}")
    add("--port", type=whole(0, 65535), default=8765, help=f"the port; 0: a free one {DEFAULT}")
    add("--no-browser", action="store_true", help="open no browser (default: open one)")
