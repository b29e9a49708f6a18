from __future__ import annotations

import re

import numpy as np
import pytest


def numbers(texts: list[str]) -> list[float]:
    return [float(text.replace("−", "-")) for text in texts]


def test_a_unit_is_told_as_a_multiply_add_with_its_numbers(look):
    looking = look()
    looking.learn("window.playground.step > 30")
    looking.page.get_by_label("hidden layer 2, unit 3 of 8").click()
    looking.page.get_by_text("hidden2, unit 3").wait_for()
    rows = looking.page.locator("#products tbody tr").all()
    assert [row.locator("th").inner_text() for row in rows[:2]] == ["hidden1.1", "hidden1.2"]
    *products, bias = [numbers(row.locator("td").all_inner_texts()[:3:2][-1:])[0] for row in rows]
    total, output = numbers(looking.page.locator("#total b").all_inner_texts())
    assert len(products) == 8
    assert sum(products) + bias == pytest.approx(total, abs=5e-3)
    assert np.tanh(total) == pytest.approx(output, abs=2e-4)
    for row in rows[:8]:
        x, w, product = numbers(row.locator("td").all_inner_texts()[:3])
        assert x * w == pytest.approx(product, rel=2e-2, abs=1e-4)


def test_its_numbers_follow_the_training_and_the_sample(look):
    looking = look()
    total = "document.querySelector('#total')?.textContent"
    looking.until(total)
    seen = [looking.page.evaluate(total)]
    looking.page.get_by_label("more: training sample").click()
    looking.until(f"{total} !== {seen[-1]!r}")
    seen.append(looking.page.evaluate(total))
    looking.page.click("#step")
    looking.until(f"{total} !== {seen[-1]!r}")
    assert looking.hash == "#row=1"


def test_a_click_on_a_point_chooses_the_sample(look):
    looking = look()
    box = looking.page.locator("#points").bounding_box()
    for share in np.linspace(0.2, 0.8, 13):  # across the spirals there are points
        place = {"x": box["width"] * share, "y": box["height"] * 0.45}
        looking.page.locator("#points").click(position=place)
    assert looking.hash.startswith("#row=")


def test_lines_of_the_page_light_up_with_the_layer_that_is_looked_at(look):
    looking = look()
    looking.page.locator("#lines").scroll_into_view_if_needed()
    lit = looking.page.locator("#lines .lit code")
    for layer, name in (("1", "hidden_1"), ("2", "hidden_2")):
        looking.page.get_by_label(f"hidden layer {layer}, unit 1 of 8").click()
        lit.get_by_text(f"_{layer}_weights").first.wait_for()
        texts = lit.all_inner_texts()
        assert len(texts) > 5
        assert all(name in text or "tanh" in text for text in texts)


def test_the_walk_goes_from_the_loss_to_the_weights_and_lines_light_up(look):
    looking = look()
    page = looking.page
    page.click("#step")
    page.locator("#lines li").nth(50).scroll_into_view_if_needed()
    page.click("#next")
    page.get_by_text("1 of ").wait_for()
    looking.expect("#entry .made b").to_contain_text("γ")
    looking.expect("#entry dl").to_contain_text("no line of its own")
    length, lit = page.locator("#tape li").count(), [page.locator("#lines .lit").count()]
    for place in range(2, length + 1):
        page.keyboard.press("n")
        page.get_by_text(f"{place} of {length}", exact=True).wait_for()
        lit.append(page.locator("#lines .lit").count())
        said = looking.text("#entry dl")
        numbers = [int(n) for n in re.findall(r"\d+", said.rpartition("on the page")[2])]
        assert lit[-1] == (numbers[-1] - numbers[0] + 1 if numbers else 0)
    looking.expect("#entry tbody").to_contain_text("hidden1.weights")
    assert sum(lit) == page.locator("#lines .backward").count()
    assert page.locator("#next").is_disabled()
    page.keyboard.press("p")
    page.get_by_text(f"{length - 1} of {length}", exact=True).wait_for()
    page.locator("#tape button").first.click()
    looking.expect("#at").to_have_text(f"1 of {length}")


