from __future__ import annotations

from benchmarks import footprint
from benchmarks.footprint import import_seconds, megabytes, needed_by, row_of, size_of


def test_a_library_needs_what_it_requires_and_no_extras():
    needed = needed_by("pytest")
    assert {"pytest", "pluggy", "iniconfig"} <= needed
    assert "hypothesis" not in needed


def test_numpy_is_not_counted():
    assert megabytes("numpy") == 0
    assert megabytes("glasswork") == size_of("glasswork") / 1e6 > 0


def test_what_is_imported_is_compiled_once(monkeypatch):
    monkeypatch.setattr(footprint, "FRESH_PROCESSES", 1)
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    assert len(import_seconds("import sys; assert not sys.dont_write_bytecode")) == 1


def test_a_row_has_medians_and_the_range_of_accuracies():
    costs = {
        "MB": [1.25],
        "import": [0.010, 0.012, 0.5],
        "accuracy": [0.97, 0.98, 0.99],
        "seconds": [1.0, 2.0, 9.0],
    }
    assert row_of(costs) == ["1.2", "12", "98.0 (97.0 to 99.0)", "2.00"]
