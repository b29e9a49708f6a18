"""One number tells whether any attribute of any module has changed."""

from __future__ import annotations

import numpy as np
import pytest

from glasswork import Module, Parameter
from glasswork.nn import BatchNorm, Dropout, Linear, Sequential
from glasswork.nn.changes import changes, take_back


def add(model):
    model.more = Parameter([1.0])


def replace(model):
    model.children[1].probability = 0.25


def delete(model):
    del model.children[0].bias


def switch(model):
    model.eval()


@pytest.fixture
def model():
    return Sequential(Linear(2, 3, rng=0), Dropout(0.5, rng=0), BatchNorm(3))


@pytest.mark.parametrize("change", [add, replace, delete, switch])
def test_an_attribute_that_is_set_or_deleted_changes_the_number(model, change):
    before = changes()
    change(model)
    assert changes() != before


def test_a_number_never_comes_again():
    module, seen = Module(), {changes()}
    for value in (1, 2, 1):
        module.value = value
        seen.add(changes())
    assert len(seen) == 4


def test_what_a_model_does_changes_nothing(model):
    before = changes()
    model(np.ones((4, 2), np.float32)).sum().backward()
    model.load_state_dict(model.state_dict())
    model.train()
    assert changes() == before


def test_changes_that_were_undone_can_be_taken_back(model):
    before = changes()
    model.eval()
    latest = changes()
    take_back(before, latest)
    assert changes() == before
    model.more = 1
    assert changes() not in (before, latest)


def test_but_not_if_there_were_others_meanwhile(model):
    before = changes()
    model.eval()
    latest = changes()
    model.more = 1
    last = changes()
    take_back(before, latest)
    assert changes() not in (before, latest, last)
