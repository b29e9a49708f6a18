from __future__ import annotations

import zlib
from base64 import b64decode

import numpy as np
import pytest

from glasswork.report.png import ink, png


def chunks(address: str) -> dict[bytes, bytes]:
    """The parts of a PNG file, whose sums are right."""
    file = b64decode(address.removeprefix("data:image/png;base64,"), validate=True)
    assert file[:8] == b"\x89PNG\r\n\x1a\n"
    found, place = {}, 8
    while place < len(file):
        size = int.from_bytes(file[place : place + 4])
        name, data = file[place + 4 : place + 8], file[place + 8 : place + 8 + size]
        assert zlib.crc32(name + data) == int.from_bytes(file[place + 8 + size : place + 12 + size])
        found[name], place = data, place + 12 + size
    return found


@pytest.mark.parametrize("shape", [(3, 5), (3, 5, 3)])
def test_a_picture_is_in_its_file(shape, rng):
    picture = rng.integers(0, 256, shape).astype(np.uint8)
    found = chunks(png(picture))
    assert list(found) == [b"IHDR", b"IDAT", b"IEND"]
    columns, rows = (int.from_bytes(found[b"IHDR"][i : i + 4]) for i in (0, 4))
    assert (rows, columns) == (3, 5)
    assert found[b"IHDR"][8:10] == bytes([8, 2 if len(shape) == 3 else 0])
    lines = np.frombuffer(zlib.decompress(found[b"IDAT"]), np.uint8).reshape(3, -1)
    assert not lines[:, 0].any()  # no filter
    np.testing.assert_array_equal(lines[:, 1:].reshape(shape), picture)


def test_matplotlib_reads_it(rng, tmp_path):
    image = pytest.importorskip("matplotlib.image")
    picture = rng.integers(0, 256, (4, 7, 3)).astype(np.uint8)
    path = tmp_path / "picture.png"
    path.write_bytes(b64decode(png(picture).partition(",")[2]))
    np.testing.assert_array_equal((image.imread(path)[..., :3] * 255).round(), picture)


def test_much_is_black_and_nothing_white():
    assert ink(np.array([0.0, 8.0, 16.0])).tolist() == [255, 128, 0]
    assert ink(np.array([-1.0, 1.0])).tolist() == [255, 0]
    assert ink(np.zeros(2)).tolist() == [255, 255]
