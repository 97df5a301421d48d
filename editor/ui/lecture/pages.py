"""The pages of Lecture mode, in the order of their keys."""

from __future__ import annotations

from editor.ui.lecture.page import Page
from editor.ui.lecture.patchmatch import PatchMatchPage
from editor.ui.lecture.shannon import ShannonPage
from editor.ui.lecture.video_chain import VideoChainPage
from editor.ui.lecture.weather import WeatherPage

PAGES: tuple[type[Page], ...] = (PatchMatchPage, VideoChainPage, WeatherPage, ShannonPage)
