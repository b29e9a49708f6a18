"""Files of samples: one way in for all kinds, for training and for predicting."""

from __future__ import annotations

import gzip

import numpy as np
import pytest

from glasswork.data import read_dataset, read_samples
from glasswork.errors import DataError, OptionError, ShapeError


@pytest.fixture
def save(tmp_path):
    """Writes arrays to a .npz file."""

    def write(**arrays):
        np.savez(tmp_path / "it.npz", **arrays)
        return tmp_path / "it.npz"

    return write


X, Y = np.arange(12.0).reshape(4, 3), np.array([5, 7, 7, 5])


@pytest.mark.parametrize("names", [("x", "y"), ("x_train", "y_train"), ("X", "Y")])
def test_an_archive_names_its_parts(save, names):
    dataset = read_dataset(save(**dict(zip(names, (X, Y), strict=True)), other=np.zeros(1)))
    assert (dataset.x == X).all()
    assert dataset.x.dtype == np.float32
    assert dataset.y.tolist() == [0, 1, 1, 0]
    assert dataset.classes == ("5", "7")
    assert (dataset.name, dataset.x_test) == ("it", None)


def test_an_archive_may_have_a_test_part_with_its_own_classes(save):
    dataset = read_dataset(save(x_train=X, y_train=Y, x_test=X[:2], y_test=np.array([6, 7])))
    assert dataset.classes == ("5", "6", "7")
    assert dataset.y.tolist() == [0, 2, 2, 0]
    assert dataset.y_test.tolist() == [1, 2]
    assert (dataset.x_test == X[:2]).all()


def test_bytes_are_pixels_and_axes_become_one(save):
    dataset = read_dataset(save(x=np.full((4, 2, 3), 51, np.uint8), y=Y))
    assert dataset.x == pytest.approx(np.full((4, 6), 0.2, np.float32))
    assert dataset.image_shape == (2, 3)


@pytest.mark.parametrize("suffix", [".csv", ".csv.gz", ".npy", ".npz"])
def test_a_table_may_be_text_or_an_array(tmp_path, suffix):
    table = np.column_stack([X, Y])
    path = tmp_path / f"it{suffix}"
    if "csv" in suffix:
        text = "\n".join(",".join(map(str, row)) for row in table).encode()
        path.write_bytes(gzip.compress(text) if "gz" in suffix else text)
    else:
        (np.save if suffix == ".npy" else np.savez)(path, table)
    dataset = read_dataset(path)
    assert (dataset.x == X).all()
    assert (dataset.name, dataset.classes) == ("it", ("5", "7"))
    assert read_dataset(path, target=0, task="regression").y.ravel().tolist() == [0, 3, 6, 9]


def test_names_of_columns_become_names_of_features(tmp_path):
    (tmp_path / "iris.data.csv").write_text("long,wide,kind\n1,2,a\n3,4,b\n5,6,a\n7,8,b\n")
    dataset = read_dataset(tmp_path / "iris.data.csv")
    assert (dataset.features, dataset.classes) == (("long", "wide"), ("a", "b"))
    assert dataset.source == str(tmp_path / "iris.data.csv")


def test_a_folder_of_idx_files_is_a_dataset(tmp_path):
    header = b"\0\0\x08\x03\0\0\0\4\0\0\0\1\0\0\0\2"
    (tmp_path / "train-images-idx3-ubyte").write_bytes(header + bytes(range(8)))
    (tmp_path / "train-labels-idx1-ubyte").write_bytes(b"\0\0\x08\1\0\0\0\4\3\4\4\3")
    dataset = read_dataset(tmp_path)
    assert dataset.name == tmp_path.name
    assert dataset.x * 255 == pytest.approx(np.arange(8).reshape(4, 2))
    assert (dataset.classes, dataset.image_shape) == (("3", "4"), (1, 2))
    pictures = read_samples(tmp_path / "train-images-idx3-ubyte", inputs=2)
    assert (pictures == dataset.x).all()


def test_targets_that_are_missing_are_named(save):
    with pytest.raises(DataError, match="has samples x and no targets y"):
        read_dataset(save(x=X))


def test_an_archive_of_other_names_is_refused_with_them(save):
    with pytest.raises(DataError, match="has no array x or x_train") as error:
        read_dataset(save(images=X, labels=Y))
    assert "There are images, labels." in str(error.value)
    with pytest.raises(DataError, match="There are none"):
        read_dataset(save())


@pytest.mark.parametrize(
    "parts",
    [
        {"x": X, "y": Y[:3]},
        {"x": X, "y": Y, "x_test": X[:, :2], "y_test": Y},
        {"x": X, "y": Y, "x_test": X, "y_test": Y.reshape(4, 1)},
    ],
)
def test_parts_that_do_not_fit_are_refused(save, parts):
    with pytest.raises(ShapeError, match="differ"):
        read_dataset(save(**parts))


