"""Takes the pictures of the window: those of the README, and those of the manual.

PYTHONPATH=. .venv/bin/python resources/screenshots/take.py [NAME…]

A name is that of a picture without its ending, such as ``loop``, or of the film, ``fill-film``;
without names all are taken. What is seen in them say ``scenes``.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image
from PySide6.QtGui import QImage
from scenes import FILMS, MANUAL, README, Hand

from editor import guard
from editor.app import Parts, application

HERE = Path(__file__).parent
PAGES = HERE.parent / "help" / "pictures"
LARGE, SMALL = (1600, 1000), (1280, 800)
MOST, MOST_OF_FILM = 115_000, 780_000  # bytes

Write = Callable[[Any, Path], None]


def main(names: list[str]) -> None:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    guard.prepare()  # kernels that were compiled once stay so, whatever home a picture has
    for name, scene in README.items():
        if not names or name in names:
            led(scene, LARGE, HERE / f"{name}.jpg", write_still)
    for name, scene in MANUAL.items():
        if not names or name in names:
            led(scene, SMALL, PAGES / f"{name}.webp", write_still)
    for name, film in FILMS.items():
        if not names or f"{name}-film" in names:
            led(film, SMALL, HERE / f"{name}.webp", write_film)


def led(scene: Callable[[Hand], Any], size: tuple[int, int], out: Path, write: Write) -> None:
    """Lead a program of its own to what is to be seen, and write that."""
    with tempfile.TemporaryDirectory() as home:
        os.environ["PATINA_HOME"] = home
        hand = Hand(Parts(application(), theme_name="dark"), Path(home))
        hand.window.resize(*size)
        hand.window.show()
        hand.rest()
        seen = scene(hand)
        write(hand.seen() if seen is None else seen, out)
        hand.end()
    print(f"{out.name}: {out.stat().st_size / 1000:.0f} kB")


def write_still(picture: QImage, out: Path) -> None:
    pixels = pixels_of(picture)
    if out.suffix == ".jpg":
        pixels.save(out, quality=92)
        return
    for quality in range(84, 40, -6):
        pixels.save(out, quality=quality, method=6)
        if out.stat().st_size <= MOST:
            break


def write_film(film: list[tuple[QImage, int]], out: Path) -> None:
    frames, times = [pixels_of(picture) for picture, _ in film], [time for _, time in film]
    for quality in range(80, 30, -8):
        frames[0].save(
            out, save_all=True, append_images=frames[1:], duration=times, loop=0,
            quality=quality, method=4, minimize_size=True, allow_mixed=True,
        )  # fmt: skip
        if out.stat().st_size <= MOST_OF_FILM:
            break


def pixels_of(picture: QImage) -> Image.Image:
    picture = picture.convertToFormat(QImage.Format.Format_RGB888)
    size, line = (picture.width(), picture.height()), picture.bytesPerLine()
    return Image.frombytes("RGB", size, bytes(picture.constBits()), "raw", "RGB", line)


if __name__ == "__main__":
    main(sys.argv[1:])
