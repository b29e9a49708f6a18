"""Networks of the playground, for tests that look at one."""

from __future__ import annotations

from typing import Any

from glasswork.data import Dataset
from glasswork.playground.material import Material, prepare
from glasswork.playground.state import State
from glasswork.playground.training import Training


def material(upload: Dataset | None = None, **said: Any) -> Material:
    """The samples of a state."""
    state, complaints = State.of(said)
    assert not complaints
    return prepare(state, upload)


def trained(steps: int = 0, **said: Any) -> Training:
    """The network of a state after some steps."""
    state, complaints = State.of(said)
    assert not complaints
    training = Training(state, prepare(state))
    for _ in range(steps):
        assert training.step()
    return training
