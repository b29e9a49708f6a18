from __future__ import annotations

import numpy as np
import pytest

import glasswork as gw
from glasswork.data import Batches
from glasswork.nn import Dropout, Sequential
from glasswork.train import generators


class Noisy:
    """Samples with noise of its own."""

    def __init__(self) -> None:
        self.rng = np.random.default_rng(0)

    def __len__(self) -> int:
        return 4

    def __getitem__(self, index: int):
        return self.rng.normal(size=2)


def places(**sources) -> list[str]:
    return list(generators.generators(sources))


def test_the_default_generator_is_always_there():
    assert places() == ["default"]


def test_generators_of_layers_batches_and_sources_of_samples_are_found():
    model = Sequential(Dropout(rng=0), Sequential(Dropout(rng=1)), Dropout())
    found = places(model=model, data=Batches(Noisy(), rng=3), validation=None)
    assert found == ["default", "model.0._rng", "model.1.0._rng", "data._take.0.rng", "data.rng"]


def test_a_list_of_batches_holds_no_generator():
    assert places(data=[(np.ones(2), np.ones(2))]) == ["default"]


KINDS = ["PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_generator_of_any_kind_goes_on_from_a_state_that_was_in_a_file(kind, tmp_path):
    from glasswork.saving.states import read_state, write_state

    generator = np.random.Generator(getattr(np.random, kind)(5))
    sources = {"model": Dropout(rng=generator)}
    generator.random(3, np.float32)  # leaves half a draw behind
    write_state(tmp_path / "state", generators.states(sources))
    drawn = generator.random(9, np.float32)
    generators.restore(sources, read_state(tmp_path / "state"))
    assert generator.random(9, np.float32).tolist() == drawn.tolist()


def test_the_default_generator_goes_on():
    gw.seed(3)
    known = generators.states({})
    drawn = gw.randomness.generator().random()
    generators.restore({}, known)
    assert gw.randomness.generator().random() == drawn
