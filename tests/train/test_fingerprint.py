from __future__ import annotations

import numpy as np
import pytest

from glasswork.data import Batches
from glasswork.errors import StateError
from glasswork.nn import MSE, Dropout, Linear, Sequential
from glasswork.optim import SGD, Adam, cosine
from glasswork.train.fingerprint import check, words_of

X, Y = np.arange(200.0).reshape(100, 2), np.arange(100)


def weights():
    return Linear(2, 1, rng=0).parameters()


ALIKE = {
    "a model": lambda: Sequential(Linear(2, 3), Dropout(0.5)),
    "a loss": MSE,
    "a function": lambda: words_of,
    "an optimizer": lambda: SGD(weights(), 0.1),
    "an optimizer with a function": lambda: SGD(weights(), lambda step: 0.1),
    "data": lambda: Batches(X, Y),
    "a list": lambda: [(X, Y), (X, Y)],
    "nothing": lambda: None,
}
DIFFERENT = [
    (Sequential(Linear(2, 3)), Sequential(Linear(3, 2))),
    (Dropout(0.5), Dropout(0.25)),
    (Linear(2, 3), Linear(2, 3).astype(float)),
    (MSE(), MSE("sum")),
    (SGD(weights(), 0.1), SGD(weights(), 0.2)),
    (SGD(weights(), 0.1), SGD(weights(), 0.1, momentum=0.5)),
    (SGD(weights(), 0.1), Adam(weights(), 0.1)),
    (SGD(weights(), cosine(0.1, steps=5)), SGD(weights(), cosine(0.1, steps=6))),
    (Batches(X, Y), Batches(X, Y, batch_size=5)),
    (Batches(X, Y), Batches(X, Y, shuffle=False)),
    (Batches(X, Y), Batches(X, -Y)),
    (Batches(X, Y), Batches(X.astype(np.float32), Y)),
    (Batches(X, Y), Batches(X[::-1], Y[::-1])),
    ([1], [1, 2]),
    (Batches(X, Y), None),
]


@pytest.mark.parametrize("make", ALIKE.values(), ids=ALIKE)
def test_what_is_made_twice_has_the_same_words(make):
    assert words_of(make()) == words_of(make())


@pytest.mark.parametrize(("one", "other"), DIFFERENT, ids=range(len(DIFFERENT)))
def test_what_differs_has_other_words(one, other):
    assert words_of(one) != words_of(other)


def test_each_difference_is_told_with_both_sides():
    with pytest.raises(StateError) as caught:
        check("run", {"model": "a", "loss": "b", "data": "c"}, {"model": "a", "loss": "d\ne"})
    assert str(caught.value) == (
        "fit: the checkpoint in run is of another training; nothing has been changed.\n"
        "  loss: it is of\n    b\n  and here is\n    d\n    e\n"
        "  data: it is of\n    c\n  and here is\n    nothing\n"
        "  Build everything as it was, or pass another folder to begin a new training."
    )
