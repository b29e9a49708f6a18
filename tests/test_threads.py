"""The threads of BLAS are limited within a block, and what they were after it."""

from __future__ import annotations

import sys
from importlib import import_module

import numpy as np
import pytest

from glasswork.errors import MissingExtraError, OptionError

module = import_module("glasswork.threads")  # glasswork.threads itself is the function in it

threadpoolctl = pytest.importorskip("threadpoolctl")


def used():
    pools = threadpoolctl.threadpool_info()
    return max(pool["num_threads"] for pool in pools if pool["user_api"] == "blas")


@pytest.fixture
def several():
    """As many threads as there are cores, or at least two, as far as BLAS lets itself be told."""
    with threadpoolctl.threadpool_limits(2):
        module._controller.cache_clear()
        if used() < 2:
            pytest.skip("BLAS has a single thread here")
        yield
    module._controller.cache_clear()


def test_threads_are_limited_within_the_block_only(several):
    with module.threads(1):
        assert used() == 1
        assert (np.ones((9, 9)) @ np.ones((9, 9)))[0, 0] == 9
    assert used() == 2


def test_they_are_given_back_after_an_error(several):
    with pytest.raises(KeyError), module.threads(1):
        raise KeyError
    assert used() == 2


def test_more_than_there_are_stay_what_they_are(several):
    with module.threads(1000):
        assert used() == 2


@pytest.mark.parametrize(
    ("multiplications", "number", "expected"),
    [
        (module.SMALL, None, 1),
        (module.SMALL + 1, None, 2),
        (None, None, 2),
        (None, 1, 1),
        (1, 2, 2),
    ],
)
def test_one_thread_is_chosen_for_small_products(several, multiplications, number, expected):
    with module.threads_for(multiplications, number):
        assert used() == expected


@pytest.mark.parametrize("number", [0, -1, 1.5, "all", True])
def test_what_is_no_number_of_threads_is_refused(number):
    with pytest.raises(OptionError, match="threads: the number is"), module.threads(number):
        pass


def test_without_threadpoolctl_nothing_is_chosen_and_a_number_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "threadpoolctl", None)
    module._controller.cache_clear()
    with module.threads_for(1):
        pass
    refused = pytest.raises(MissingExtraError, match=r"threadpoolctl(?s:.*)glasswork\[threads\]")
    with refused, module.threads_for(1, 1):
        pass
    module._controller.cache_clear()
