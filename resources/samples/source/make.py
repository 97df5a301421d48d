"""Makes the samples again: pictures pixel for pixel on the same machine, clips but for rounding.

    python3.11 -m venv studio && studio/bin/pip install "bpy==4.5.*" av numba pillow
    cd resources/samples/source
    ../../../studio/bin/python make.py                                 # all, into resources/samples
    ../../../studio/bin/python make.py lawn -o drafts --width 400 --samples 16    # a quick look

All of them take half an hour on two cores; ROLL says how long each does. Blender's
Python module is needed here only; the editor and its tests never import it.
"""

from __future__ import annotations

import argparse
import importlib
from pathlib import Path

ROLL = {  # script, width, samples of each pixel; minutes on two cores
    "lawn": ("lawn", 1600, 32),  # 5
    "wires": ("wires", 1600, 32),  # 4
    "print": ("still_life", 1600, 32),  # 5
    "wall": ("wall", 1500, 12),  # 1
    "beach": ("beach", 1500, 10),  # 1
    "table": ("table", 4000, 2),  # 3
    "ridge": ("ridge", 1500, 10),  # 1
    "quay": ("quay", 1600, 10),  # 1
    "balloons": ("balloons", 1500, 12),  # 2
    "textures": ("textures", 256, 12),  # 1
    "analogies": ("analogies", 384, 0),  # out of the others, in seconds
    "damaged": ("damaged", 384, 0),  # out of the others, in seconds
    "candle": ("candle", 480, 6),  # 1; of clips Blender makes the stills, NumPy what moves
    "pendulum": ("pendulum", 480, 8),  # 1
    "flag": ("flag", 480, 6),  # 1
    "fountain": ("fountain", 480, 5),  # 1
    "koi": ("koi", 432, 8),  # 2
}


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the samples again.")
    parser.add_argument("names", nargs="*", default=list(ROLL), metavar="NAME")
    parser.add_argument("-o", "--out", type=Path, default=Path(__file__).parents[1])
    parser.add_argument("--width", type=int, help="usually that of the picture that comes along")
    parser.add_argument("--samples", type=int, help="usually those of the one that comes along")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    for name in asked.names:
        script, width, samples = ROLL[name]
        make = importlib.import_module(script).make
        make(asked.out, asked.width or width, asked.samples or samples)


if __name__ == "__main__":
    main()
