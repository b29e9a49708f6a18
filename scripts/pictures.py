"""Draw the pictures of docs/pictures.md anew: its own code, into docs/pictures.

$ python scripts/pictures.py
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

DOCS = Path(__file__).parents[1] / "docs"
COLORS, LARGEST = 128, 60_000  # so that a file is small: colors, and bytes


def draw() -> None:
    """Run the code of the page, and keep what it has saved."""
    text = (DOCS / "pictures.md").read_text(encoding="utf-8")
    program = "".join(re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL))
    with TemporaryDirectory() as folder:
        os.chdir(folder)
        exec(compile(program, "docs/pictures.md", "exec"), {"__name__": "__main__"})
        for path in sorted(Path().glob("*.png")):
            print(f"{path.name}: {shrink(path, DOCS / 'pictures' / path.name):,} bytes")
        os.chdir(DOCS)


def shrink(path: Path, target: Path, colors: int = COLORS, largest: int = LARGEST) -> int:
    """Write a picture with as many colors as make a small file: its size."""
    picture = Image.open(path).convert("RGB")
    picture.quantize(colors, dither=Image.Dither.NONE).save(target, optimize=True)
    while (size := target.stat().st_size) > largest:
        colors //= 2
        picture.quantize(colors, dither=Image.Dither.NONE).save(target, optimize=True)
    return size


if __name__ == "__main__":
    draw()
