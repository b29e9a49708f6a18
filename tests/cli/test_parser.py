from __future__ import annotations

import re

import numpy as np
import pytest

import glasswork
from glasswork.cli.parser import build_parser

COMMANDS = ["train", "predict", "datasets"]


def printed(capsys, *arguments: str) -> str:
    with pytest.raises(SystemExit) as end:
        build_parser().parse_args(arguments)
    assert end.value.code == 0
    return capsys.readouterr().out


def options_of(command: str) -> list:
    (commands,) = (a for a in build_parser()._actions if a.dest == "command")
    return [a for a in commands.choices[command]._actions if a.option_strings and a.dest != "help"]


@pytest.mark.parametrize("command", COMMANDS)
def test_help_states_the_default_of_every_option(command, capsys):
    help_text = " ".join(printed(capsys, command, "--help").split())
    for option in options_of(command):
        *_, told = re.split(rf"{option.option_strings[-1]}\b", help_text, maxsplit=2)
        assert "(default: " in told.split(" --")[0], option.dest


def test_the_defaults_are_those_that_help_states(capsys):
    help_text = printed(capsys, "train", "--help")
    options = build_parser().parse_args(["train", "digits"])
    for option in options_of("train"):
        if isinstance(option.default, int | float) and not isinstance(option.default, bool):
            assert f"(default: {getattr(options, option.dest)})" in " ".join(help_text.split())


def test_help_states_the_defaults_that_rest_on_the_data(capsys):
    help_text = " ".join(printed(capsys, "train", "--help").split())
    for shown in (
        "128 for tables of your own, else 128,64",
        "adam for tables of your own, else sgd",
    ):
        assert f"(default: {shown})" in help_text
    options = build_parser().parse_args(["train", "digits"])
    assert options.layers is options.optimizer is options.epochs is options.l2 is None


def test_help_of_predict_says_that_it_replaces_a_file(capsys):
    assert "replaced if it is there" in " ".join(printed(capsys, "predict", "--help").split())


def test_help_lists_the_commands(capsys):
    assert all(command in printed(capsys, "--help") for command in COMMANDS)


def test_version_tells_what_is_at_work(capsys):
    said = printed(capsys, "--version")
    assert said.startswith(f"glasswork {glasswork.__version__}, numpy {np.__version__}, python 3.")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "glasswork: error: the following arguments are required: COMMAND"),
        (["train"], "glasswork train: error: one of the arguments DATA --resume is required"),
        (["train", "digits", "--resume", "run"], "--resume: not allowed with argument DATA"),
        (["learn"], "glasswork: error: argument COMMAND: invalid choice: 'learn'"),
        (
            ["train", "digits", "--epochs", "0"],
            "argument --epochs: '0' is not a whole number from 1",
        ),
        (["train", "digits", "--momentum", "1"], "argument --momentum: '1' is not a number from 0"),
        (["train", "digits", "--optimizer", "x"], "argument --optimizer: invalid choice: 'x'"),
        (["train", "digits", "--layers", "a"], "argument --layers: 'a' is not a whole number"),
        (["train", "digits", "--loss", "l2"], "argument --loss: invalid choice: 'l2'"),
        (["train", "digits", "--out", ""], "argument --out: '' is not a path"),
        (["predict", "run", "x.csv", "--out", " "], "argument -o/--out: ' ' is not a path"),
        (["train", "digits", "--bogus"], "there is no --bogus (see glasswork train --help)"),
        (
            ["predict", "run"],
            "glasswork predict: error: the following arguments are required: FILE",
        ),
    ],
)
def test_a_wrong_option_ends_with_2_and_one_line_that_names_it(arguments, message, capsys):
    with pytest.raises(SystemExit) as end:
        build_parser().parse_args(arguments)
    assert end.value.code == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1


@pytest.mark.parametrize(
    ("said", "meant"), [("--lr", "--learning-rate"), ("--epoch-s", "--epochs")]
)
def test_of_an_option_that_is_none_a_like_one_is_told(said, meant, capsys):
    with pytest.raises(SystemExit):
        build_parser().parse_args(["train", "digits", said, "1"])
    assert f"there is no {said}; did you mean {meant}?" in capsys.readouterr().err
