"""Files that torch wrote are read without it; scripts/torch_files.py made those of this folder."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from glasswork.errors import DataError
from glasswork.saving import write_safetensors
from glasswork.saving.pytorch import read_pytorch

FILES = Path(__file__).parent / "files"
BOTH = pytest.mark.parametrize("name", ["archive.pt", "sequence.pt"])


@BOTH
def test_layers_are_read_by_pytorchs_names(name):
    arrays = read_pytorch(FILES / name)
    np.testing.assert_array_equal(arrays["0.weight"], np.float32([[0, 1, 2], [3, 4, 5]]))
    np.testing.assert_array_equal(arrays["1.running_var"], np.float32([8, 9]))
    assert arrays["1.num_batches_tracked"].shape == ()
    assert arrays["1.num_batches_tracked"] == 3


@BOTH
def test_views_are_read_as_what_they_show(name):
    arrays, grid = read_pytorch(FILES / name), np.arange(12.0).reshape(3, 4)
    np.testing.assert_array_equal(arrays["view.transposed"], grid.T)
    np.testing.assert_array_equal(arrays["view.every other"], grid[1:, ::2])
    np.testing.assert_array_equal(arrays["view.expanded"], np.ones(3))
    assert arrays["view.empty"].shape == (0, 3)
    assert all(array.flags.owndata and array.flags.writeable for array in arrays.values())


@BOTH
def test_every_kind_of_number_is_read(name):
    arrays = read_pytorch(FILES / name)
    kinds = {name: array.dtype.name for name, array in arrays.items() if name.startswith("kind")}
    assert kinds == {
        "kind.bfloat16": "float32",
        "kind.bool": "bool",
        "kind.uint16": "uint16",
        "kind.parameter": "float32",
    }
    np.testing.assert_array_equal(arrays["kind.bfloat16"], np.float32([1.5, -2]))
    np.testing.assert_array_equal(arrays["kind.uint16"], np.uint16([1, 65535]))


def test_one_state_dict_of_several_things_is_asked_for_by_its_name():
    arrays = read_pytorch(FILES / "training.pt", entry="model")
    np.testing.assert_array_equal(arrays["w"], np.ones(2))


def test_a_file_of_several_things_tells_their_names():
    with pytest.raises(DataError, match=r"'model' \(dict\), 'epoch' \(int\)(?s:.*)entry="):
        read_pytorch(FILES / "training.pt")
    with pytest.raises(DataError, match=r"no entry 'weights'(?s:.*)'model' \(dict\)"):
        read_pytorch(FILES / "training.pt", entry="weights")
    with pytest.raises(DataError, match="one int"):
        read_pytorch(FILES / "training.pt", entry="epoch")


def test_a_whole_model_is_refused_with_what_to_save():
    with pytest.raises(DataError, match=r"torch.nn.modules(?s:.*)save\(model.state_dict\(\), path"):
        read_pytorch(FILES / "whole_model.pt")


def test_safetensors_are_told_by_their_content(tmp_path):
    write_safetensors(tmp_path / "a.pt", {"w": np.ones(2)})
    np.testing.assert_array_equal(read_pytorch(tmp_path / "a.pt")["w"], np.ones(2))


def test_something_else_is_one_clear_error_that_names_the_file(tmp_path):
    (tmp_path / "a.pt").write_bytes(b"GIF89a and so on")
    with pytest.raises(DataError, match=r"a\.pt: .*(?s:.*)write or fetch it again"):
        read_pytorch(tmp_path / "a.pt")


def test_reading_neither_imports_torch_nor_unpickles():
    program = (
        "import sys, pickle\n"
        "pickle.Unpickler = pickle.loads = pickle.load = None\n"
        "from glasswork.saving.pytorch import read_pytorch\n"
        f"read_pytorch({str(FILES / 'archive.pt')!r})\n"
        "assert 'torch' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
