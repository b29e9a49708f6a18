"""Models as one file of C."""

from __future__ import annotations

import subprocess

import numpy as np
import pytest

import glasswork as gw
from glasswork.errors import OptionError

from .running import COMPILERS, as_csv, compile_c, run_c
from .stacks import stack, table

needs_compiler = pytest.mark.skipif(not COMPILERS, reason="there is no C compiler here")


@needs_compiler
@pytest.mark.parametrize("seed", range(20))
def test_a_stack_of_layers_predicts_the_same(seed, tmp_path):
    model, x = stack(seed)
    gw.export.c(model, tmp_path / "model.c", x)
    expected = model.eval()(x).els
    found = run_c(tmp_path / "model.c", x, expected.shape[1])
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)


@needs_compiler
def test_digits_are_read_the_same(reader, tmp_path):
    x = gw.data.digits().x
    gw.export.c(reader, tmp_path / "digits.c", x[:5])
    found = run_c(tmp_path / "digits.c", x, 10).argmax(axis=1)
    assert (found == reader(x).els.argmax(axis=1)).all()


@needs_compiler
def test_a_network_for_tables_takes_raw_rows(tmp_path):
    model, x = table()
    gw.export.c(model, tmp_path / "table.c", x)
    found = run_c(tmp_path / "table.c", x, 2)
    np.testing.assert_allclose(found, model(x).els, rtol=1e-5, atol=1e-6)


@needs_compiler
def test_without_an_example_rows_are_drawn(reader, tmp_path):
    gw.export.c(reader, tmp_path / "digits.c")
    x = gw.data.digits().x[:5]
    np.testing.assert_allclose(run_c(tmp_path / "digits.c", x, 10), reader(x).els, rtol=1e-4)


@pytest.fixture(scope="module")
def compiled(tmp_path_factory):
    """A small model, rows for it, and its program by each compiler."""
    folder = tmp_path_factory.mktemp("programs")
    model = gw.Sequential(gw.Linear(3, 2, rng=0), gw.Softmax()).eval()
    rows = np.random.default_rng(0).normal(size=(5, 3)).astype(np.float32)
    gw.export.c(model, folder / "model.c", rows)
    for i, compiler in enumerate(COMPILERS):
        output = folder / f"model{i}"
        compile_c(folder / "model.c", output, "-O2", "-DGLASSWORK_MAIN", compiler=compiler)
    return model, rows, [folder / f"model{i}" for i in range(len(COMPILERS))]


@needs_compiler
def test_the_program_tests_itself(compiled):
    for path in compiled[2]:
        run = subprocess.run([path, "--self-test"], capture_output=True, text=True, check=True)
        assert run.stdout.startswith("largest relative difference: ")


@needs_compiler
def test_the_program_reads_rows_and_prints_outputs(compiled):
    model, rows, paths = compiled
    for path in paths:
        run = subprocess.run(path, input=as_csv(rows), capture_output=True, text=True, check=True)
        found = np.array([line.split(",") for line in run.stdout.splitlines()], float)
        np.testing.assert_allclose(found, model(rows).els, rtol=1e-6)


@needs_compiler
@pytest.mark.parametrize("line", ["1,2\n", "1,2,blue\n", "1 2 3\n"])
def test_lines_that_are_no_rows_are_refused(line, compiled):
    run = subprocess.run(compiled[2][0], input=line, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (1, "This is no row of 3 numbers.\n")


def test_one_input_is_taken(tmp_path):
    x = np.ones((2, 2))
    with pytest.raises(OptionError, match="the model has 2 inputs, and one is taken"):
        gw.export.c(lambda a, b: a + b, tmp_path / "model.c", (x, x))
