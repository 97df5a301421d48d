"""Random numbers by counter, for everything random in the engine: a seed and a place, no past.

The same seed gives the same numbers on one thread or eight. Kernels call
``editor.engine.kernels.random.bits(seed, counter)`` themselves.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from editor.engine.kernels.random import fill_normals
from editor.engine.threads import Crew


def normals(seed: int, shape: tuple[int, ...], crew: Crew | None = None) -> NDArray[np.float32]:
    """Numbers of mean 0 and deviation 1, nearly normal."""
    flat = np.empty(math.prod(shape), np.float32)
    (crew or Crew(1))(fill_normals, 0, len(flat), np.uint64(seed), flat)
    return flat.reshape(shape)
