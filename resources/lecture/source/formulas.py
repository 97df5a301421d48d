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
