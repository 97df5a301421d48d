"""Takes the pictures of the window: those of the README, and those of the manual.

PYTHONPATH=. .venv/bin/python resources/screenshots/take.py [NAME…]

A name is that of a picture without its ending, such as ``loop``; without names all are taken. What
is seen in them say ``scenes``.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from PySide6.QtGui import QImage
from scenes import MANUAL, README, Hand

from editor import guard
from editor.app import Parts, application

HERE = Path(__file__).parent
PAGES = HERE.parent / "help" / "pictures"
LARGE, SMALL = (1600, 1000), (1280, 800)
MOST = 115_000  # bytes of a picture of the manual


def main(names: list[str]) -> None:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    guard.prepare()  # kernels that were compiled once stay so, whatever home a picture has
    for name, scene in README.items():
        if not names or name in names:
            take(scene, HERE / f"{name}.jpg", LARGE)
    for name, scene in MANUAL.items():
        if not names or name in names:
            take(scene, PAGES / f"{name}.webp", SMALL)


def take(scene: Callable[[Hand], None], out: Path, size: tuple[int, int]) -> None:
    with tempfile.TemporaryDirectory() as home:
        os.environ["PATINA_HOME"] = home
        hand = Hand(Parts(application(), theme_name="dark"), Path(home))
        hand.window.resize(*size)
        hand.window.show()
        hand.rest()
        scene(hand)
        write(hand.window.grab().toImage(), out)
        hand.end()
    print(f"{out.name}: {out.stat().st_size / 1000:.0f} kB")


def write(picture: QImage, out: Path) -> None:
    picture = picture.convertToFormat(QImage.Format.Format_RGB888)
    size = picture.width(), picture.height()
    pixels = Image.frombytes("RGB", size, bytes(picture.constBits()), "raw", "RGB",
                             picture.bytesPerLine())  # fmt: skip
    if out.suffix == ".jpg":
        pixels.save(out, quality=92)
        return
    for quality in range(84, 40, -6):
        pixels.save(out, quality=quality, method=6)
        if out.stat().st_size <= MOST:
            break


if __name__ == "__main__":
    main(sys.argv[1:])
