from __future__ import annotations

from contextlib import ExitStack, closing

import pytest

from benchmarks import inference, ops, steps
from benchmarks.network import RULES, Network
from benchmarks.rounds import Effort
from benchmarks.worker import Worker

NAMES = ("by_hand", "glasswork_eager")
SHORT = Effort(rounds=2, seconds=0.001)


@pytest.fixture(scope="module")
def workers():
    with ExitStack() as stack:
        yield [stack.enter_context(closing(Worker(name))) for name in NAMES]


def test_ops_tells_what_recording_adds_to_the_raw_calls(workers, capsys):
    results = ops.measure(workers, SHORT)
    raw, beyond = capsys.readouterr().out.split("and beyond that")
    assert "2 contenders agree" in raw
    assert "NumPy by hand" in raw
    assert "Glasswork eager" in beyond
    assert {job: set(figures) for job, figures in results.items()} == {
        "record": set(NAMES),
        "differentiate": set(NAMES),
    }


def test_steps_gives_a_figure_a_round_and_a_table_of_all_networks(workers, capsys):
    grid = (Network((2, 4, 2), 8), Network((3, 2), 1))
    results = steps.measure(workers, grid, RULES["sgd"], SHORT)
    assert [len(figures[name]) for figures in results.values() for name in NAMES] == [2, 2, 2, 2]
    heading = "| contender       | 2-4-2, batch 8 | 3-2, batch 1 |"
    assert heading in capsys.readouterr().out


def test_inference_gives_a_figure_a_round_and_a_table(workers, capsys):
    figures = inference.measure(workers, SHORT, Network((3, 4, 2), 1))
    assert [len(figures[name]) for name in NAMES] == [2, 2]
    assert "| NumPy by hand   |" in capsys.readouterr().out