def test_half_a_test_part_is_refused(save):
    with pytest.raises(DataError, match="of x_test and y_test one is missing"):
        read_dataset(save(x=X, y=Y, y_test=Y))


def test_a_target_is_refused_where_no_table_is(save):
    with pytest.raises(OptionError, match=r"target is 0, and .*it\.npz is not a table"):
        read_dataset(save(x=X, y=Y), target=0)


def test_a_file_of_another_kind_is_refused(tmp_path):
    (tmp_path / "it.xlsx").write_bytes(b"PK\3\4")
    with pytest.raises(DataError, match="is not a file of samples that can be read") as error:
        read_dataset(tmp_path / "it.xlsx")
    assert ".csv, .npy or .npz" in str(error.value)


@pytest.mark.parametrize("columns", [3, 4])
@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".npy", ".npz"])
def test_samples_are_read_with_targets_or_without(tmp_path, suffix, columns):
    table, path = np.column_stack([X, Y])[:, :columns], tmp_path / f"it{suffix}"
    if suffix in (".csv", ".tsv"):
        np.savetxt(path, table, delimiter="," if suffix == ".csv" else "\t")
    else:
        (np.save if suffix == ".npy" else np.savez)(path, table)
    samples = read_samples(path, inputs=3)
    assert samples.dtype == np.float32
    assert (samples == X).all()


@pytest.mark.peers
def test_samples_in_parquet_are_read_without_their_targets(tmp_path):
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    frame = pandas.DataFrame(X, columns=["a", "b", "c"]).assign(kind="cat")
    frame.to_parquet(tmp_path / "it.parquet")
    assert (read_samples(tmp_path / "it.parquet", inputs=3) == X).all()


def test_the_column_of_targets_that_is_left_out_can_be_named(tmp_path):
    (tmp_path / "it.csv").write_text("kind,a,b\nx,1,2\ny,3,4\n")
    assert read_samples(tmp_path / "it.csv", 2, target="kind").tolist() == [[1, 2], [3, 4]]


def test_a_column_of_targets_that_is_named_must_be_there(tmp_path):
    (tmp_path / "it.csv").write_text("a,b\n1,2\n3,4\n")
    with pytest.raises(OptionError, match="has no column 'kind' of targets"):
        read_samples(tmp_path / "it.csv", 2, target="kind")
    with pytest.raises(ShapeError, match="has 1 features per sample, and the network takes 2"):
        read_samples(tmp_path / "it.csv", 2, target="b")


def test_of_an_archive_with_parts_x_is_read(save):
    assert (read_samples(save(x=X, y=Y), inputs=3) == X).all()
    with pytest.raises(DataError, match="has no array x"):
        read_samples(save(a=X, b=Y), inputs=3)


@pytest.mark.parametrize("shape", [(6,), (2, 3), (1, 6), (1, 2, 3)])
def test_an_array_of_just_the_inputs_is_one_sample(tmp_path, shape):
    np.save(tmp_path / "it.npy", np.arange(6).reshape(shape))
    assert read_samples(tmp_path / "it.npy", inputs=6).tolist() == [[0, 1, 2, 3, 4, 5]]


def test_a_line_of_numbers_is_a_sample_each_for_a_network_of_one_input(tmp_path):
    np.save(tmp_path / "it.npy", np.arange(3))
    assert read_samples(tmp_path / "it.npy", inputs=1).tolist() == [[0], [1], [2]]


def test_samples_are_a_file_and_not_a_folder(tmp_path):
    (tmp_path / "t10k-images-idx3-ubyte.gz").touch()
    with pytest.raises(DataError, match="is a folder, not a file of samples") as error:
        read_samples(tmp_path, inputs=2)
    assert "It holds t10k-images-idx3-ubyte." in str(error.value)
    assert "Pass one of its files of pictures" in str(error.value)


def test_labels_are_no_samples(tmp_path):
    (tmp_path / "labels").write_bytes(b"\0\0\x08\1\0\0\0\4\3\4\4\3")
    for inputs in (2, 4):
        with pytest.raises(DataError, match=r"labels holds labels, and no samples") as error:
            read_samples(tmp_path / "labels", inputs)
        assert "Its shape is (4,)." in str(error.value)
        assert "Pass the file of pictures" in str(error.value)


def test_samples_of_another_width_are_refused_with_both_counts(save):
    with pytest.raises(ShapeError, match="has 3 features per sample, and the network takes 64"):
        read_samples(save(x=X), inputs=64)
