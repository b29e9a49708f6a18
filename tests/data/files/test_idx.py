"""IDX: files as MNIST is published, and what is wrong with a damaged one."""

from __future__ import annotations

import gzip
import struct
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasswork.data.files.idx import read_idx, read_idx_parts
from glasswork.errors import DataError

CODES = {"u1": 8, "i1": 9, "i2": 11, "i4": 12, "f4": 13, "f8": 14}


def idx(values: np.ndarray) -> bytes:
    """An array in IDX, written from the format's description."""
    code = CODES[values.dtype.str[1:]]
    shape = struct.pack(f">{values.ndim}I", *values.shape)
    big_endian = values.astype(values.dtype.newbyteorder(">"))
    return bytes([0, 0, code, values.ndim]) + shape + big_endian.tobytes()


def pictures(count: int) -> np.ndarray:
    return np.arange(count * 6, dtype=np.uint8).reshape(count, 2, 3)


def labels(count: int) -> np.ndarray:
    return np.arange(count, dtype=np.uint8) % 2


@pytest.fixture
def mnist(tmp_path: Path) -> Path:
    """A folder like MNIST's, six pictures to train and two to test, one file unpacked."""
    for name, values in {
        "train-images-idx3-ubyte.gz": pictures(6),
        "train-labels-idx1-ubyte.gz": labels(6),
        "t10k-images-idx3-ubyte": pictures(2),
        "t10k-labels-idx1-ubyte.gz": labels(2),
    }.items():
        content = idx(values)
        (tmp_path / name).write_bytes(gzip.compress(content) if ".gz" in name else content)
    return tmp_path


@pytest.mark.parametrize("dtype", CODES)
@pytest.mark.parametrize("shape", [(3,), (2, 3), (2, 3, 4)])
def test_every_kind_of_value_is_read_in_this_machines_byte_order(tmp_path, dtype, shape):
    values = np.arange(np.prod(shape)).reshape(shape).astype(dtype)
    (tmp_path / "it").write_bytes(idx(values))
    found = read_idx(tmp_path / "it")
    assert found.dtype == values.dtype
    assert found.dtype.isnative
    assert (found == values).all()


def test_a_folder_is_read_with_its_test_part(mnist):
    x, y, x_test, y_test = read_idx_parts(mnist)
    assert (x == pictures(6)).all()
    assert (y == labels(6)).all()
    assert (x_test == pictures(2)).all()
    assert (y_test == labels(2)).all()


def test_the_file_of_training_pictures_stands_for_all_four(mnist):
    assert len(read_idx_parts(mnist / "train-images-idx3-ubyte.gz").x_test) == 2


def test_the_file_of_test_pictures_stands_for_itself(mnist):
    parts = read_idx_parts(mnist / "t10k-images-idx3-ubyte")
    assert (len(parts.x), len(parts.y), parts.x_test) == (2, 2, None)


def test_without_files_of_a_test_part_there_is_none(mnist):
    (mnist / "t10k-images-idx3-ubyte").unlink()
    assert read_idx_parts(mnist).x_test is None


def test_other_names_around_those_of_mnist_are_understood(mnist):
    for file in list(mnist.iterdir()):
        name = file.name.replace("-idx", ".idx").replace("t10k", "test")
        file.rename(mnist / f"emnist-letters-{name}")
    assert len(read_idx_parts(mnist).x_test) == 2


def test_a_file_that_lies_there_packed_and_unpacked_is_one_file(mnist):
    (mnist / "train-images-idx3-ubyte").write_bytes(idx(pictures(6)))
    assert len(read_idx_parts(mnist).x) == 6


def test_a_folder_without_training_pictures_lists_what_it_holds(tmp_path):
    with pytest.raises(DataError, match="holds no files of training pictures") as error:
        read_idx_parts(tmp_path)
    assert "there are no files" in str(error.value)
    for number in range(10):
        (tmp_path / f"{number}.txt").touch()
    with pytest.raises(DataError, match=r"0\.txt, .* 7\.txt and 2 more"):
        read_idx_parts(tmp_path)


def test_a_folder_with_several_files_of_training_pictures_is_refused(mnist):
    (mnist / "more-train-images-idx3-ubyte").touch()
    with pytest.raises(DataError, match="holds 2 files of training pictures") as error:
        read_idx_parts(mnist)
    assert "more-train-images-idx3-ubyte, train-images-idx3-ubyte" in str(error.value)


