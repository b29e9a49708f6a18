from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest

import glasswork
from glasswork.playground.material import prepare
from glasswork.playground.state import State

FLOWERS = "length,width,kind\n" + "".join(
    f"{1 + k + i / 40},{2 - k + (i % 7) / 10},{kind}\n"
    for k, kind in enumerate(["lily", "rose", "iris"])
    for i in range(40)
)
WIDE = "a,b,c,d,y\n" + "".join(f"{i},{i % 5},{-i},{i * i % 11},{i / 7}\n" for i in range(60))


def given(text: str, name: str = "own.csv") -> dict[str, object]:
    return {"name": name, "mimeType": "text/csv", "buffer": text.encode()}


def test_an_own_table_is_learnt(look):
    looking = look()
    looking.page.set_input_files("#file", given(FLOWERS))
    looking.becomes("data", "upload")
    assert looking.page.locator("#classes").inner_text().split()[:3] == ["iris", "lily", "rose"]
    looking.expect("#summary").to_contain_text("2–8–8–3")
    looking.learn("window.playground.accuracy > 0.9")
    assert looking.page.locator(".card.chosen").is_visible()


def test_of_a_wide_table_any_two_columns_are_drawn(look):
    looking = look()
    looking.page.set_input_files("#file", given(WIDE))
    looking.becomes("data", "upload")
    looking.page.select_option("[name=axes-across]", label="c")
    looking.becomes("axes", [2, 1])
    looking.page.select_option("[name=axes-up]", label="d")
    looking.becomes("axes", [2, 3])
    looking.expect("#score-name").to_have_text("R²")


def test_columns_without_names_are_numbered_and_chosen_too(look):
    looking = look()
    looking.page.set_input_files("#file", given(WIDE.partition("\n")[2]))
    looking.becomes("data", "upload")
    assert looking.page.locator("[name=axes-up] option").all_inner_texts()[2:] == [
        "column 3",
        "column 4",
    ]
    looking.expect("#classes").to_contain_text("column 1 →; column 2 ↑")
    assert looking.page.locator("[name=features]:visible").count() == 0


def test_a_table_can_be_dropped_on_the_page(look):
    looking = look()
    dropped = looking.page.evaluate_handle(
        """text => {
          const data = new DataTransfer();
          data.items.add(new File([text], "own.csv"));
          return data;
        }""",
        FLOWERS,
    )
    looking.page.dispatch_event("main", "dragover", {"dataTransfer": dropped})
    looking.page.locator("#drop").wait_for()
    looking.page.dispatch_event("main", "drop", {"dataTransfer": dropped})
    looking.becomes("data", "upload")
    assert looking.page.locator("#drop").is_hidden()


def test_what_is_no_table_is_refused_in_words_and_changes_nothing(look):
    looking = look()
    looking.page.set_input_files("#file", given("no table", "letter.txt"))
    looking.page.locator("#notice").wait_for()
    looking.expect("#notice p").to_contain_text("letter.txt: ")
    assert looking.counters["state"]["data"] == "spirals"
    looking.complaints.clear()  # Chromium writes a refused request to its console


def test_an_address_that_asks_for_a_table_waits_for_it_with_all_else(look):
    looking = look("data=upload&axes=2,3&layers=3")
    looking.page.get_by_text("no file has been sent yet").wait_for()
    assert looking.counters["state"]["data"] == "spirals"
    looking.expect("#summary").to_contain_text("2–3–1")
    looking.page.set_input_files("#file", given(WIDE))
    looking.becomes("data", "upload")
    assert looking.hash == "#data=upload&axes=2,3&layers=3"


@pytest.mark.parametrize("data", ["moons", "line", "digits"])
def test_what_is_exported_runs_as_a_file_and_gives_the_same(look, tmp_path, data):
    looking = look(f"data={data}&unit=2.0&row=3")
    looking.learn("window.playground.step > 50")
    with looking.page.expect_download() as download:
        looking.page.click("#export")
    assert download.value.suggested_filename == "glasswork-playground.zip"
    download.value.save_as(tmp_path / "network.zip")
    with ZipFile(tmp_path / "network.zip") as packed:
        packed.extractall(tmp_path)
    assert run(tmp_path, "--self-test").startswith("largest relative difference")
    rows = prepare(State.of({"data": data})[0]).train.raw[:5]
    told = run(tmp_path, stdin="\n".join(",".join(map(str, row)) for row in rows.tolist()))
    outputs = np.array([line.split(",") for line in told.split()], float)
    model = glasswork.load(tmp_path / "model.safetensors")
    np.testing.assert_allclose(outputs, model(rows).els, rtol=1e-4, atol=1e-5)
    shown = "Number(document.querySelector('#total b').textContent.replace('−', '-'))"
    looking.until(f"Math.abs({shown} / {outputs[3, 0]} - 1) < 1e-3")


def run(folder: Path, *arguments: str, stdin: str = "") -> str:
    """What the exported file prints."""
    command = [sys.executable, "network.py", *arguments]
    done = subprocess.run(
        command, cwd=folder, input=stdin, text=True, capture_output=True, check=True
    )
    return done.stdout