def test_the_articles_order_is_walked_beside_the_right_one_and_its_faults_are_words(look):
    looking = look("order=article")
    page = looking.page
    page.click("#next")
    page.locator("#tape small").first.wait_for()
    assert set(page.locator("#tape small").all_inner_texts()) == {"wrong"}
    wrong = page.locator("#tape small").count()
    length = page.locator("#tape li").count()
    looking.expect("#entry .hint").to_contain_text(f"{wrong} of {length} steps are wrong.")
    page.locator("#tape .wrong").first.click()
    looking.expect("#entry dl").to_contain_text("too early: 1 to come")
    looking.expect("#entry dl").to_contain_text("right is")
    page.locator("#tape button").last.click()
    looking.expect("#entry tbody").to_contain_text(", wrong: right is ")
    page.get_by_role("radio", name="the article's order").focus()
    page.keyboard.press("ArrowLeft")
    looking.until(f"document.querySelectorAll('#tape li').length < {length}")
    assert looking.hash == "" and page.locator("#tape small").count() == 0
    page.keyboard.press("ArrowRight")
    looking.until(f"document.querySelectorAll('#tape li').length === {length}")
    assert looking.hash == "#order=article"


def test_a_walk_that_is_refused_says_so_in_its_panel(look):
    looking = look("order=some")
    looking.page.click("#next")
    looking.page.locator("#entry").get_by_text("order is to be right or article").wait_for()
    assert looking.page.locator("#notice").is_hidden()


def test_a_unit_that_is_pointed_at_is_enlarged(look):
    looking = look()
    unit = looking.page.get_by_label("hidden layer 1, unit 2 of 8")
    unit.hover()
    looking.page.locator("#lens").wait_for()
    looking.expect("#lens p").to_contain_text("hidden1.2: tanh, bias")
    assert (
        looking.page.locator("#lens").bounding_box()["width"] > 3 * unit.bounding_box()["width"] / 2
    )
    looking.page.mouse.move(5, 5)
    looking.page.locator("#lens").wait_for(state="hidden")


def test_arrow_keys_go_from_unit_to_unit_and_enter_opens_one(look):
    looking = look()
    page = looking.page
    page.get_by_label("hidden layer 1, unit 1 of 8").focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowRight", "ArrowUp", "Enter"):
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement.ariaLabel") == "hidden layer 2, unit 2 of 8"
    page.get_by_text("hidden2, unit 2").wait_for()
    assert page.locator(".unit[tabindex='0']").count() == 1


LIVE = "[role=status], [role=alert], [aria-live], output"  # what is read out when it changes


@pytest.mark.parametrize("state", ["", "data=digits"])
def test_how_it_goes_is_said_aloud_but_not_all_the_time(look, state):
    looking = look(state)
    if state:
        looking.page.locator("#samples button").first.click()
        looking.until("document.getElementById('verdict').dataset.digit")
    assert looking.page.locator("#spoken").get_attribute("role") == "status"
    looking.page.evaluate(
        """live => {
          const seen = new MutationObserver(() => (window.said = (window.said || 0) + 1));
          for (const one of document.querySelectorAll(live))
            seen.observe(one, { childList: true, subtree: true });
        }""",
        LIVE,
    )
    before = looking.counters["frames"]
    looking.learn("window.playground.step > 100")
    assert (looking.counters["frames"] - before) / 2 > looking.page.evaluate("window.said") >= 1
    looking.expect("#spoken").to_contain_text("of test samples right")


def test_pictures_and_what_is_chosen_keep_their_colors_under_high_contrast(look):
    page = look(forced_colors="active").page
    pixels = """canvas => new Set(new Uint32Array(
      canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.buffer)).size"""
    assert page.locator("#boundary").evaluate(pixels) > 100
    color = "span => getComputedStyle(span).backgroundColor"
    chosen, other = page.locator("#edges span").evaluate_all(f"spans => spans.map({color})")
    assert chosen != other


def test_little_moves_where_little_motion_is_wanted(look):
    looking = look("data=digits", reduced_motion="reduce")
    bar = looking.page.locator("#chances i").first
    assert bar.evaluate("bar => getComputedStyle(bar).transitionDuration") == "0s"
