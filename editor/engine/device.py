"""Where an algorithm runs: the CPU with so many threads, or a CUDA card."""

from __future__ import annotations

import ctypes
import functools
import os
import sys
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Device:
    kind: str = "cpu"  # "cpu" or "cuda"
    threads: int = os.cpu_count() or 1
    name: str = "CPU"

    def __post_init__(self) -> None:
        if self.kind not in ("cpu", "cuda"):
            raise ValueError(f'there is no device "{self.kind}": choose auto, cpu or cuda')
        if self.threads < 1:
            raise ValueError(f"threads is {self.threads}: at least 1 is needed")

    @property
    def text(self) -> str:
        """What the status bar says: "CPU ×2", "NVIDIA H200"."""
        return self.name if self.kind == "cuda" else f"CPU ×{self.threads}"

    @classmethod
    def best(cls, threads: int | None = None) -> Device:
        """CUDA where torch has it and a tiny operation works, else the CPU."""
        return cls.named("auto", threads)

    @classmethod
    def named(cls, kind: str, threads: int | None = None) -> Device:
        """The device a person asked for: auto, cpu or cuda. Imports torch if there is a card."""
        threads = threads or os.cpu_count() or 1
        if kind == "cpu":
            return cls("cpu", threads)
        card = _working_card() if _driver_sees_a_card() else None
        if card is not None and kind in ("auto", "cuda"):
            return cls("cuda", threads, card)
        if kind == "cuda":
            raise ValueError("there is no working CUDA device here: choose cpu or auto")
        return cls("cpu" if kind == "auto" else kind, threads)


@functools.cache
def _driver_sees_a_card() -> bool:
    """Ask the driver itself: importing torch for a machine without a card would cost a second."""
    try:
        driver = ctypes.CDLL("nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1")
        count = ctypes.c_int(0)
        return (
            driver.cuInit(0) == 0
            and driver.cuDeviceGetCount(ctypes.byref(count)) == 0
            and (count.value > 0)
        )
    except (OSError, AttributeError):
        return False


@functools.cache
def _working_card() -> str | None:
    """The name of the CUDA card, or None: a driver can be present and still not work."""
    try:
        from editor.engine.torch_library import load_torch

        load_torch()
        import torch

        if not torch.cuda.is_available():
            return None
        if float((torch.ones(8, device="cuda") * 2).sum()) != 16:
            return None
        return str(torch.cuda.get_device_name())
    except (ImportError, RuntimeError, AssertionError):
        return None
