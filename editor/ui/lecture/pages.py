"""The pages of Lecture mode, in the order of their keys."""

from __future__ import annotations

from editor.ui.lecture.page import Page
from editor.ui.lecture.patchmatch import PatchMatchPage
from editor.ui.lecture.shannon import ShannonPage

PAGES: tuple[type[Page], ...] = (PatchMatchPage, ShannonPage)
