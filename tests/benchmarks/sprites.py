"""Sprites: the matte's truth and speed, the tables of long footage, steering along a square

Floors. A frame of 640 × 480: differences 1 MB read and 5 MB written, 1 ms; two pyramids and one
solve of the object's surroundings: prediction 5 ms for a small object, 15 for one like this.
Tables: 2000 poses × 33 arcs × 24 columns are 1.6 million sums a sweep, 0.5 ms; some 80 sweeps,
40 ms; the pictures of 64,000 jumps, two each of 4096 bytes, 0.1 to 0.2 s. 10,000 poses: 10⁸ pairs
of 9 features are 0.2 s, the rest five times as much. Found: 22 ms; 0.2 s and 1.2 to 1.6 s.
A film of 1200 frames: a beam of 64 × 33 successors, 20 points of the path each, 0.3 s.
Goals: alpha within 0.02, 3 levels of spill at an edge, tables 2 s and 30 s in 1 GB, the next
frame 1 ms, a square path within one body length, 60° better than random.
"""

from __future__ import annotations

import math
import os
import resource
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import numpy as np

from editor.engine.cv import cv2
from editor.engine.image import Point, Rect, Size
from editor.engine.kernels.random import bits
from editor.engine.matte import Backdrop, Matting, matte, over
from editor.engine.sprite import Cel, Sprite
from editor.engine.sprite_costs import Steering, Tables, tables, transitions
from editor.engine.sprite_poses import poses
from editor.engine.steer import Control, State
from editor.engine.steer_paths import polyline
from editor.engine.steer_walk import walked
from editor.engine.step import Step, last
from editor.files.sprites import read_sprite

_RUNS = 5
_SECONDS = 40
BACKDROPS = {
    "green": (30, 190, 50), "blue": (25, 80, 210), "magenta": (210, 40, 190),
    "white": (245, 245, 245), "black": (8, 8, 8),
}  # fmt: skip
COATS = {"grey": (130, 130, 130), "greenish": (95, 150, 85), "yellow": (175, 165, 50)}


def timed(work: Callable[[], Any], runs: int = _RUNS) -> float:
    seconds = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - began)
    return median(seconds)


