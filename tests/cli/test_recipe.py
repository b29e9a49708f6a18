"""What is meant when an option is not said, for tables and for the rest."""

from __future__ import annotations

import numpy as np
import pytest

from glasswork.cli.parser import build_parser
from glasswork.cli.recipe import make_optimizer, settle_data, settle_learning
from glasswork.data import Dataset, digits, line, moons
from glasswork.nn import Linear
from glasswork.optim import SGD, Adam


def table(task="classification") -> Dataset:
    y = np.arange(6) % 2 if task == "classification" else np.ones((6, 1))
    classes = ("no", "yes") if task == "classification" else ()
    return Dataset(name="it", x=np.ones((6, 2)), y=y, task=task, classes=classes)


def settled(line: str, dataset: Dataset, samples: int = 1000):
    options = build_parser().parse_args(["train", *line.split()])
    settle_data(options, dataset)
    settle_learning(options, dataset, samples)
    return options


@pytest.mark.parametrize(("name", "dataset"), [("digits", digits()), ("moons", moons(rng=0))])
def test_built_in_data_are_learnt_by_descent_with_momentum(name, dataset):
    options = settled(name, dataset)
    assert (options.optimizer, options.schedule, options.layers) == (
        "sgd",
        "exponential",
        [128, 64],
    )
    assert (options.epochs, options.batch_size, options.l2) == (30, 32, 0)
    assert options.learning_rate == 0.05
    assert settled("line", line(rng=0)).learning_rate == 0.01


def test_so_are_pictures_in_files():
    assert settled("mnist.npz", digits()).optimizer == "sgd"


def test_tables_are_learnt_by_adam():
    options = settled("it.csv", table())
    assert (options.optimizer, options.schedule, options.layers) == ("adam", "cosine", [128])
    assert (options.learning_rate, options.batch_size) == (0.015, 64)


@pytest.mark.parametrize(("samples", "epochs"), [(10, 200), (64, 200), (65, 100), (10_000, 30)])
def test_the_fewer_samples_a_table_has_the_more_epochs_it_gets(samples, epochs):
    assert settled("it.csv", table(), samples).epochs == epochs


def test_the_fewer_samples_a_table_has_the_higher_is_the_penalty():
    assert settled("it.csv", table(), samples=600).l2 == pytest.approx(0.01)


def test_what_is_said_is_done():
    said = "it.csv --optimizer sgd --epochs 7 --l2 0 --layers none --batch-size 5"
    options = settled(said, table("regression"))
    assert (options.optimizer, options.epochs, options.l2) == ("sgd", 7, 0)
    assert (options.layers, options.batch_size, options.learning_rate) == ([], 5, 0.01)


def test_a_cosine_ends_where_it_was_to_end(glasswork, capsys):
    np.savetxt("it.csv", np.arange(60).reshape(20, 3) % 7, delimiter=",")
    assert glasswork("train it.csv --epochs 2 --quiet --out run") == 0
    assert glasswork("train --resume run --epochs 2 --quiet") == 0
    assert glasswork("train --resume run --epochs 3 --quiet") == 2
    error = capsys.readouterr().err
    assert "--epochs is 3, and the learning rate of this run falls to 0 within 2." in error
    assert glasswork("train it.csv --epochs 2 --schedule exponential --quiet --out other") == 0
    assert glasswork("train --resume other --epochs 3 --quiet") == 0


def test_pictures_alone_are_not_scaled():
    assert settled("digits", digits()).scaling == "none"
    assert settled("it.csv", table()).scaling == "standard"
    assert settled("it.csv --scaling none", table()).scaling == "none"


def test_the_optimizer_is_the_one_that_was_asked_for():
    model = Linear(2, 1)
    adam = make_optimizer(model, settled("it.csv --momentum 0.5 --l1 0.25", table()), batches=4)
    assert isinstance(adam, Adam)
    assert adam.current_learning_rate == 0.015
    sgd = make_optimizer(model, settled("it.csv --optimizer sgd", table()), batches=4)
    assert isinstance(sgd, SGD)
    assert sgd.current_learning_rate == 0.05
