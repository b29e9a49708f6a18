from __future__ import annotations

from glasswork.data import DATASETS


def test_each_built_in_dataset_has_a_line_that_says_what_it_is(glasswork, capsys):
    assert glasswork("datasets") == 0
    printed = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in printed[1 : len(DATASETS) + 1]] == list(DATASETS)
    assert printed[1].split()[:5] == ["digits", "1,797", "64", "10", "classes"]
    assert " ".join(printed).endswith("as MNIST and Fashion-MNIST are published.")
