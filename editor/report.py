"""What a run on the command line was and what it took: the JSON of --report."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from editor import __version__
from editor.engine.device import Device
from editor.engine.image import Picture, Size
from editor.operations.base import Operation


@dataclass(slots=True)
class Stopwatch:
    """Seconds by the name of what was done: with watch("load"): …"""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        began = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = round(time.perf_counter() - began, 4)


def run_report(
    name: str,
    operation: Operation,
    device: Device,
    seconds: dict[str, float],
    source: dict[str, Any],
    target: dict[str, Any],
) -> dict[str, Any]:
    params = operation.to_dict()
    return {
        "operation": name,
        "params": params,
        "seed": params.get("seed"),
        "device": device.name if device.kind == "cuda" else "cpu",
        "threads": device.threads,
        "seconds": seconds,
        "peak_rss_mb": peak_memory_mb(),
        "input": source,
        "output": target,
        "version": __version__,
    }


def about_picture(path: Path, pixels: Picture, **more: Any) -> dict[str, Any]:
    return {
        "path": str(path),
        "size": list(Size.of(pixels)),
        "channels": 1 if pixels.ndim == 2 else pixels.shape[2],
        "depth": str(pixels.dtype),
        **more,
    }


def as_json(reports: list[dict[str, Any]]) -> bytes:
    """One run is an object, a batch is a list of them."""
    content = reports[0] if len(reports) == 1 else reports
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()


def peak_memory_mb() -> float:
    """The most memory this process has held at once."""
    if sys.platform == "win32":
        import psutil

        return round(float(psutil.Process().memory_info().peak_wset) / 1e6, 1)
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak * (1 if sys.platform == "darwin" else 1024) / 1e6, 1)
