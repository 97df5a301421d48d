"""Makes the sample pictures again, pixel for pixel on the same machine.

    python3.11 -m venv studio && studio/bin/pip install "bpy==4.5.*" numba pillow
    cd resources/samples/source
    ../../../studio/bin/python make.py                                 # all, into resources/samples
    ../../../studio/bin/python make.py lawn -o drafts --width 400 --samples 16    # a quick look

All of them take a quarter of an hour on two cores. Blender's Python module is needed here only; the
editor and its tests never import it.
"""

from __future__ import annotations

import argparse
import importlib
from pathlib import Path

SAMPLES = ("lawn", "wires", "print", "wall", "beach")


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the sample pictures again.")
    parser.add_argument("names", nargs="*", default=SAMPLES, metavar="NAME")
    parser.add_argument("-o", "--out", type=Path, default=Path(__file__).parents[1])
    parser.add_argument("--width", type=int, default=1600)
    parser.add_argument("--samples", type=int, default=32)
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    for name in asked.names:
        script = "still_life" if name == "print" else name
        importlib.import_module(script).make(asked.out, asked.width, asked.samples)


if __name__ == "__main__":
    main()
