from __future__ import annotations

import pytest

from glasswork.playground.state import CHOICES

SLIDERS = {  # what the next place on each says
    "samples": 550,
    "noise": 0.03,
    "test": 0.55,
    "rate": 0.05,
    "momentum": 0.95,
    "batch": 32,
    "dropout": 0.05,
    "l1": 1e-05,
    "l2": 1e-05,
}
MENUS = ["activation", "initialization", "optimizer", "schedule"]
OTHERS = {"data", "axes-across", "axes-up", "seed", "features"}  # each has a test of its own


@pytest.mark.parametrize(("name", "value"), SLIDERS.items())
def test_a_slider_changes_what_it_says(look, name, value):
    looking = look()
    slider = looking.page.locator(f"[name={name}]")
    slider.press("ArrowRight")
    looking.becomes(name, value)
    said = looking.text(f"output[for=set-{name}]").replace("−", "-")
    assert said == f"{value:.0%}".replace("%", " %") if name == "test" else float(said) == value
    assert slider.get_attribute("aria-valuetext").replace("−", "-") == said
    assert len(said) < 6  # as 1e-5, which leaves room for the name
    slider.press("ArrowLeft")
    looking.until("location.hash === ''")


@pytest.mark.parametrize("name", MENUS)
def test_a_menu_offers_all_that_there_is_and_changes_what_it_says(look, name):
    looking = look()
    menu = looking.page.locator(f"[name={name}]")
    offered = menu.locator("option").evaluate_all("options => options.map(one => one.value)")
    assert offered == list(CHOICES[name])
    for choice in offered:
        menu.select_option(choice)
        looking.becomes(name, choice)
    assert f"{name}={offered[-1]}" in looking.hash


def test_the_data_change_and_bring_what_is_usual_for_them(look):
    looking = look("layers=3")
    for data in ("moons", "circles", "spirals", "line"):
        looking.page.get_by_role("radio", name=data).check()
        looking.becomes("data", data)
        looking.becomes("layers", [3])
    looking.becomes("noise", 0.1)
    looking.expect("#score-name").to_have_text("R²")
    looking.page.get_by_role("radio", name="digits").check()
    looking.becomes("layers", [64, 32])
    assert looking.page.locator("#plane").is_hidden()
    looking.page.get_by_role("radio", name="moons").check()
    looking.becomes("layers", [8, 8])


def test_the_seed_is_typed_or_the_next_one(look):
    looking = look()
    looking.page.locator("[name=seed]").fill("41")
    looking.page.locator("[name=seed]").press("Enter")
    looking.becomes("seed", 41)
    looking.page.get_by_label("another seed").click()
    looking.becomes("seed", 42)


def test_features_come_and_go_but_one_stays(look):
    looking = look()
    boxes = looking.page.locator("[name=features]")
    for value in ("x1sq", "x2sq", "x1x2", "sinx1", "sinx2"):
        boxes.and_(looking.page.locator(f"[value={value}]")).check()
        looking.until(f"window.playground.state.features.at(-1) === '{value}'")
    looking.expect("#summary").to_contain_text("7–8–8–1")
    for count in range(6, 0, -1):
        boxes.nth(6 - count).uncheck()
        looking.until(f"window.playground.state.features.length === {count}")
    boxes.nth(6).click()
    assert boxes.nth(6).is_checked()
    looking.becomes("features", ["sinx2"])


def test_of_one_coordinate_only_what_can_be_made_of_it_is_offered(look):
    looking = look("data=line")
    chips = looking.page.locator(".chip:visible")
    assert chips.all_inner_texts() == ["x₁", "x₁²", "sin πx₁"]
    chips.get_by_text("x₁²").click()
    looking.until("document.getElementById('summary').textContent.startsWith('2–8–8–1')")
    chips.get_by_text("x₁", exact=True).click()
    looking.until("document.getElementById('summary').textContent.startsWith('1–8–8–1')")
    chips.get_by_text("x₁²").click()
    assert looking.page.locator("[value=x1sq]").is_checked()


def test_layers_and_their_units_come_and_go(look):
    looking = look()
    page = looking.page
    page.get_by_label("more: hidden layers").click()
    looking.becomes("layers", [8, 8, 8])
    page.get_by_label("more: units in hidden layer 2").click()
    looking.becomes("layers", [8, 9, 8])
    assert page.evaluate("document.activeElement.ariaLabel") == "more: units in hidden layer 2"
    page.get_by_label("units in hidden layer 3", exact=True).fill("99")
    page.get_by_label("units in hidden layer 3", exact=True).press("Enter")
    looking.becomes("layers", [8, 9, 16])
    page.locator("[name=depth]").fill("0")
    page.locator("[name=depth]").press("Enter")
    looking.becomes("layers", [])
    assert page.get_by_label("fewer: hidden layers").is_disabled()
    assert looking.hash == "#layers=none"


