"""The arithmetic of a number control: range, step, text; no Qt."""

from __future__ import annotations

import math
from dataclasses import dataclass

Number = int | float


@dataclass(frozen=True, slots=True)
class Scale:
    """Values run from low to high in steps. The step's decimals are the ones that are shown."""

    low: Number
    high: Number
    step: Number = 1
    unit: str = ""
    logarithmic: bool = False  # equal distances on the track are equal ratios
    whole: bool = True  # values are int
    zero: str = ""  # what 0 means, where it is no amount: "Any"

    def __post_init__(self) -> None:
        if not self.low < self.high:
            raise ValueError(f"a range from {self.low} to {self.high} holds nothing")
        if not self.step > 0:
            raise ValueError(f"the step is {self.step}: it must be above 0")
        if self.logarithmic and not self.low > 0:
            raise ValueError(f"a logarithmic range cannot begin at {self.low}")

    @property
    def decimals(self) -> int:
        if self.whole:
            return 0
        return next((n for n in range(6) if abs(self.step - round(self.step, n)) < 1e-9), 6)

    def snapped(self, value: Number) -> Number:
        """The nearest value there is; both ends count, even when no step falls on the high one."""
        if value >= self.high:
            snapped = self.high
        else:
            steps = round((max(value, self.low) - self.low) / self.step)
            snapped = min(self.high, self.low + steps * self.step)
        return round(snapped) if self.whole else round(float(snapped), self.decimals)

    def stepped(self, value: Number, steps: int) -> Number:
        return self.snapped(value + steps * self.step)

    def fraction(self, value: Number) -> float:
        """Where a value stands on the track, 0..1."""
        value = min(max(value, self.low), self.high)
        if self.logarithmic:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)

    def at(self, fraction: float) -> Number:
        """The value at a place on the track."""
        fraction = min(max(fraction, 0.0), 1.0)
        if self.logarithmic:
            return self.snapped(self.low * (self.high / self.low) ** fraction)
        return self.snapped(self.low + (self.high - self.low) * fraction)

    def text(self, value: Number) -> str:
        if self.zero and value == 0:
            return self.zero
        number = f"{value:.{self.decimals}f}"
        return f"{number} {self.unit}" if self.unit else number

    def parsed(self, text: str) -> Number:
        """What was typed, with or without the unit, with a point or a comma; ValueError if none."""
        if self.zero and text.strip().lower() == self.zero.lower():
            return self.snapped(0)
        number = text.strip().removesuffix(self.unit).strip().replace(",", ".").replace("−", "-")
        value = float(number)
        if not math.isfinite(value):
            raise ValueError(f"{text} is not a number")
        return self.snapped(value)
