from __future__ import annotations

import json
from pathlib import Path

import pytest

STROKES = json.loads(Path(__file__).with_name("strokes.json").read_text())  # in a square of 100
SAID = "document.getElementById('verdict').dataset.digit"

SHOWN = f"""[
  [...document.querySelectorAll("#chances .chance")].map((said) => said.textContent),
  document.querySelector("#chances .best span").textContent,
  {SAID},
]"""


@pytest.fixture
def digits(look):
    """A page whose network has learnt digits, with the settings of the page itself."""
    looking = look("data=digits&speed=500")
    looking.learn("window.playground.epoch >= 15")
    return looking


def draw(looking, strokes: list[list[list[float]]]) -> None:
    """Draw strokes with the mouse."""
    box = looking.page.locator("#pad").bounding_box()
    places = [
        [(box["x"] + x / 100 * box["width"], box["y"] + y / 100 * box["height"]) for x, y in stroke]
        for stroke in strokes
    ]
    for start, *rest in places:
        looking.page.mouse.move(*start)
        looking.page.mouse.down()
        for place in rest:
            looking.page.mouse.move(*place)
        looking.page.mouse.up()


def test_at_least_eight_of_ten_digits_drawn_as_strokes_get_the_right_class(digits):
    said = {}
    for digit, strokes in STROKES.items():
        draw(digits, strokes)
        digits.page.evaluate("document.getElementById('pad').dispatchEvent(new Event('pointerup'))")
        digits.until("window.playground.unanswered === 0")
        said[digit] = digits.page.evaluate(SAID)
        digits.page.click("#wipe")
        digits.until(f"{SAID} === ''")
    assert sum(said[digit] == digit for digit in STROKES) >= 8, said


def test_probabilities_and_saliency_are_shown(digits):
    draw(digits, STROKES["1"])
    digits.until(SAID)
    chances, best, said = digits.page.evaluate(SHOWN)  # at once: the next answer may be coming
    assert sum(float(chance.removesuffix(" %")) for chance in chances) == pytest.approx(
        100, abs=0.6
    )
    assert best == said
    for canvas in ("seen", "saliency"):
        cells = "it => [...it.getContext('2d').getImageData(0, 0, 8, 8).data]"
        assert len(set(digits.page.locator(f"#{canvas}").evaluate(cells))) > 5


def test_a_digit_can_be_drawn_with_the_keyboard_and_wiped(look):
    looking = look("data=digits")
    pad = looking.page.locator("#pad")
    pad.focus()
    for key in ["Space", *["ArrowDown"] * 14]:
        pad.press(key)
    looking.until(SAID)
    assert not looking.counters["running"]  # Space puts down the pen here, and nothing else
    pad.press("Delete")
    looking.until(f"{SAID} === ''")
    looking.expect("#verdict").to_contain_text("Draw with")


def test_a_test_digit_can_be_taken(digits):
    buttons = digits.page.get_by_role("group", name="Test digits").get_by_role("button")
    assert buttons.count() == 20
    target = buttons.nth(4).get_attribute("aria-label")[-1]
    buttons.nth(4).click()
    digits.until(f"{SAID} === '{target}'")


def test_what_is_said_of_a_drawing_follows_the_training(look):
    looking = look("data=digits")
    looking.page.get_by_label("test digit 1,").click()
    looking.until(SAID)
    before = looking.text("#chances")
    looking.page.click("#epoch")
    looking.until(f"document.getElementById('chances').innerText !== {before!r}")


def test_a_finger_draws_too(look):
    looking = look("data=digits", viewport={"width": 390, "height": 844}, has_touch=True)
    looking.page.locator("#pad").scroll_into_view_if_needed()
    looking.page.locator("#pad").tap()
    looking.until(SAID)