def test_a_folder_in_a_files_place_is_refused(tmp_path):
    (tmp_path / "train-images-idx3-ubyte").mkdir()
    with pytest.raises(DataError, match="files of training pictures"):
        read_idx_parts(tmp_path)


def test_missing_labels_are_named(mnist):
    (mnist / "t10k-labels-idx1-ubyte.gz").unlink()
    with pytest.raises(DataError, match="t10k-images-idx3-ubyte has no labels beside it") as error:
        read_idx_parts(mnist)
    assert "Looked for t10k-labels-idx1-ubyte." in str(error.value)


def test_a_file_of_labels_in_the_place_of_pictures_is_told_from_one(mnist):
    with pytest.raises(DataError, match=r"ubyte\.gz holds labels"):
        read_idx_parts(mnist / "train-labels-idx1-ubyte.gz")


def test_pictures_whose_name_leads_to_no_labels_are_not_their_own_labels(mnist):
    pictures = (mnist / "train-images-idx3-ubyte.gz").rename(mnist / "pictures.gz")
    with pytest.raises(DataError, match="has no labels beside it"):
        read_idx_parts(pictures)


def test_one_label_too_few_is_refused_with_both_shapes(mnist):
    (mnist / "train-labels-idx1-ubyte.gz").write_bytes(idx(labels(5)))
    with pytest.raises(DataError, match="does not hold one label for each picture") as error:
        read_idx_parts(mnist)
    assert "(5,), that of the pictures (6, 2, 3)" in str(error.value)


@pytest.mark.parametrize(
    "content", [b"", b"\0\0\x08", b"\0\0\x07\x01", b"GIF89a", b"\x01\0\x08\x01"]
)
def test_a_file_that_is_not_idx_is_refused_with_its_first_bytes(tmp_path, content):
    (tmp_path / "it").write_bytes(content)
    with pytest.raises(DataError, match="is not a file of samples that can be read") as error:
        read_idx(tmp_path / "it")
    assert (content[:4].hex(" ") or "(none)") in str(error.value)


@pytest.mark.parametrize("content", [idx(np.zeros((0, 3), "u1")), idx(np.uint8(1)[()].reshape(()))])
def test_a_file_without_samples_is_refused(tmp_path, content):
    (tmp_path / "it").write_bytes(content)
    with pytest.raises(DataError, match="holds no samples"):
        read_idx(tmp_path / "it")


def test_more_axes_than_numpy_has_are_refused(tmp_path):
    (tmp_path / "it").write_bytes(bytes([0, 0, 8, 65]) + b"\0\0\0\1" * 65 + b"\0")
    with pytest.raises(DataError, match="gives 65 axes"):
        read_idx(tmp_path / "it")


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzipped"])
def test_a_file_that_is_cut_short_is_refused_with_both_counts(tmp_path, pack):
    (tmp_path / "it").write_bytes(pack(idx(pictures(6))[:-7]))
    with pytest.raises(DataError, match="promises 36 bytes more, and 29 are there"):
        read_idx(tmp_path / "it")


def test_a_file_that_goes_on_is_refused(tmp_path):
    (tmp_path / "it").write_bytes(idx(pictures(6)) + b"\0")
    with pytest.raises(DataError, match="goes on after its values"):
        read_idx(tmp_path / "it")


@given(st.binary(max_size=40), st.booleans())
def test_any_bytes_raise_nothing_but_a_data_error(tmp_path_factory, content, headed):
    path = tmp_path_factory.getbasetemp() / "any"
    path.write_bytes(b"\0\0\x08\x02" * headed + content)
    with suppress(DataError):
        read_idx(path)


@pytest.mark.skipif(
    not Path("/usr/share/datasets/fashion-mnist").is_dir(),
    reason="Debian's package dataset-fashion-mnist is not installed",
)
def test_fashion_mnist_is_read_as_it_is_published():
    x, y, x_test, y_test = read_idx_parts(Path("/usr/share/datasets/fashion-mnist"))
    assert (x.shape, x_test.shape) == ((60_000, 28, 28), (10_000, 28, 28))
    assert np.bincount(y).tolist() == [6000] * 10
    assert np.bincount(y_test).tolist() == [1000] * 10
