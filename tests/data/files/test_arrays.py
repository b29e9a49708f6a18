""".npy and .npz: what NumPy writes is read, and nothing that would run."""

from __future__ import annotations

import gzip
import io
import zipfile
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from glasswork.data.files.arrays import names_in_npz, read_npy, read_npz
from glasswork.errors import DataError


def saved(values: np.ndarray, **options) -> bytes:
    file = io.BytesIO()
    np.save(file, values, **options)
    return file.getvalue()


def with_header(header: str, values: bytes = b"") -> bytes:
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode() + values


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("arrays") / "it"


@given(
    arrays.arrays(
        st.one_of(
            arrays.boolean_dtypes(),
            arrays.integer_dtypes(endianness="?"),
            arrays.floating_dtypes(endianness="?"),
            arrays.unicode_string_dtypes(max_len=5),
        ),
        arrays.array_shapes(max_dims=4),
    ),
    st.sampled_from("CF"),
)
def test_what_numpy_saves_is_read_as_it_was(path, values, order):
    path.write_bytes(saved(values.copy(order=order)))
    found = read_npy(path)
    assert found.dtype == values.dtype
    np.testing.assert_array_equal(found, values)


def test_a_file_may_be_gzipped(path):
    path.write_bytes(gzip.compress(saved(np.arange(3))))
    assert read_npy(path).tolist() == [0, 1, 2]


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_an_archive_gives_the_arrays_that_are_asked_for(path, save):
    with path.open("wb") as file:
        save(file, x=np.ones((2, 2)), words=np.array(["a", "b"]), things=np.array([None]))
    assert names_in_npz(path) == ["x", "words", "things"]
    found = read_npz(path, ["words", "x"])
    assert found["words"].tolist() == ["a", "b"]
    assert found["x"].tolist() == [[1, 1], [1, 1]]


def test_other_files_in_an_archive_are_passed_over(path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("README", "hello")
        archive.writestr("x.npy", saved(np.zeros(1)))
    assert names_in_npz(path) == ["x"]


@pytest.mark.parametrize(
    ("array", "seen"),
    [
        (np.array([None]), "'descr': '|O'"),
        (np.zeros(2, [("a", "f4")]), "'descr': [('a', '<f4')]"),
        (np.zeros(2, complex), "'descr': '<c16'"),
        (np.float64(3), "'shape': ()"),
    ],
    ids=["objects", "records", "complex numbers", "one number"],
)
def test_an_array_of_anything_else_is_refused_with_what_its_header_says(path, array, seen):
    path.write_bytes(saved(array, allow_pickle=True))
    with pytest.raises(DataError, match="is not an array of real numbers") as error:
        read_npy(path)
    assert seen in str(error.value) and "NUMPY" not in str(error.value)
    assert "numpy.save" in str(error.value)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello, world",
        with_header("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }"),
        with_header("{'descr': '<f3', 'fortran_order': False, 'shape': (1,), }"),
        with_header("{'descr': '<f4', 'fortran_order': False, 'shape': (" + "1," * 65 + "), }"),
        with_header("{'descr': '<f4', 'fortran_order': False, 'shape': (2 3,), }"),
        with_header("__import__('os').abort()"),
        b"\x93NUMPY\x02\x00\xff\xff\xff\xff{",
    ],
)
def test_what_is_no_array_of_numbers_is_refused_with_its_beginning(path, content):
    path.write_bytes(content)
    with pytest.raises(DataError, match="is not an array of real numbers") as error:
        read_npy(path)
    beginning = content[10:30] if content.startswith(b"\x93NUMPY\x01") else content[:20]
    assert repr(beginning)[2:-1] in str(error.value)
    assert "numpy.save" in str(error.value)


def test_an_object_in_an_archive_is_refused_by_its_name(path):
    with path.open("wb") as file:
        np.savez(file, x=np.array([None]))
    with pytest.raises(DataError, match="it: x is not an array of real numbers"):
        read_npz(path, ["x"])


@pytest.mark.parametrize("values", [np.zeros((0, 3)), np.zeros((3, 0)), np.zeros(2, "U0")])
def test_an_empty_array_is_refused(path, values):
    path.write_bytes(saved(values).replace(b"<U1", b"<U0"))
    with pytest.raises(DataError, match="is empty") as error:
        read_npy(path)
    assert str(values.shape) in str(error.value)


def test_text_that_is_no_text_is_refused(path):
    path.write_bytes(saved(np.array(["ab"])).replace(b"b\0\0\0", b"\0\0\0\x7f"))
    with pytest.raises(DataError, match="characters that there are not"):
        read_npy(path)


def test_a_header_that_promises_too_much_is_refused(path):
    header = "{'descr': '<f8', 'fortran_order': False, 'shape': (1000000, 1000000), }"
    path.write_bytes(with_header(header, bytes(16)))
    with pytest.raises(DataError, match="promises 8,000,000,000,000 bytes more, and 16 are there"):
        read_npy(path)


def test_a_header_that_promises_too_little_is_refused(path):
    path.write_bytes(saved(np.zeros(3)) + b"more")
    with pytest.raises(DataError, match="goes on after its values"):
        read_npy(path)


def test_what_is_no_archive_is_refused(path):
    path.write_bytes(b"hello")
    with pytest.raises(DataError, match=r"cannot read .*: File is not a zip file") as error:
        names_in_npz(path)
    assert "numpy.savez" in str(error.value)


def test_a_packing_that_numpy_does_not_use_is_refused(path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("x.npy", saved(np.zeros(1)))
    with pytest.raises(DataError, match="x is packed in a way that NumPy does not use"):
        read_npz(path, ["x"])


@given(st.data())
def test_a_damaged_archive_raises_nothing_but_a_data_error(path, data):
    file = io.BytesIO()
    np.savez_compressed(file, x=np.arange(50.0))
    content = bytearray(file.getvalue())
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=4)):
        content[place] = data.draw(st.integers(0, 255))
    path.write_bytes(content[: data.draw(st.integers(0, len(content)))])
    with suppress(DataError):
        read_npz(path, names_in_npz(path))
