from __future__ import annotations

import html5lib
from hypothesis import given
from hypothesis import strategies as st

from glasswork.report.html import Html, element, joined, table


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
