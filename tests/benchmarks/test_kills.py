from __future__ import annotations

from benchmarks.kills import survive


def test_trainings_that_are_killed_twenty_times_end_bit_for_bit_the_same(tmp_path):
    assert survive(tmp_path, kills=20, seed=0, say=lambda line: None) >= 1
