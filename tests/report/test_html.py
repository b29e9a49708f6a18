from __future__ import annotations

import zlib
from base64 import b64decode

import html5lib
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasswork.report.html import Html, element, ink, joined, png, table


def parsed(text: str) -> object:
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    return parser.parse(f"<!DOCTYPE html><html lang=en><title>t</title>{text}")


def test_text_is_escaped_and_html_is_not():
    assert element("p", "a < b", Html("<br>")) == "<p>a &lt; b<br></p>"


def test_what_is_none_is_left_out_and_lists_are_opened():
    assert element("p", None, ["a", ["b", 1]], id=None, tabindex=0) == '<p tabindex="0">ab1</p>'


def test_void_elements_have_no_end():
    assert element("img", src="x", alt='"') == '<img src="x" alt="&quot;">'


def test_names_of_attributes_may_be_those_of_python():
    assert element("a", class_="b", aria_label="c") == '<a class="b" aria-label="c"></a>'


@given(st.text(st.characters(exclude_categories=())))
def test_whatever_the_text_is_it_is_valid_html_and_reads_the_same(text):
    written = element("p", text, title=text)
    (paragraph,) = parsed(written.encode().decode()).iter("p")
    read = paragraph.text or ""
    assert paragraph.get("title") == read
    assert len(read) == len(text)
    assert all(a in (b, "\ufffd") for a, b in zip(read, text, strict=True))
    assert read == text or any(joined(letter) == "\ufffd" for letter in text)


def test_a_table_says_what_heads_its_rows_and_columns():
    tree = parsed(table("it", ("a", "b"), [("x", Html("<td class=c>1</td>"))], "numbers"))
    heads = [(head.text, head.get("scope")) for head in tree.iter("th")]
    assert heads == [("a", "col"), ("b", "col"), ("x", "row")]
    (region,) = (div for div in tree.iter("div") if div.get("role") == "region")
    assert (region.get("tabindex"), region.get("aria-label")) == ("0", "it")
    assert [cell.get("class") for cell in tree.iter("td")] == ["c"]


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
