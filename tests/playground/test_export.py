from __future__ import annotations

import json
import os
import subprocess
import sys
from io import BytesIO
from zipfile import ZipFile

import numpy as np
import pytest

from glasswork import load
from glasswork.playground.export import archive, whole_model
from glasswork.playground.state import State
from glasswork.playground.training import Training
from glasswork.playground.uploads import dataset_of
from glasswork.train import predict

from .trained import material, trained

ADDRESS = "http://127.0.0.1:8765/"


def unpacked(training, folder):
    with ZipFile(BytesIO(archive(training, ADDRESS))) as packed:
        packed.extractall(folder)
    return {path.name for path in folder.iterdir()}


def run(folder, program):
    """What a program prints that is started in a folder, by a Python that knows NumPy alone."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    blocked = "import sys; sys.modules['glasswork'] = None\n"
    done = subprocess.run(
        [sys.executable, "-c", blocked + program],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


@pytest.mark.parametrize(
    "said",
    [
        {"layers": "4", "dropout": 0.2},
        {"data": "moons", "features": "x1,x2,x1sq,sinx1"},
        {"data": "digits", "layers": "8"},
        {"data": "line"},
    ],
)
def test_the_files_give_the_same_outputs_without_glasswork(said, tmp_path):
    training = trained(20, **said)
    raw, x = training.material.test.raw[:9], training.material.test.x[:9]
    assert unpacked(training, tmp_path) == {
        *("README.txt", "model.safetensors", "network.py", "step.npz", "step.py"),
    }
    program = f"""
import json, numpy as np
from network import predict
print(json.dumps(predict(np.array({raw.tolist()}, np.float32)).tolist()))"""
    found = np.array(json.loads(run(tmp_path, program)))
    expected = predict(training.model, x)
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)
    again = predict(load(tmp_path / "model.safetensors"), raw)
    np.testing.assert_allclose(again, expected, rtol=1e-4, atol=1e-5)


def test_the_file_tests_itself(tmp_path):
    unpacked(trained(5), tmp_path)
    done = subprocess.run(
        [sys.executable, "network.py", "--self-test"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0 and "largest relative difference" in done.stdout


def test_the_step_goes_on_learning(tmp_path):
    training = trained(10)
    unpacked(training, tmp_path)
    x, y = training.batch
    program = f"""
import numpy as np
from step import step
x = np.array({x.tolist()}, np.float32); y = np.array({y.tolist()}, np.float32)
print([float(step(x, y)[0]) for _ in range(50)][:: 49])"""
    first, last = json.loads(run(tmp_path, program))
    loss = training.loss(training.model(x), y).item()
    assert first == pytest.approx(loss, rel=1e-4) and last < first


def test_before_the_first_step_there_is_no_page_to_export(tmp_path):
    assert unpacked(trained(), tmp_path) == {"README.txt", "model.safetensors", "network.py"}
    assert "step.py" not in (tmp_path / "README.txt").read_text(encoding="utf-8")


def test_values_are_given_in_their_own_unit():
    rows = "\n".join(f"{i},{i % 7},{1000 + 10 * i}.5" for i in range(40))
    found = material(dataset_of(rows.encode()), data="upload")
    training = Training(State.defaults("upload"), found)
    for _ in range(300):
        training.step()
    raw = found.test.raw
    values = found.values(predict(training.model, found.test.x))
    np.testing.assert_allclose(predict(whole_model(training), raw), values, rtol=1e-4)
    assert values.min() > 900


def test_what_is_exported_is_a_copy():
    training = trained(5)
    model = whole_model(training)
    before = model.state_dict()
    training.step()
    assert all(np.array_equal(before[k], v) for k, v in model.state_dict().items())
    assert training.model.training


def test_the_readme_tells_how_to_use_it_and_what_was_chosen(tmp_path):
    training = trained(30, data="moons", features="x1,x2sq", rate=0.1)
    unpacked(training, tmp_path)
    text = (tmp_path / "README.txt").read_text(encoding="utf-8")
    assert "http://127.0.0.1:8765/#data=moons&features=x1,x2sq&rate=0.1" in text
    assert "import glasswork.playground first" in text
    assert "a logit: above 0 for lower, below for upper" in text
    assert "After 30 steps" in text
    state = json.loads(text[text.index("What was chosen:") + 16 :])
    assert State.of(state) == (training.state, [])