def creature(angle: float, bend: float, side: int = 64) -> np.ndarray:
    """A body with a tail, RGBA, turned to where it goes."""
    big = np.zeros((side * 4, side * 4, 4), np.uint8)
    middle = side * 2
    ahead = np.array((math.cos(angle), math.sin(angle)))
    tail = [(middle - ahead * side * 0.5).astype(int).tolist()]
    for part in range(1, 12):
        turned = angle + bend * part / 12
        back = np.array((math.cos(turned), math.sin(turned))) * side * 0.09
        tail.append((np.array(tail[-1]) - back).astype(int).tolist())
    cv2.polylines(big, [np.array(tail)], False, (90, 70, 60, 255), side // 8, cv2.LINE_AA)
    axes = (round(side * 0.7), round(side * 0.4))
    cv2.ellipse(
        big, (middle, middle), axes, math.degrees(angle), 0, 360, (60, 50, 45, 255), -1, cv2.LINE_AA
    )
    nose = (middle + ahead * side * 0.6).astype(int).tolist()
    cv2.circle(big, nose, side // 8, (150, 110, 100, 255), -1, cv2.LINE_AA)
    return cv2.resize(big, (side, side), interpolation=cv2.INTER_AREA)


def wanderer(count: int) -> Sprite:
    """Footage of a creature that turns now here and now there, walks and rests."""
    rng = np.random.default_rng(0)
    cels, x, y, angle, turn, speed = [], 0.0, 0.0, 0.0, 0.0, 4.0
    for number in range(count):
        turn = 0.93 * turn + 0.02 * rng.standard_normal()
        speed = max(0.0, speed + 0.3 * rng.standard_normal() + 0.05 * (4 - speed))
        angle += turn
        x, y = (x + speed * math.cos(angle)) % 3000, (y + speed * math.sin(angle)) % 3000
        pixels = creature(angle, 0.8 * math.sin(number / 5))
        cels.append(Cel.of(number, 0, Rect(round(x), round(y), 64, 64), pixels))
    # Where the stage wraps round, the movement is cut.
    track, parts = 0, cels[:1]
    for before, cel in pairwise(cels):
        track += math.dist(before.centroid, cel.centroid) > 100
        parts.append(Cel.of(cel.number, track, cel.place, cel.pixels))
    return Sprite(tuple(parts), Size(4000, 4000), Fraction(30))


# ── mattes ──


def furry(height: int, width: int, coat: str = "brown") -> tuple[np.ndarray, np.ndarray]:
    """A known alpha with hairs, holes and a soft side, and patterned colours under it."""
    rng = np.random.default_rng(3)
    alpha = np.zeros((height * 4, width * 4), np.uint8)
    middle = (width * 2, height * 2)
    cv2.ellipse(alpha, middle, (width, round(height * 0.9)), 20, 0, 360, 255, -1)
    for angle in rng.uniform(0, 2 * math.pi, 160):
        reach = rng.uniform(1.0, 1.25)
        at = (
            round(middle[0] + width * reach * math.cos(angle)),
            round(middle[1] + height * 0.9 * reach * math.sin(angle)),
        )
        cv2.line(alpha, middle, at, 255, int(rng.integers(2, 6)))
    cv2.circle(alpha, (width * 2, round(height * 1.6)), height // 4, 0, -1)
    small = cv2.resize(alpha, (width, height), interpolation=cv2.INTER_AREA)
    blurred = cv2.GaussianBlur(small, (0, 0), 2.5)
    small[:, width // 2 :] = blurred[:, width // 2 :]
    return small.astype(np.float32) / 255, coloured(small, coat)


def coloured(alpha: np.ndarray, coat: str) -> np.ndarray:
    """Brown or of another colour, waved; with a grey rim or with grey spots."""
    height, width = alpha.shape
    y, x = np.indices((height, width))
    wave = 30 * np.sin(x / 9) * np.cos(y / 13)
    brown = np.stack([190 + wave, 120 + wave / 2 + y * 0.1, 80 + x * 0.05 - wave / 2], axis=2)
    if coat in COATS:
        return (COATS[coat] + wave[..., None]).astype(np.float32)
    rim = cv2.distanceTransform((alpha > 127).astype(np.uint8), cv2.DIST_L2, 5) < 9
    spots = np.hypot(x % 60 - 30, y % 60 - 30) < 12
    grey = {"brown": 0, "rimmed": rim, "spotted": spots}[coat]
    return np.where(np.dstack([grey]), 130 + wave[..., None], brown).astype(np.float32)


def show_mattes() -> None:
    print("| coat | backdrop | softness | alpha error | sharp edges | soft | spill, sharp, p99 "
          "| soft | lost, sharp, p99 | soft | inside | 1 thread | 2 |\n"
          "|---|---|---|---|---|---|---|---|---|---|---|---|---|")  # fmt: skip
    for coat, name in (
        ("brown", "green"), ("brown", "blue"), ("brown", "magenta"), ("brown", "white"),
        ("brown", "black"), ("grey", "green"), ("greenish", "blue"), ("yellow", "green"),
        ("rimmed", "green"), ("spotted", "green"),
    ):  # fmt: skip
        alpha, colours = furry(480, 640, coat)
        below = BACKDROPS[name]
        mixed = colours * alpha[..., None] + np.float32(below) * (1 - alpha[..., None])
        frame = np.rint(np.clip(mixed, 0, 255)).astype(np.uint8)
        for softness in (2.0, 4.0, 10.0):
            judged = (alpha, colours), frame, Backdrop.of_colours(below), softness
            print(f"| {coat} | {name} | {softness:g} px " + line_of(*judged), flush=True)


def line_of(
    true: tuple[np.ndarray, np.ndarray], frame: np.ndarray, backdrop: Backdrop, softness: float
) -> str:
    """A line of the table of mattes, for a frame of which the truth is known."""
    alpha, colours = true
    edge = (alpha > 0) & (alpha < 1)
    left = np.arange(640) < 320
    sides = edge & left, edge & ~left  # sharp hairs, and blur
    matting = Matting(softness=softness)
    found = matte(frame, backdrop, matting)
    error = np.abs(found[..., 3] / 255 - alpha)
    spill, lost = tinted(found, alpha, colours, backdrop)
    seconds = [timed(lambda n=n: matte(frame, backdrop, matting, threads=n)) for n in (1, 2)]
    return (
        f"| {error.mean():.4f} "
        + "".join(f"| {error[side].mean():.3f} " for side in sides)
        + "".join(f"| {np.percentile(spill[side], 99):.1f} " for side in sides)
        + "".join(f"| {np.percentile(lost[side], 99):.1f} " for side in (*sides, alpha == 1))
        + f"| {seconds[0] * 1e3:.1f} ms | {seconds[1] * 1e3:.1f} ms |"
    )


def tinted(
    found: np.ndarray, alpha: np.ndarray, colours: np.ndarray, backdrop: Backdrop
) -> tuple[np.ndarray, np.ndarray]:
    """On grey, in levels of a channel: the backdrop's hue beyond the object's own, and what of its
    own is missing.
    """
    true = colours * alpha[..., None] + 128 * (1 - alpha[..., None])
    tint, own = over(found, (128, 128, 128)) @ backdrop.key, true @ backdrop.key
    worst = np.abs(backdrop.key).max()
    spill = worst * np.maximum(tint - np.maximum(own, 0), 0)
    return spill, worst * np.maximum(own - tint, 0)


# ── tables and steering ──


def gaps(steps: Iterator[Step[Any]]) -> tuple[Any, float, float]:
    """The result, the seconds, and the longest time between two Steps."""
    began = before = time.perf_counter()
    longest, value = 0.0, None
    for step in steps:
        now = time.perf_counter()
        longest, before = max(longest, now - before), now
        value = step.value or value
    return value, time.perf_counter() - began, longest


def show_tables() -> None:
    print(
        "\n| poses | threads | jumps | tables | both | longest gap | slider | next frame | peak |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for count in (2000, 10_000):
        sprite = replace(wanderer(count // 2), mirrored=True)
        found = poses(sprite)
        for threads in (1, 2):
            jumps, first, gap = gaps(transitions(sprite, found, threads=threads))
            table, second, other = gaps(tables(found, jumps, threads=threads))
            moved = Steering(beta=5.0)
            slider = timed(
                lambda f=found, j=jumps, t=table, n=threads, moved=moved: last(
                    tables(f, j, moved, before=t, threads=n)
                )
            )
            control = Control(table, Rect(0, 0, 1920, 1080))
            frame = timed(lambda c=control: play(c, 1000)) / 1000
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(
                f"| {count} | {threads} | {first:.2f} s | {second:.3f} s | {first + second:.2f} s "
                f"| {max(gap, other) * 1e3:.0f} ms | {slider * 1e3:.0f} ms | {frame * 1e6:.0f} µs "
                f"| {peak:.0f} MB |",
                flush=True,
            )


def play(control: Control, frames: int) -> None:
    state = control.start()
    for _ in range(frames):
        state = control.next_frame(state, Point(1800, 900))


def wrong_way(control: Control, states: list[State], wanted: list[Point]) -> float:
    """The mean angle between where the poses move and where they should, degrees."""
    velocity = control.tables.poses.velocity[[state.pose for state in states]]
    ways = np.arctan2(velocity[:, 1], velocity[:, 0])
    goals = np.array(
        [math.atan2(to.y - s.y, to.x - s.x) for s, to in zip(states, wanted, strict=True)]
    )
    off = np.abs((ways - goals + np.pi) % (2 * np.pi) - np.pi)
    return float(np.degrees(off[np.hypot(*velocity.T) > 0.25 * control.tables.poses.speed]).mean())


def random_play(table: Tables, frames: int, seed: int) -> list[State]:
    """Any jump, now and then."""
    arcs, state, states = table.transitions.arcs, State(0, 0.0, 0.0), []
    for step in range(frames):
        row = arcs[state.pose][arcs[state.pose] >= 0]
        word = int(bits(seed, step))
        pose = int(row[word % len(row)]) if word >> 32 & 15 == 0 else int(row[0])
        dx, dy = table.poses.shift[pose].tolist()
        state = State(pose, state.x + dx, state.y + dy, step + 1)
        states.append(state)
    return states


def square(length: float) -> list[Point]:
    side = 6 * length
    return [Point(0, 0), Point(side, 0), Point(side, side), Point(0, side)]


class Steered(NamedTuple):
    """How well some footage goes forty seconds along a square."""

    poses: int
    cost: float  # E
    seconds: float  # that it took to find
    away: list[float]  # body lengths from the path, of each frame
    rounds: float
    wrong: float  # degrees off the way that is wanted
    chance: float  # the same for random play
    jumps: list[float]  # how far each can be seen, in the footage's own steps


def steered(sprite: Sprite, tries: int) -> Steered:
    found = poses(sprite)
    jumps = last(transitions(sprite, found))
    control = Control(last(tables(found, jumps)), Rect(0, 0, 1920, 1080))
    path = polyline(square(control.length), closed=True)
    began = time.perf_counter()
    walk = last(walked(control, path, round(_SECONDS * float(sprite.rate)), tries=tries))
    seconds, states = time.perf_counter() - began, list(walk.states)
    away = [path.distance(state.point) / control.length for state in states]
    goals = [path.at(state.way + 0.6 * control.length) for state in states]
    plays = [random_play(control.tables, len(states), seed) for seed in range(8)]
    chance = sum(wrong_way(control, play, goals) for play in plays) / len(plays)
    costs = []
    for one, other in pairwise(states):
        arc = int(np.flatnonzero(jumps.arcs[one.pose] == other.pose)[0])
        if other.pose != one.pose + 1 or not found.follows[one.pose]:
            costs.append(float(jumps.distances[one.pose, arc]) / jumps.step)
    rounds, wrong = states[-1].way / path.length, wrong_way(control, states, goals)
    return Steered(found.count, walk.cost, seconds, away, rounds, wrong, chance, costs)


def show_steering() -> None:
    print("\n| poses | film | E | takes | from the path, median, body lengths | p90 | rounds "
          "| wrong by | random | jumps | their distance, in the footage's own steps |")  # fmt: skip
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    sprites = [replace(wanderer(count), mirrored=True) for count in (600, 2000)]
    if "PATINA_BENCH_SPRITE" in os.environ:  # footage of one's own
        sprites.append(read_sprite(Path(os.environ["PATINA_BENCH_SPRITE"])))
    for sprite in sprites:
        for tries, name in ((0, "steered"), (10, "whole")):
            made = steered(sprite, tries)
            print(
                f"| {made.poses} | {name} | {made.cost:.0f} | {made.seconds:.2f} s "
                f"| {median(made.away):.2f} | {np.percentile(made.away, 90):.2f} "
                f"| {made.rounds:.1f} | {made.wrong:.0f}° | {made.chance:.0f}° "
                f"| {len(made.jumps)} | {median(made.jumps):.2f} |",
                flush=True,
            )


def main() -> None:
    show_mattes()
    show_tables()
    show_steering()


if __name__ == "__main__":
    main()
