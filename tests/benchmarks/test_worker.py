from __future__ import annotations

from contextlib import closing

import numpy as np
import pytest

from benchmarks.network import Network
from benchmarks.worker import ContenderError, Worker, seconds_of, start_chain


@pytest.fixture(scope="module")
def worker():
    with closing(Worker("by_hand")) as worker:
        yield worker


def test_a_contender_introduces_itself(worker):
    assert worker.title == "NumPy by hand"
    assert worker.versions == {"numpy": np.__version__}


def test_a_job_that_was_started_can_be_timed(worker):
    ones = np.ones(3, np.float32)
    np.testing.assert_array_equal(worker.ask(start_chain, ones, 2 * ones, 4), 16 * ones)
    assert worker.ask(seconds_of, "record", 0.001) > 0


def test_what_goes_wrong_in_the_process_is_told_in_one_line(worker):
    with pytest.raises(ContenderError, match=r"^KeyError: 'no such job'$"):
        worker.ask(seconds_of, "no such job", 0.001)


def test_a_contender_that_is_not_there_is_told_by_name():
    with pytest.raises(ContenderError, match=r"No module named .*nobody"):
        Worker("nobody")


def test_the_batches_are_the_same_at_every_call():
    network = Network((3, 2), 4)
    (x, labels), (x_again, labels_again) = next(network.batches()), next(network.batches())
    np.testing.assert_array_equal(x, x_again)
    np.testing.assert_array_equal(labels, labels_again)
