"""The figures of docs/threads.md come from steps that learn, timed in turns."""

from __future__ import annotations

from benchmarks import threads


def test_a_step_is_timed_by_its_median_its_least_and_the_processors_time():
    step = threads.step_of((2, 4, 2), 8)
    middle, least, busy = threads.turn(step, seconds=0.01)
    assert 0 < least <= middle
    assert busy > 0


def test_all_networks_are_in_the_table(monkeypatch, capsys):
    monkeypatch.setattr(threads, "NETWORKS", [((2, 4, 2), 8), ((3, 5, 2), 4)])
    monkeypatch.setattr("sys.argv", ["threads", "--rounds", "2", "--seconds", "0.001"])
    threads.main()
    printed = capsys.readouterr().out
    assert "| 2-4-2, 8" in printed and "| 3-5-2, 4" in printed
