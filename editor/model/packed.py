"""An array kept small: zstd, packed in the background when it is big."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QThreadPool

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_AT_ONCE = 1 << 20  # up to this many bytes the packing is not felt


class Packed:
    def __init__(self, array: NDArray[Any]) -> None:
        self._shape, self._dtype = array.shape, array.dtype
        self._state: NDArray[Any] | bytes = array  # replaced in one assignment, so no lock
        if array.nbytes <= _AT_ONCE:
            self._pack()
        else:
            QThreadPool.globalInstance().start(self._pack)

    def _pack(self) -> None:
        if not isinstance(self._state, bytes):
            self._state = zstd.compress(np.ascontiguousarray(self._state).data, level=1)

    @property
    def nbytes(self) -> int:
        return len(self._state) if isinstance(self._state, bytes) else self._state.nbytes

    def array(self) -> NDArray[Any]:
        state = self._state
        if isinstance(state, bytes):
            return np.frombuffer(zstd.decompress(state), self._dtype).reshape(self._shape)
        return state
