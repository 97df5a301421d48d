"""Deep image prior: a picture restored by fitting an untrained network to it alone.

    D. Ulyanov, A. Vedaldi, V. Lempitsky, Deep Image Prior, CVPR 2018.

``restore`` checks what is asked and returns a ``Restoration``. Its ``steps`` fit the network and
show the mean of its outputs; they end by themselves where the outputs begin to vary more (see
``prior_stop``) or after so many iterations. Whoever closes them may call them again: they go on
where they were, and on the CPU the result is the same to the last bit. The fit is the same for the
same seed and number of threads; the libraries beneath add up in another order on another number.

Pictures keep their depth, and alpha stays as it is (it is enlarged with the picture). Float
pictures are restored as displayed, up to their brightest pixel. Pixels that are not numbers are
restored like a hole. Where there is a mask nothing outside it changes. A picture too large for the
memory is restored in overlapping tiles; then there are no checkpoints.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import psutil
import torch
from numpy.typing import NDArray

from editor.engine.aside import Aside
from editor.engine.curve import Checkpoint, Curve, Saved
from editor.engine.cv import cv2
from editor.engine.device import Device
from editor.engine.image import Cover, Mask, Picture, Rect, Size, check_fits
from editor.engine.jpeg_steps import Steps
from editor.engine.networks import NETS, Architecture
from editor.engine.prior_estimate import Estimate, bytes_each, free_memory, probe
from editor.engine.prior_finish import Finish
from editor.engine.prior_fit import Course, Fit, all_sizes
from editor.engine.prior_tasks import TASKS, Floats, Problem, problem
from editor.engine.prior_tiles import OVERLAP, ramp, tiles
from editor.engine.step import Step, last

_SHOWN = 0.5  # seconds between two pictures
_CHECKPOINTS = 24  # kept at most; then every other one goes
_SHARE = 0.6  # of the free memory that may be taken
_SMALLEST = 4 * OVERLAP  # side of a tile; below that the overlap is most of the work
_ALONE = 192 * 192  # pixels; of fewer, threads wait for each other longer than they work
_BESIDE = 80  # bytes for a pixel of the result, whatever the network takes

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Settings:
    """What a person may choose; None is what suits the task."""

    net: str | None = None
    iterations: int | None = None  # at all sizes together
    automatic: bool = True  # stop where fitting on would make it worse
    noise: float | None = None  # deviation of what is added to the input at each iteration
    tv: float = 0.0  # weight of the total variation
    average: float = 0.99  # weight of the past in the mean of the outputs
    budget: float | None = None  # seconds, after which the best picture until then is taken
    strength: float = 1.0  # of 0..1: less leaves some of what was there
    seed: int = 0

    def __post_init__(self) -> None:
        if self.net is not None and self.net not in NETS:
            raise ValueError(f'there is no network "{self.net}": choose {", ".join(NETS)}')
        for name, low, high in (
            ("iterations", 1, 100_000),
            ("noise", 0, 1),
            ("tv", 0, 10),
            ("average", 0, 0.9999),
            ("budget", 0, 1e9),
            ("strength", 0, 1),
        ):
            value = getattr(self, name)
            if value is not None and not low <= value <= high:
                raise ValueError(f"{name} is {value}: it goes from {low} to {high:g}")


@dataclass(frozen=True, slots=True, eq=False)
class Restored:
    picture: Picture  # in the depth of the picture that was given
    curve: Curve  # of the tile that is being restored


def restore(
    image: Picture,
    task: str,
    *,
    hole: Mask | Cover | None = None,
    scale: int = 4,
    flash: Picture | None = None,
    settings: Settings | None = None,
    device: Device | None = None,
) -> Restoration:
    """Denoise, jpeg, superres (``scale`` times), inpaint (the ``hole``) or flash (its picture).

    In the other tasks a hole says where the picture may change; what is enlarged changes anyway.
    """
    settings = settings or Settings()
    asked = problem(image, task, hole=hole, scale=scale, flash=flash)
    finish = _finish(image, task, asked, hole, settings.strength)
    chosen = TASKS[task]
    architecture = NETS[settings.net or chosen.net]
    full = chosen.iterations if architecture.early else 2 * chosen.iterations
    course = Course(
        settings.iterations or sum(all_sizes(full, architecture)),
        chosen.noise if settings.noise is None else settings.noise,
        settings.tv,
        settings.average,
        settings.automatic and chosen.stops,
        settings.seed,
    )
    return Restoration(finish, asked, architecture, course, settings.budget, device)


def at(
    checkpoint: Checkpoint,
    image: Picture,
    task: str,
    *,
    hole: Mask | Cover | None = None,
    scale: int = 4,
    strength: float = 1.0,
) -> Picture:
    """The picture as it was at a checkpoint of a restoration that is over."""
    asked = problem(image, "denoise" if task == "flash" else task, hole=hole, scale=scale)
    return _finish(image, task, asked, hole, strength).checkpoint(checkpoint)


def _finish(
    image: Picture, task: str, asked: Problem, hole: Mask | Cover | None, strength: float
) -> Finish:
    cover = None if asked.scale > 1 or hole is None or not hole.any() else hole
    if cover is not None:
        check_fits(image, cover)
    steps = Steps.of(image) if task == "jpeg" else None
    return Finish(image, cover, asked.scale, asked.ceiling, strength, steps)


def warm_up() -> None:
    """Have everything loaded that the first iteration would wait for."""
    last(restore(np.zeros((8, 8, 3), np.uint8), "denoise", settings=Settings(iterations=1)).steps())


class Restoration:
    """One restoration: start it, leave it, go on, save it, look at its curves and checkpoints."""

    def __init__(
        self,
        finish: Finish,
        asked: Problem,
        architecture: Architecture,
        course: Course,
        budget: float | None,
        device: Device | None,
    ) -> None:
        _check_room(asked)
        self._finish, self._problem = finish, asked
        self._architecture, self._course, self._budget = architecture, course, budget
        device = device or Device()
        self._threads, self._device = device.threads, torch.device(device.kind)
        self._lock = threading.RLock()  # work that was left may still be ending
        self._fit: Fit | None = None
        self._tiles: list[Rect] = []
        self._tile = 0
        self._sum = np.zeros((*asked.size, asked.target.shape[2]), np.float32)
        self._weight = np.zeros(asked.size, np.float32)
        self._each = 0.0  # bytes of memory for a pixel of the good picture
        self._spent = 0.0
        self._apart = 1  # iterations between two checkpoints
        self.notice = ""  # what had to be done otherwise than asked, for the person
        self._checkpoints: list[Checkpoint] = []  # of the tile that is being restored

    @property
    def over(self) -> bool:
        return bool(self._tiles) and self._tile >= len(self._tiles)

    @property
    def done(self) -> int:
        """Iterations of the tile that is being restored."""
        return 0 if self._fit is None else self._fit.done

    @property
    def losses(self) -> Sequence[float]:
        """One for each iteration of the tile that is being restored."""
        return () if self._fit is None else self._fit.losses

    def steps(self) -> Generator[Step[Restored]]:
        """Fit until it is over; about twice a second there is a picture."""
        with Aside(self._leave) as aside:
            yield from self._empty(aside(self._prepare))
            began = shown = time.monotonic()
            while not self.over and (self._budget is None or self._spent < self._budget):
                yield from self._empty(aside(self._iterate))
                now = time.monotonic()
                self._spent, began = self._spent + now - began, now
                if now - shown >= _SHOWN:
                    value = yield from self._empty(aside(self.restored))
                    yield Step(self._done, value)
                    shown = time.monotonic()
            value = yield from self._empty(aside(lambda: self.restored(chosen=True)))
            yield Step(1.0, value)

    def estimate(self) -> Iterator[Step[Estimate]]:
        """Time and memory, from some iterations at each size; what is fitted is not touched."""
        with Aside(self._leave) as aside:
            yield from self._empty(aside(self._prepare))
            tile = self._tiles[0]
            runs = probe(self._problem.cut(tile), self._architecture, self._course, self._device)
            seconds: list[float] = []
            while (run := (yield from self._empty(aside(lambda: next(runs, None))))) is not None:
                done, seconds = run
                yield Step(done)
        counts = self._course.counts(self._architecture)
        once = sum(count * second for count, second in zip(counts, seconds, strict=True))
        tiles, memory = len(self._tiles), self._bytes(tile.area)
        yield Step(1.0, Estimate(once * tiles, memory, seconds[-1], tiles))

    def restored(self, *, chosen: bool = False) -> Restored:
        """The picture so far, or the one at which to stop; at first the degraded one."""
        with self._lock:
            pixels, weight, fit = self._sum.copy(), self._weight.copy(), self._fit
            chosen = chosen and self._course.stops
            own = fit.picture(chosen=chosen) if fit is not None and fit.losses else None
            if own is not None and not self.over:
                self._add(pixels, weight, own)
            missing = weight == 0
            if missing.any():
                start = cv2.resize(self._problem.target, weight.shape[::-1])
                pixels[missing], weight[missing] = start.reshape(pixels.shape)[missing], 1
            curve = self._curve(own, chosen=chosen)
        return Restored(self._finish.picture(pixels / weight[..., None]), curve)

    def _curve(self, own: Floats | None, *, chosen: bool) -> Curve:
        """The picture that is shown is one of the checkpoints."""
        ends = tuple(np.cumsum(self._course.counts(self._architecture)).tolist())
        fit = self._fit
        if fit is None or own is None:
            return Curve(np.zeros(0), np.zeros(0), ends, 0, 0)
        taken = fit.best if chosen and fit.best else fit.done
        kept = [one for one in self._checkpoints if one.iteration != taken]
        if len(self._tiles) == 1:  # a part of the picture would say little
            kept.append(Checkpoint(taken, self._kept(own)))
        kept.sort(key=lambda one: one.iteration)
        losses, variances = np.array(fit.losses), np.array(fit.variances)
        return Curve(losses, variances, ends, fit.best, taken, tuple(kept))

    def at(self, checkpoint: Checkpoint) -> Picture:
        """The picture as it was then."""
        return self._finish.checkpoint(checkpoint)

    def saved(self) -> Saved:
        """All that is needed to go on later, as arrays."""
        with self._lock:
            arrays = {} if self._fit is None else self._fit.saved()
            arrays |= {"sum": self._sum.copy(), "weight": self._weight.copy()}
            arrays["tiles"] = np.array(self._tiles).reshape(-1, 4)
            arrays["place"] = np.array([self._tile, self._apart])
            arrays["spent"], arrays["progress"] = np.array(self._spent), np.array(self._done)
            arrays["ends"] = np.cumsum(self._course.counts(self._architecture))
            arrays["best"] = np.array(0 if self._fit is None else self._fit.best)
            arrays["checked"] = np.array([one.iteration for one in self._checkpoints], np.int64)
            if self._checkpoints:
                arrays["checkpoints"] = np.stack([one.pixels for one in self._checkpoints])
            return arrays

    def load(self, arrays: Saved) -> None:
        """Go on where a restoration of the same picture with the same settings was saved."""
        try:
            self._load(arrays)
        except (LookupError, TypeError, AttributeError, RuntimeError) as problem:
            raise ValueError("the saved restoration is damaged: begin it anew") from problem

    def _load(self, arrays: Saved) -> None:
        if arrays["sum"].shape != self._sum.shape:
            raise ValueError(
                f"the saved restoration is {Size.of(arrays['sum'])} and this one is "
                f"{Size.of(self._sum)}: it is of another picture"
            )
        with self._lock:
            self._sum, self._weight = arrays["sum"].copy(), arrays["weight"].copy()
            self._tiles = [Rect(*tile) for tile in arrays["tiles"].tolist()]
            self._tile, self._apart = int(arrays["place"][0]), int(arrays["place"][1])
            self._spent = float(arrays["spent"])
            self._checkpoints = [
                Checkpoint(iteration, arrays["checkpoints"][number])
                for number, iteration in enumerate(arrays["checked"].tolist())
            ]
            self._fit = None
            if "weights" in arrays:
                self._fit = self._begun(min(self._tile, len(self._tiles) - 1))
                self._fit.load(arrays)

    def _prepare(self) -> None:
        """On the thread that will do the work: torch counts its threads from there."""
        with self._lock:
            few = self._problem.size[0] * self._problem.size[1] < _ALONE
            torch.set_num_threads(1 if few else self._threads)
            self._each = self._each or bytes_each(
                self._architecture, self._problem, torch.device("cpu")
            )
            self._tiles = self._tiles or self._cut()

    def _begun(self, tile: int) -> Fit:
        part = self._problem.cut(self._tiles[tile])
        return Fit(part, self._architecture, self._course, self._device)

    def _iterate(self) -> None:
        with self._lock:
            try:
                self._advance()
                return
            except (RuntimeError, MemoryError) as problem:
                if not _out_of_memory(problem):
                    raise
            self._make_smaller()  # out there, where the error holds no tensors any more

    def _advance(self) -> None:
        """An iteration, and what there is to do after the last one of a tile."""
        if self._fit is None:
            self._fit = self._begun(self._tile)
        fit = self._fit
        fit.iterate()
        if fit.done % self._apart == 0 and len(self._tiles) == 1:
            self._keep_checkpoint(fit)
        if fit.over:
            self._add(self._sum, self._weight, fit.picture(chosen=self._course.stops))
            self._tile += 1
            if not self.over:
                self._fit, self._checkpoints, self._apart = None, [], 1

    def _leave(self) -> None:
        if self._fit is not None:
            self._fit.leave()

    def _keep_checkpoint(self, fit: Fit) -> None:
        self._checkpoints.append(Checkpoint(fit.done, self._kept(fit.picture())))
        if len(self._checkpoints) > _CHECKPOINTS:
            self._apart *= 2
            self._checkpoints = [
                one for one in self._checkpoints if one.iteration % self._apart == 0
            ]

    def _kept(self, pixels: Floats) -> NDArray[Any]:
        small = self._finish.image.dtype == np.uint8
        return np.rint(pixels * 255).astype(np.uint8) if small else pixels.astype(np.float16)

    def _add(self, pixels: Floats, weight: Floats, restored: Floats) -> None:
        """A tile to the sum of all, with less weight where it overlaps others."""
        scale = self._problem.scale
        tile = Rect(*(side * scale for side in self._tiles[self._tile]))
        part = ramp(tile, Size(weight.shape[1], weight.shape[0]))
        pixels[tile.slices] += restored * part[..., None]
        weight[tile.slices] += part

    @property
    def _done(self) -> float:
        """An iteration at half the size is a quarter of the work."""
        counts = self._course.counts(self._architecture)
        costs = np.repeat(0.25 ** np.arange(len(counts))[::-1], counts)
        done = 0 if self.over else self.done
        part = costs[:done].sum() / costs.sum()
        return float((self._tile + part) / max(1, len(self._tiles)))

    def _bytes(self, area: int) -> int:
        return round(self._each * area * self._problem.scale**2)

    def _cut(self) -> list[Rect]:
        """One tile, or as many as the memory asks for; refused where the smallest is too large."""
        size, free = Size.of(self._problem.target), free_memory(self._device)
        room = _SHARE * free
        if self._bytes(size.width * size.height) <= room:
            return [Rect(0, 0, *size)]
        side = 1 << max(size).bit_length()
        while side > _SMALLEST and self._bytes(side * side) > room:
            side //= 2
        needed = self._bytes(side * side)
        if needed > room:
            raise ValueError(
                f"restoring this picture takes {needed / 1e9:.1f} GB of memory even in parts and "
                f"{free / 1e9:.1f} GB are free: choose a smaller network"
            )
        return tiles(size, side)

    def _make_smaller(self) -> None:
        """There was less memory than it seemed: smaller tiles; then the CPU; then there is none."""
        size = Size.of(self._problem.target)
        side = (1 << max(self._tiles[0][2:]).bit_length()) // 4
        if self._device.type == "cuda":
            torch.cuda.empty_cache()
        if side >= _SMALLEST:
            self.notice = f"memory ran out: the picture is restored in parts of {side} pixels"
            self._tiles = tiles(size, side)
        elif self._device.type == "cuda":
            self.notice = "the card ran out of memory: the picture is restored on the CPU"
            self._device = torch.device("cpu")
            self._tiles = self._cut()
        else:
            raise ValueError("memory ran out: close other programs or choose a smaller network")
        self._sum[:], self._weight[:] = 0, 0
        self._tile, self._fit, self._checkpoints, self._apart = 0, None, [], 1

    def _empty(self, pauses: Generator[None, None, T]) -> Generator[Step[Any], None, T]:
        """Pauses as Steps without a value."""
        while True:
            try:
                next(pauses)
            except StopIteration as end:
                value: T = end.value
                return value
            yield Step(self._done)


def _check_room(asked: Problem) -> None:
    """Raise ValueError where not even the result would fit into memory."""
    size, free = Size(asked.size[1], asked.size[0]), psutil.virtual_memory().available
    needed = _BESIDE * size.width * size.height
    if needed > free:
        enlarged = f"enlarged {asked.scale} times " if asked.scale > 1 else ""
        raise ValueError(
            f"{enlarged}the picture is {size}, which takes {needed / 1e9:.1f} GB of memory, and"
            f" {free / 1e9:.1f} GB are free"
        )


def _out_of_memory(problem: BaseException) -> bool:
    if isinstance(problem, MemoryError | torch.OutOfMemoryError):
        return True
    text = str(problem)
    return "can't allocate memory" in text or "not enough memory" in text
