"""Makes the formulas of Lecture mode again, as pictures.

    python3 -m venv ink && ink/bin/pip install "ziamath==0.13"
    ink/bin/python resources/lecture/source/formulas.py

They are outlines in ``currentColor``, at 20 px; the window gives them its own colour and size.
ziamath is needed here only; the editor and its tests never import it.
"""

from pathlib import Path

import ziamath

SIZE = 20  # px

FORMULAS = {
    "patchmatch-field": r"f(p) = \underset{q \in B}{\arg\min}\; D(p, q)",
    "patchmatch-distance": r"D(p, q) = \sum_{i \in W} \left\| A_{p+i} - B_{q+i} \right\|^2",
    "patchmatch-search": r"u_i = v_0 + w\,\alpha^i R_i, \quad \alpha = \tfrac{1}{2}",
}


def main() -> None:
    ziamath.config.svg2 = False  # outlines in place: Qt draws no symbols
    folder = Path(__file__).resolve().parents[1]
    for name, formula in FORMULAS.items():
        picture = ziamath.Latex(formula, size=SIZE, color="currentColor")
        (folder / f"{name}.svg").write_text(picture.svg() + "\n", "utf-8")


if __name__ == "__main__":
    main()
