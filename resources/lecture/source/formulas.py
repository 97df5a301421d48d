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
    "shannon-chance": r"p(j \mid b) = \frac{N(b\,j)}{N(b)}",
    "shannon-entropy": r"F_n = -\sum_{b,\,j} p(b, j)\, \log_2 p(j \mid b)",
    "chain-next": r"p_{k+1} = p_k\, P",
    "chain-limit": r"\pi P = \pi, \quad \sum_i \pi_i = 1",
    "chain-entropy": r"H = -\sum_i \pi_i \sum_j P_{ij} \log_2 P_{ij}",
    "texture-dynamics": r"D'_{ij} = \sum_k w_k\, D_{i+k,\,j+k}",
    "texture-future": r"D''_{ij} = (D'_{ij})^p + \alpha \min_k D''_{jk}",
    "texture-chance": r"P_{ij} \propto e^{-D''_{i+1,\,j}\, /\, \sigma}",
}


def main() -> None:
    ziamath.config.svg2 = False  # outlines in place: Qt draws no symbols
    folder = Path(__file__).resolve().parents[1]
    for name, formula in FORMULAS.items():
        picture = ziamath.Latex(formula, size=SIZE, color="currentColor")
        (folder / f"{name}.svg").write_text(picture.svg() + "\n", "utf-8")


if __name__ == "__main__":
    main()
