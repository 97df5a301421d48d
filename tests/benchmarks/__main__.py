"""`make bench`: run every benchmark here, or the named ones, and print their tables.

A benchmark is a module beside this one with a ``main()`` that prints a Markdown table.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
import time
from types import ModuleType

import tests.benchmarks as package
from editor import guard
from editor.engine.device import Device


def benchmarks(names: list[str]) -> list[ModuleType]:
    """The modules that can be run, in the order of their names."""
    found = pkgutil.iter_modules(package.__path__)
    there = sorted(one.name for one in found if not one.name.startswith("_"))
    unknown = [name for name in names if name not in there]
    if unknown:
        raise ValueError(f"there is no benchmark {unknown[0]}: choose {', '.join(there)}")
    modules = [importlib.import_module(f"{package.__name__}.{name}") for name in names or there]
    return [module for module in modules if hasattr(module, "main")]


def main(names: list[str]) -> int:
    guard.prepare()
    try:
        found = benchmarks(names)
    except ValueError as problem:
        print(f"bench: {problem}", file=sys.stderr)
        return 2
    print(f"Python {sys.version.split()[0]}, {Device.best().text}")
    for module in found:
        began = time.perf_counter()
        title, *_ = (module.__doc__ or module.__name__).strip().splitlines()
        print(f"\n## {title}\n", flush=True)
        module.main()
        print(f"\n({time.perf_counter() - began:.1f} s)", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
