"""Models as one file of Python, with NumPy and without."""

from __future__ import annotations

import ast

import numpy as np
import pytest

import glasswork as gw
from glasswork.errors import OptionError, UnsupportedError
from glasswork.export.names import Names

from .running import as_csv, program, run_lists, run_numpy
from .stacks import stack, table


@pytest.fixture
def small() -> gw.Sequential:
    return gw.Sequential(gw.Linear(3, 2, rng=0), gw.BatchNorm(2), gw.Tanh()).eval()


@pytest.fixture
def rows(rng) -> np.ndarray:
    return rng.normal(size=(5, 3)).astype(np.float32)


@pytest.mark.parametrize("seed", range(60))
def test_a_stack_of_layers_predicts_the_same_in_numpy(seed, tmp_path):
    model, x = stack(seed)
    gw.export.python(model, tmp_path / "model.py", x)
    expected = model.eval()(x).els
    found = run_numpy(tmp_path / "model.py", x)
    assert found.dtype == expected.dtype
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("seed", range(60))
def test_a_stack_of_layers_predicts_the_same_in_plain_python(seed, tmp_path):
    model, x = stack(seed)
    gw.export.python(model, tmp_path / "model.py", x, stdlib=True)
    found = run_lists(tmp_path / "model.py", x)
    np.testing.assert_allclose(found, model.eval()(x).els, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("stdlib", [False, True])
def test_digits_are_read_the_same(stdlib, reader, tmp_path):
    x = gw.data.digits().x
    gw.export.python(reader, tmp_path / "digits.py", x[:5], stdlib)
    run = run_lists if stdlib else run_numpy
    found = run(tmp_path / "digits.py", x).argmax(axis=1)
    assert (found == reader(x).els.argmax(axis=1)).all()


@pytest.mark.parametrize("stdlib", [False, True])
@pytest.mark.parametrize("make", [stack, lambda seed: table()], ids=["stack", "table"])
def test_without_an_example_rows_are_drawn(make, stdlib, tmp_path):
    model, x = make(4)
    gw.export.python(model, tmp_path / "model.py", stdlib=stdlib)
    found = (run_lists if stdlib else run_numpy)(tmp_path / "model.py", x.astype(np.float32))
    np.testing.assert_allclose(found, model.eval()(x).els, rtol=1e-4, atol=1e-5)
    assert program(tmp_path / "model.py")("--self-test").returncode == 0


@pytest.mark.parametrize("model", [gw.Sequential(gw.ReLU()), lambda x: x + 1], ids=["net", "f"])
def test_where_no_layer_knows_the_width_of_a_row_an_example_is_asked_for(model, tmp_path):
    with pytest.raises(OptionError, match=r"how many numbers a row has.*\n.*\n  Pass a few rows"):
        gw.export.python(model, tmp_path / "model.py")


@pytest.mark.parametrize("stdlib", [False, True])
def test_a_network_for_tables_takes_raw_rows(stdlib, tmp_path):
    model, x = table()
    gw.export.python(model, tmp_path / "table.py", x, stdlib)
    found = (run_lists if stdlib else run_numpy)(tmp_path / "table.py", x)
    np.testing.assert_allclose(found, model(x).els, rtol=1e-5, atol=1e-6)
    assert program(tmp_path / "table.py")("--self-test").returncode == 0


@pytest.mark.parametrize("stdlib", [False, True])
def test_the_file_tests_itself(stdlib, small, rows, tmp_path):
    path = tmp_path / "model.py"
    gw.export.python(small, path, rows, stdlib)
    run = program(path, *(["-I", "-S"] if stdlib else []))("--self-test")
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.startswith("largest relative difference: ")


@pytest.mark.parametrize("stdlib", [False, True])
def test_a_file_with_another_weight_fails_its_test(stdlib, small, rows, tmp_path):
    path = tmp_path / "model.py"
    gw.export.python(small, path, rows, stdlib)
    text = path.read_text()
    weight = str(small[0].weights.els[0, 0])
    assert text.count(weight) == 1
    path.write_text(text.replace(weight, "0.5"))
    run = program(path)("--self-test")
    assert run.returncode == 1
    assert run.stderr == "These are not the outputs of the network.\n"


@pytest.mark.parametrize("stdlib", [False, True])
def test_rows_come_in_and_outputs_go_out_as_csv(stdlib, small, rows, tmp_path):
    path = tmp_path / "model.py"
    gw.export.python(small, path, rows, stdlib)
    run = program(path)(stdin=as_csv(rows))
    found = np.array([line.split(",") for line in run.stdout.splitlines()], float)
    np.testing.assert_allclose(found, small(rows).els, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("stdlib", [False, True])
def test_lines_that_are_no_rows_are_named(stdlib, small, rows, tmp_path):
    gw.export.python(small, tmp_path / "model.py", rows, stdlib)
    run = program(tmp_path / "model.py")
    for line, message in (("1,2\n", "A row has 3 numbers"), ("1,2,blue\n", " of numbers: ")):
        found = run(stdin=line)
        assert found.returncode == 1 and message in found.stderr
        assert "Traceback" not in found.stderr


@pytest.mark.parametrize("stdlib", [False, True])
def test_a_network_of_float16_passes_its_own_test(stdlib, small, rows, tmp_path):
    gw.export.python(small.astype(np.float16), tmp_path / "model.py", rows, stdlib)
    assert program(tmp_path / "model.py")("--self-test").returncode == 0


@pytest.mark.parametrize("form", ["python", "c"])
def test_the_same_network_gives_the_same_file(form, small, rows, tmp_path):
    paths = [tmp_path / folder / "model" for folder in ("first", "second")]
    for path in paths:
        path.parent.mkdir()
        getattr(gw.export, form)(lambda x: 2 * small(x), path, rows)
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_each_op_has_a_line_and_each_module_a_comment(small, rows, tmp_path):
    gw.export.python(small, tmp_path / "model.py", rows)
    body = (tmp_path / "model.py").read_text().partition('(rows, 3)."""\n')[2].partition("\n\n")[0]
    assert (
        body
        == """\
    x = np.asarray(x, np.float32)
    # model.0 Linear(3, 2)
    linear_0_matmul = x @ linear_0_weights
    linear_0 = linear_0_matmul + linear_0_biases
    # model.1 BatchNorm(2)
    batch_norm_1_subtract = linear_0 - batch_norm_1_running_mean
    batch_norm_1_divide = batch_norm_1_subtract / batch_norm_1_sqrt
    batch_norm_1_multiply = batch_norm_1_divide * batch_norm_1_scale
    batch_norm_1 = batch_norm_1_multiply + batch_norm_1_shift
    # model.2 Tanh()
    tanh_2 = np.tanh(batch_norm_1)
    return tanh_2
"""[:-1]
    )


def test_plain_python_imports_nothing_but_python(small, rows, tmp_path):
    gw.export.python(small, tmp_path / "model.py", rows, stdlib=True)
    tree = ast.parse((tmp_path / "model.py").read_text())
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {i.module if isinstance(i, ast.ImportFrom) else i.names[0].name for i in imports}
    assert names <= {"base64", "itertools", "math", "operator", "struct", "sys"}


def test_a_loss_of_two_inputs_is_a_function_of_two(tmp_path, rng):
    model, loss = gw.Linear(3, 2, rng=0), gw.CrossEntropy()
    x, y = rng.normal(size=(6, 3)).astype(np.float32), rng.integers(0, 2, 6)
    gw.export.python(lambda x, y: loss(model(x), y), tmp_path / "loss.py", (x, y))
    found = run_numpy(tmp_path / "loss.py", x, y)
    np.testing.assert_allclose(found, loss(model(x), y).els, rtol=1e-6)


def test_a_loss_is_refused_where_rows_go_one_by_one(tmp_path, rng):
    with pytest.raises(UnsupportedError, match="depends on the rows beside it"):
        gw.export.python(
            lambda x: x - x.mean(axis=0), tmp_path / "m.py", rng.normal(size=(4, 2)), stdlib=True
        )


def test_names_of_the_files_own_functions_are_not_given_to_values(tmp_path, rng):
    class Gate(gw.Module):
        def __init__(self):
            self.sigmoid, self.y, self.max, self.np = gw.Sigmoid(), gw.Tanh(), gw.ReLU(), gw.SiLU()

        def forward(self, x):
            return self.np(self.max(self.y(self.sigmoid(x))))

    x = rng.normal(size=(4, 2)).astype(np.float32)
    for stdlib, run in ((False, run_numpy), (True, run_lists)):
        gw.export.python(Gate(), tmp_path / "gate.py", x, stdlib)
        np.testing.assert_allclose(run(tmp_path / "gate.py", x), Gate()(x).els, rtol=1e-5)


@pytest.mark.parametrize("name", ["math", "mul", "accumulate"])
def test_names_that_the_files_import_are_not_given_to_values(name, rows, tmp_path):
    class Shifted(gw.Module):
        def __init__(self):
            self.layer = gw.Linear(3, 3, rng=0)
            setattr(self, name, gw.Parameter(np.ones(3, np.float32)))

        def forward(self, x):
            shifted = gw.functional.gelu(self.layer(x)) + getattr(self, name)
            return gw.functional.cumsum(shifted, axis=1)

    gw.export.python(Shifted(), tmp_path / "shifted.py", rows, stdlib=True)
    assert program(tmp_path / "shifted.py")("--self-test").returncode == 0


@pytest.mark.parametrize("form", ["numpy_lines", "list_lines", "c_lines"])
def test_every_helper_of_a_file_keeps_its_name(form):
    functions = __import__(f"glasswork.export.{form}", fromlist=["FUNCTIONS"]).FUNCTIONS
    assert all(Names().take(name) != name for name in functions)
