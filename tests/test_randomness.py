"""Seeds, the default generator, and threads that do not disturb each other."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import numpy as np
import pytest

from glasswork.errors import OptionError
from glasswork.randomness import generator, seed


def test_the_same_seed_gives_the_same_numbers():
    seed(3)
    first = generator().random(5)
    seed(3)
    assert (generator().random(5) == first).all()


def test_the_default_generator_goes_on_where_it_stopped():
    seed(3)
    assert generator() is generator()
    assert generator().random() != generator().random()


def test_a_number_makes_a_new_generator_each_time():
    assert generator(5) is not generator(5)
    assert generator(5).random() == generator(np.int64(5)).random()


def test_a_generator_is_itself(rng):
    assert generator(rng) is rng


def test_numpys_global_state_is_left_alone():
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    seed(0)
    generator().random(10)
    assert (np.random.get_state()[1] == before).all()  # noqa: NPY002


def test_a_new_thread_starts_unseeded_with_a_generator_of_its_own():
    seed(0)
    with ThreadPoolExecutor(1) as pool:
        theirs = pool.submit(generator).result()
    assert theirs is not generator()
    assert theirs.random() != np.random.default_rng(0).random()


def test_threads_that_seed_at_the_same_time_do_not_disturb_each_other():
    everyone = Barrier(4)

    def draw(n: int) -> np.ndarray:
        seed(n)
        everyone.wait()
        return np.stack([generator().random() for _ in range(100)])

    with ThreadPoolExecutor(4) as pool:
        drawn = list(pool.map(draw, range(4)))
    for n, numbers in enumerate(drawn):
        assert (numbers == np.random.default_rng(n).random(100)).all()


@pytest.mark.parametrize("wrong", [-1, 0.5, "0", np.random], ids=repr)
def test_what_is_no_seed_is_refused_by_name(wrong):
    with pytest.raises(OptionError, match="is no seed and no Generator") as error:
        generator(wrong)
    assert repr(wrong) in str(error.value)
    assert "numpy.random.default_rng" in str(error.value)
    with pytest.raises(OptionError, match="is no seed"):
        seed(wrong)


def test_none_seeds_nothing():
    with pytest.raises(OptionError, match="None is no seed"):
        seed(None)
