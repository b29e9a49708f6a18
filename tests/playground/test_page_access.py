from __future__ import annotations

import pytest

from ..chromium import faults

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("state", ["", "data=digits&edges=gradients", "data=line&layers=none"])
def test_there_is_no_serious_fault(look, state, size, scheme):
    looking = look(state, viewport=size, color_scheme=scheme)
    looking.learn("window.playground.step > 5")
    looking.page.locator("#lines").scroll_into_view_if_needed()
    looking.page.locator("#lines li").nth(20).wait_for()
    looking.page.click("#next")
    looking.page.locator("#tape li").first.wait_for()
    assert faults(looking.page) == []


def test_there_is_none_in_the_help_and_in_a_message(look):
    looking = look("rate=lots")
    looking.page.locator("#notice").wait_for()
    assert faults(looking.page) == []
    looking.page.click("#help")
    assert faults(looking.page) == []


def test_every_control_can_be_reached_with_the_keyboard(look):
    looking = look()
    focused = "(({id, name, className}) => id || name || className)(document.activeElement)"
    seen = set()
    for _ in range(70):
        looking.page.keyboard.press("Tab")
        seen.add(looking.page.evaluate(focused))
    wanted = {"play", "step", "epoch", "reset", "speed", "export", "link", "theme", "help", "tests"}
    wanted |= {"data", "file", "seed", "features", "rate", "depth", "edges", "unit", "row", "next"}
    assert wanted - {name.split()[0].removeprefix("set-") for name in seen if name} == set()
