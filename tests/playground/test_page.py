from __future__ import annotations

import pytest

EPOCHS = 100  # after pressing play, within which the network of the first page has learnt spirals


def test_the_page_loads_and_is_used_without_an_error_or_a_request_to_another_host(look):
    looking = look()
    for key in "sesegg?":
        looking.page.keyboard.press(key)
    looking.page.get_by_role("button", name="Close", exact=True).click()
    looking.page.locator("#next").click()
    looking.page.locator("#lines li").nth(50).scroll_into_view_if_needed()
    looking.until("window.playground.step === 32")


def test_a_network_for_spirals_reaches_95_percent_within_so_many_epochs_of_pressing_play(look):
    looking = look("speed=1000")
    best = "Math.min(window.playground.accuracy, window.playground.testAccuracy)"
    looking.learn(f"{best} >= 0.95 || window.playground.epoch > {EPOCHS}")
    assert looking.page.evaluate(best) >= 0.95
    assert 10 < looking.counters["epoch"] <= EPOCHS


def test_play_pause_step_epoch_and_reset_do_what_they_say(look):
    looking = look("batch=32")  # 250 rows: 8 steps in an epoch
    page = looking.page
    page.click("#step")
    looking.until("window.playground.step === 1")
    page.click("#epoch")
    looking.until("window.playground.step === 8 && window.playground.epoch === 1")
    page.click("#play")
    looking.until("window.playground.running && window.playground.step > 20")
    looking.expect("#play").to_have_text("Pause")
    page.click("#play")
    looking.until("!window.playground.running")
    looking.expect("#play").to_have_text("Play")
    page.click("#reset")
    looking.until("window.playground.step === 0")
    looking.expect("#now-epoch").to_have_text("0")


def test_keys_do_the_same_but_not_while_one_types_and_not_when_they_are_off(look):
    looking = look()
    page = looking.page
    page.keyboard.press("s")
    looking.until("window.playground.step === 1")
    page.keyboard.press("Space")
    looking.until("window.playground.running")
    page.keyboard.press("Space")
    looking.until("!window.playground.running")
    page.keyboard.press("r")
    looking.until("window.playground.step === 0")
    page.locator("[name=seed]").press("s")
    page.locator("#row input").press("e")
    page.keyboard.press("?")
    assert page.locator("#about").is_hidden()
    page.locator("#row input").blur()
    page.keyboard.press("?")
    page.uncheck("#keys")
    page.get_by_role("button", name="Close", exact=True).click()
    page.keyboard.press("e")
    page.click("#step")  # what came before it would be counted by now
    looking.until("window.playground.step > 0")
    assert looking.counters["step"] == 1


def test_the_state_is_read_from_the_address_and_the_controls_show_it(look):
    state = (
        "data=moons&samples=300&noise=0.2&test=0.3&seed=7&features=x1,x2,x1x2&layers=5,3,2"
        "&activation=relu&initialization=xavier&dropout=0.1&optimizer=adam&rate=0.01"
        "&schedule=cosine&momentum=0.8&l1=0.001&l2=0.01&batch=32&edges=gradients&unit=1.2&row=4"
    )
    looking = look(state)
    page = looking.page
    assert looking.hash == f"#{state}"
    assert page.locator("[name=data]:checked").input_value() == "moons"
    looking.expect("#summary").to_contain_text("3–5–3–2–1")
    for name in ("activation", "initialization", "optimizer", "schedule"):
        assert f"{name}={page.locator(f'[name={name}]').input_value()}" in state
    for name in ("rate", "momentum", "l1", "l2", "batch", "dropout", "noise", "samples"):
        assert f"{name}={looking.text(f'output[for=set-{name}]')}&" in state
    assert page.locator("[name=features]:checked").count() == 3
    assert page.locator("[name=edges]:checked").input_value() == "gradients"
    looking.expect("#unit-name").to_have_text("hidden2, unit 3")
    assert page.locator("[name=row]").input_value() == "4"


def test_back_and_forward_and_another_address_restore_what_was_chosen(look):
    looking = look()
    page = looking.page
    page.select_option("[name=activation]", "relu")
    looking.becomes("activation", "relu")
    page.get_by_label("moons").check()
    looking.becomes("data", "moons")
    assert looking.hash == "#data=moons&activation=relu"
    page.go_back()
    looking.becomes("data", "spirals")
    assert page.locator("[name=activation]").input_value() == "relu"
    page.go_back()
    looking.becomes("activation", "tanh")
    page.go_forward()
    looking.becomes("activation", "relu")
    page.evaluate("location.hash = 'layers=2&rate=1'")
    looking.becomes("layers", [2])
    looking.becomes("activation", "tanh")
    looking.expect("#summary").to_contain_text("2–2–1")


def test_an_address_with_nonsense_is_mended_and_said_to_be_wrong(look):
    looking = look("layers=99&rate=lots&nobody=knows&unit=9.9&speed=fast")
    looking.becomes("layers", [16])
    looking.page.locator("#notice").wait_for()
    looking.expect("#notice p").to_contain_text("is no number")
    assert looking.hash.startswith("#layers=16")
    looking.expect("#unit-name").to_have_text("hidden1, unit 1")
    looking.page.get_by_label("Close this message").click()
    assert looking.page.locator("#notice").is_hidden()


def test_two_pages_have_two_networks(look):
    one, other = look(), look("data=moons")
    one.learn("window.playground.step > 10")
    assert other.counters["step"] == 0
    assert other.counters["state"]["data"] == "moons"


def test_the_page_finds_its_server_again(look, address):
    looking = look()
    sockets, refused = [], []

    def between(route):
        if refused:
            route.close()
        else:
            sockets.append(route)
            route.connect_to_server()

    looking.page.route_web_socket("**/live", between)
    looking.go("data=circles")
    looking.page.reload()
    looking.until("window.playground?.state?.data === 'circles'")
    looking.page.click("#play")
    looking.until("window.playground.running")
    refused.append("until it has been seen")
    sockets[-1].close()
    looking.expect("#notice p").to_contain_text("Trying again")
    looking.expect("#play").to_have_text("Play")
    refused.clear()
    looking.page.locator("#notice").wait_for(state="hidden")
    looking.page.click("#step")
    looking.until("window.playground.step === 1 && window.playground.state.data === 'circles'")


@pytest.mark.parametrize("width", [390, 768, 1100, 1440])
@pytest.mark.parametrize("state", ["", "data=digits", "layers=16,16,16,16,16,16"])
def test_nothing_sticks_out_of_the_window(look, width, state):
    looking = look(state, viewport={"width": width, "height": 844})
    assert looking.page.evaluate("document.documentElement.scrollWidth") <= width