def test_the_lines_show_gradients_when_they_are_asked_for(look):
    looking = look()
    looking.page.click("#step")
    looking.until("window.playground.step === 1")
    weights = looking.text("#edges-high")
    looking.page.get_by_text("gradients", exact=True).click()
    looking.until(f"document.getElementById('edges-high').textContent !== '{weights}'")
    assert looking.hash == "#edges=gradients"
    looking.page.keyboard.press("g")
    looking.until(f"document.getElementById('edges-high').textContent === '{weights}'")


def test_the_speed_is_what_the_slider_says(look):
    looking = look("speed=2")
    speed = looking.page.locator("#speed")
    looking.expect("#speed-said").to_have_text("2 / s")
    looking.page.click("#play")
    looking.until("window.playground.running")
    for _ in range(5):
        speed.press("ArrowRight")
    looking.expect("#speed-said").to_have_text("100 / s")
    assert looking.hash == "#speed=100"
    looking.until("window.playground.stepsPerSecond > 20")


def test_space_plays_from_a_slider_and_from_what_is_chosen_already(look):
    looking = look()
    looking.page.locator("[name=noise]").press("Space")
    looking.until("window.playground.running")
    looking.page.get_by_role("radio", name="spirals").press("Space")
    looking.until("!window.playground.running")
    looking.page.get_by_role("radio", name="gradients").press("Space")
    assert looking.hash == "#edges=gradients" and not looking.counters["running"]


def test_points_kept_for_the_test_can_be_left_out(look):
    looking = look()
    ink = "document.getElementById('points').toDataURL()"
    before = looking.page.evaluate(ink)
    looking.page.uncheck("#tests")
    looking.until(f"{ink} !== {before!r}")
    assert looking.hash == "#tests=hidden"
    looking.page.reload()
    looking.until("window.playground?.frames > 0")
    assert not looking.page.is_checked("#tests")


def test_light_and_dark_are_chosen_and_remembered(look):
    looking = look(color_scheme="dark")
    paper = "getComputedStyle(document.documentElement).backgroundColor"
    dark = looking.page.evaluate(paper)
    looking.page.click("#theme")
    looking.until(f"{paper} !== {dark!r}")
    looking.expect("#theme").to_have_text("Dark")
    looking.page.reload()
    looking.until(f"window.playground?.frames > 0 && {paper} !== {dark!r}")


def test_all_that_an_address_has_wrong_is_said_until_one_goes_on(look):
    looking = look("rate=lots&batch=1000&edges=none&row=1.5")
    notice = looking.page.locator("#notice")
    notice.wait_for()
    looking.expect("#notice p").to_have_text(
        "batch: '1000' is not from 1 to 256; it is 256 rate: 'lots' is no number; it is 0.03"
    )
    assert looking.page.get_by_role("radio", name="weights").is_checked()
    looking.page.click("#step")
    notice.wait_for(state="hidden")
    assert looking.hash == "#batch=256&row=1"


def test_why_it_stopped_is_said_until_something_else_is_chosen(look):
    looking = look("data=line&activation=identity&rate=10")
    looking.page.click("#play")
    looking.page.get_by_text("Stopped: the loss is no finite number").wait_for()
    looking.page.locator("[name=rate]").press("Home")
    looking.page.locator("#notice").wait_for(state="hidden")


def test_the_address_is_copied(look):
    looking = look("data=moons", permissions=["clipboard-read", "clipboard-write"])
    looking.page.click("#link")
    looking.page.get_by_text("The address is copied").wait_for()
    assert looking.page.evaluate("navigator.clipboard.readText()") == looking.page.url


def test_where_the_address_cannot_be_copied_it_is_shown(look):
    looking = look("data=moons")
    looking.page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(); }")
    looking.page.click("#link")
    looking.page.get_by_text(looking.page.url).wait_for()


def test_each_control_of_the_settings_has_a_test_here(look):
    names = "[...document.querySelectorAll('#settings [name]')].map(control => control.name)"
    assert set(look().page.evaluate(names)) == OTHERS | {*MENUS, *SLIDERS}
