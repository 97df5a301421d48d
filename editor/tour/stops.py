"""Where the tour stops: mode by mode, as far as there are samples."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from pathlib import Path

from editor.files.samples import TASKS, Sample
from editor.tour import clips, growths, pictures
from editor.tour.stop import Stop
from editor.tour.texts import texts


def stops(samples: Iterable[Sample], out: Path) -> tuple[Stop, ...]:
    """Where the tour goes with these samples, mode by mode, and writes into this folder."""
    by_task: dict[str, list[Sample]] = {task: [] for task in TASKS}
    for sample in samples:
        by_task[sample.task].append(sample)
    makers: dict[str, Callable[[Sequence[Sample], Path], Iterable[Stop]]] = {
        "fill": pictures.fills,
        "retarget": pictures.retargets,
        "reshuffle": pictures.reshuffles,
        "texture": growths.textures,
        "extend": growths.extensions,
        "analogy": growths.analogies,
        "restore": pictures.restorations,
        "loop": clips.loops,
        "sprite": clips.sprites,
    }
    if not by_task["extend"]:
        by_task["extend"] = by_task["retarget"][:1] or by_task["fill"][:1]
    made = (makers[task](by_task[task], out) for task in TASKS if by_task[task])
    return (*chain.from_iterable(made), *texts(out))


def chosen(every: Sequence[Stop], names: Sequence[str]) -> tuple[Stop, ...]:
    """Those that are named, or their modes, and what they need. Raises ValueError."""
    known = {name for stop in every for name in (stop.name, stop.task)}
    stranger = next((name for name in names if name not in known), None)
    if stranger is not None:
        tasks = ", ".join(dict.fromkeys(stop.task for stop in every))
        raise ValueError(f"the tour has no stop {stranger!r}: choose among {tasks}, or a sample")
    wanted = {stop.name for stop in every if {stop.name, stop.task} & set(names)}
    wanted |= {stop.needs for stop in every if stop.name in wanted}
    return tuple(stop for stop in every if not names or stop.name in wanted)
