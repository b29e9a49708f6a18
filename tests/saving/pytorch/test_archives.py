"""The containers: what is damaged in them is told, and costs no memory."""

import tracemalloc
import zipfile
from pathlib import Path

import pytest

from glasswork.errors import DataError
from glasswork.saving.pytorch import read_pytorch

FILES = Path(__file__).parent / "files"


@pytest.fixture
def rewritten(tmp_path):
    """The archive with some members changed, or with None left out; and with another packing."""

    def rewritten(packing=zipfile.ZIP_STORED, **changes):
        path = tmp_path / "changed.pt"
        with zipfile.ZipFile(FILES / "archive.pt") as old, zipfile.ZipFile(path, "w") as new:
            for name in old.namelist():
                changed = changes.get(name.partition("/")[2].replace("/", "_"), old.read(name))
                if changed is not None:
                    new.writestr(name, changed, packing)
        return path

    return rewritten


def test_a_big_endian_archive_is_read_in_its_order(rewritten):
    floats = {f"data_{key}": bytes(24) for key in "0"}
    path = rewritten(byteorder=b"big", **floats | {"data_1": b"\xbf\x80\0\0\x3f\x80\0\0"})
    assert read_pytorch(path)["0.bias"].tolist() == [-1, 1]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"byteorder": b"middle"}, "order of bytes is b'middle'"),
        ({"data.pkl": None}, "has 0 members data.pkl"),
        ({"data_0": None}, "no member 'data/0'"),
        ({"data_0": b"123"}, "storage '0' has not 24 bytes"),
        ({"packing": zipfile.ZIP_DEFLATED}, "torch.save packs nothing"),
    ],
)
def test_what_is_wrong_with_an_archive_is_told(rewritten, changes, message):
    with pytest.raises(DataError, match=message):
        read_pytorch(rewritten(**changes))


def test_a_storage_with_a_changed_bit_is_found(tmp_path):
    content = bytearray((FILES / "archive.pt").read_bytes())
    content[content.index(b"\0\0\x80\xbf")] = 1  # -1, the first bias
    (tmp_path / "a.pt").write_bytes(content)
    with pytest.raises(DataError, match="Bad CRC-32"):
        read_pytorch(tmp_path / "a.pt")


@pytest.mark.parametrize("name", ["archive.pt", "sequence.pt"])
@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.99])
def test_a_file_that_is_cut_off_is_one_clear_error(tmp_path, name, part):
    content = (FILES / name).read_bytes()
    (tmp_path / name).write_bytes(content[: int(len(content) * part)])
    with pytest.raises(DataError, match=rf"{name}: .*"):
        read_pytorch(tmp_path / name)


def test_numbers_that_lie_cost_no_memory(tmp_path):
    content = (FILES / "sequence.pt").read_bytes()
    length = content.index((6).to_bytes(8, "little"))  # of the storage of 0.weight
    for lie in (b"\xff" * 8, b"\0\0\0\0\0\0\1\0"):
        (tmp_path / "a.pt").write_bytes(content[:length] + lie + content[length + 8 :])
        tracemalloc.start()
        with pytest.raises(DataError, match="belongs to no tensor"):
            read_pytorch(tmp_path / "a.pt")
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 10 * len(content) + 10_000_000


def test_a_sequence_of_another_kind_of_machine_is_refused(tmp_path):
    content = (FILES / "sequence.pt").read_bytes()
    changed = content.replace(b"little_endianq\x02\x88", b"little_endianq\x02\x89")
    assert changed != content
    (tmp_path / "a.pt").write_bytes(changed)
    with pytest.raises(DataError, match="little-endian machine"):
        read_pytorch(tmp_path / "a.pt")


def test_a_pickle_of_something_else_is_told_apart(tmp_path):
    (tmp_path / "a.pt").write_bytes(b"\x80\x02K\x01." * 3)
    with pytest.raises(DataError, match=r"does not begin as torch\.save begins one"):
        read_pytorch(tmp_path / "a.pt")
