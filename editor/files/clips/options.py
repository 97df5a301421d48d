"""What a person can choose when a clip is saved."""

from __future__ import annotations

from dataclasses import dataclass

DITHERS = ("none", "ordered", "diffused")


@dataclass(frozen=True, slots=True)
class ClipOptions:
    quality: int = 80  # 1..100 of MP4, WebM, and of WebP unless lossless
    lossless: bool = False  # WebP
    plays: int = 0  # of GIF, APNG and WebP: how often; 0 is for ever
    dither: str = "ordered"  # of GIF: none, ordered (still areas stay still) or diffused

    def __post_init__(self) -> None:
        if not 1 <= self.quality <= 100:
            raise ValueError(f"quality is {self.quality}: it goes from 1 to 100")
        if not 0 <= self.plays <= 65_535:
            raise ValueError(f"plays is {self.plays}: it goes from 0, for ever, to 65535")
        if self.dither not in DITHERS:
            raise ValueError(f"dither is {self.dither!r}: choose {', '.join(DITHERS)}")
