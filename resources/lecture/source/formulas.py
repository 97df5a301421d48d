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
    "growth-distance": r"d(q) = \sum_{i \in W} G(i)\, \left( I_{p+i} - S_{q+i} \right)^2",
    "growth-candidates": r"\Omega(p) = \{\, q : d(q) \le (1 + \varepsilon)\, d_{\min} \,\}",
    "analogy-approximate": r"p_{\mathrm{app}} = \underset{p}{\arg\min}\; \| F(p) - F(q) \|^2",
    "analogy-coherent": r"p_{\mathrm{coh}} = s(r) + (q - r), \quad r \in N(q)",
    "analogy-kappa": r"d_{\mathrm{coh}} \le d_{\mathrm{app}}\, (1 + 2^{\ell - L} \kappa)",
    "prior-fit": r"\theta^* = \underset{\theta}{\arg\min}\; \| f_\theta(z) - x_0 \|^2",
    "prior-picture": r"x^* = f_{\theta^*}(z)",
    "sprite-next": r"j^* = \underset{j}{\arg\min}\; \alpha\, C_{ij} + \beta\, e_j + \gamma\, m_j",
    "sprite-future": r"m_i = \min_j\; \alpha\, C_{ij} + \beta\, e_j + \gamma\, m_j",
}


def main() -> None:
    ziamath.config.svg2 = False  # outlines in place: Qt draws no symbols
    folder = Path(__file__).resolve().parents[1]
    for name, formula in FORMULAS.items():
        picture = ziamath.Latex(formula, size=SIZE, color="currentColor")
        (folder / f"{name}.svg").write_text(picture.svg() + "\n", "utf-8")


if __name__ == "__main__":
    main()
