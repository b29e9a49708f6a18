"""The benchmark of tables gives both contenders the same files."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.tabular import CONTENDERS, Turn, folder_of_its_own, folds, rows_of, write

pytestmark = pytest.mark.peers
metrics = pytest.importorskip("sklearn.metrics")
pytest.importorskip("pandas")


@pytest.mark.parametrize("contender", CONTENDERS)
def test_each_contender_learns_a_table_of_classes_and_one_of_values(contender, rng, tmp_path):
    x = rng.normal(3, 2, (60, 3))
    kinds, values = (x[:, 0] > 3).astype(int), 500 + 100 * x[:, 1]
    for y, score in ((kinds, metrics.accuracy_score), (values, metrics.r2_score)):
        with folder_of_its_own():
            write(tmp_path.cwd() / "train.csv", x, y)
            write(tmp_path.cwd() / "test.csv", x, y)
            turn = CONTENDERS[contender](y, score)
        assert turn.score > (0.8 if y is kinds or contender == "Glasswork" else -100)
        assert 0 < turn.learning < turn.all_in_all


def test_every_sample_is_tested_on_once():
    tested = [part for _, part in folds(np.zeros((20, 1)), np.arange(20) % 2, seed=0)]
    assert sorted(np.concatenate(tested)) == list(range(20))


def test_scores_are_means_and_seconds_are_of_one_cross_validation():
    turns = {c: [Turn(0.5, 1.0, 2.0), Turn(1.0, 3.0, 4.0)] for c in CONTENDERS}
    first, together = rows_of({"it": turns}, seeds=2)
    assert first == ["it", "0.7500", "0.7500", "2.00", "2.00", "3.00", "3.00"]
    assert together == ["together", "", "", "2.00", "2.00", "3.00", "3.00"]
