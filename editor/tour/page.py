"""What is seen after the tour: a page with large pictures, and a contact sheet of them all."""

from __future__ import annotations

import html
import io
import platform
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from editor import __version__
from editor.engine.image import Picture, Rect, Size, blended
from editor.jobs import sentence_case
from editor.operations.base import MaskPatch
from editor.operations.heal import laid
from editor.resources import resource
from editor.tour.stop import Shown, Stop, read

if TYPE_CHECKING:
    from editor.tour.going import Visit

_LARGE = 1600  # pixels of a picture on the page
_HIGHEST = 80  # per cent of the window's height
_SMALL = 512  # what is smaller is enlarged, so that pixels can be seen
_WHOLE = 1 << 14  # of one of which only a part is shown
_COPPER = (217, 140, 74)  # what is to go
_MARK = 0.6  # of it is seen over the picture
_CLIPS = (".mp4", ".webm")
_NO_PICTURES = (".html", ".txt")
_ITEM = '<li class="{}">{}</li>'

_HEADINGS = {
    "fill": ("Fill", "What is painted over goes, and its surroundings grow over it."),
    "retarget": ("Retarget", "Another size or shape, and what matters keeps its own."),
    "reshuffle": ("Reshuffle", "Things go elsewhere, and their old places heal."),
    "texture": ("Texture", "A small sample becomes as large as you like."),
    "extend": ("Extend", "A picture goes on past its edges."),
    "analogy": ("Analogy", "A is to A′ as B is to B′."),
    "restore": ("Restore", "A network that has seen no other picture fits this one."),
    "loop": ("Loop", "A short clip plays for ever."),
    "sprite": ("Sprite", "A creature is cut out of a clip, and goes where it is sent."),
    "text": ("Text", "What all of this grew from: the next is drawn as it often came before."),
}


class Plate(NamedTuple):
    """A picture on the page: what is written below it, and its file."""

    caption: str
    file: str
    size: Size


def write_page(out: Path, visits: Sequence[Visit], seconds: float) -> None:
    """index.html, its pictures, and contact.png."""
    from editor.files.atomic import write_atomically

    (out / "pictures").mkdir(exist_ok=True)
    plates = {visit.stop.name: list(_plates(visit, out)) for visit in visits}
    parts = {
        name: resource("tour", f"{name}.html").read_text("utf-8") for name in ("index", "stop")
    }
    sections = []
    for task, group in groupby(visits, key=lambda visit: visit.stop.task):
        title, sentence = _HEADINGS[task]
        articles = "".join(_article(parts["stop"], one, plates[one.stop.name]) for one in group)
        sections.append(
            f'<section id="{task}"><h2>{title}</h2><p class="lead">{html.escape(sentence)}</p>'
            f"{articles}</section>"
        )
    tasks = dict.fromkeys(visit.stop.task for visit in visits)
    verdicts = [verdict.holds for visit in visits for verdict in visit.verdicts]
    page = Template(parts["index"]).substitute(
        version=__version__,
        stops=len(visits),
        held=sum(verdicts),
        checks=len(verdicts),
        state="well" if all(verdicts) else "wrong",
        minutes=f"{int(seconds) // 60}:{int(seconds) % 60:02}",
        machine=html.escape(_machine(visits)),
        navigation="".join(f'<a href="#{task}">{_HEADINGS[task][0]}</a>' for task in tasks),
        sections="".join(sections),
    )
    write_atomically(out / "index.html", page.encode())
    _write_contact_sheet(out, visits, plates)


def _machine(visits: Iterable[Visit]) -> str:
    """What it ran on, as far as that can be known."""
    run = next((visit.report for visit in visits if visit.report is not None), None)
    threads = "" if run is None else f"{run['threads']} threads of "
    device = platform.machine() if run is None or run["device"] == "cpu" else run["device"]
    return f"{threads}{device}, {platform.system()}"


# ── the pictures of a stop ──


def _plates(visit: Visit, out: Path) -> Iterator[Plate]:
    """What it was made of, and what became of it, as far as that can be looked at."""
    stop = visit.stop
    for number, shown in enumerate(stop.before):
        yield _plate(shown, f"{stop.name}-{number}", out, stop.view)
    if visit.report is not None and stop.target.suffix not in _NO_PICTURES:
        yield _plate(Shown(_result(stop), stop.target), stop.name, out, stop.view)


def _result(stop: Stop) -> str:
    return {"analogy": "B′", "texture": "Texture"}.get(stop.task, "After")


def _plate(shown: Shown, name: str, out: Path, view: Rect | None) -> Plate:
    """A picture, or a part of it, small enough for the page; of a clip its first frame."""
    from PIL import Image

    from editor.files.atomic import write_atomically
    from editor.files.clips.preview import preview

    pixels = preview(shown.path, _LARGE if view is None else _WHOLE)
    if shown.mask is not None:
        pixels = _marked(pixels, shown.mask)
    if view is not None:
        pixels = np.ascontiguousarray(pixels[view.within(Rect.whole(pixels)).slices])
    file = f"pictures/{name}.jpg"
    data = io.BytesIO()
    Image.fromarray(pixels).save(data, "JPEG", quality=90)
    write_atomically(out / file, data.getvalue())
    return Plate(shown.caption, file, Size.of(pixels))


def _marked(pixels: Picture, mask: Path | MaskPatch) -> Picture:
    """What is covered is seen in copper."""
    from editor.engine.cv import cv2
    from editor.files.masks import as_cover

    if isinstance(mask, MaskPatch):
        cover = laid(mask, Rect.whole(pixels))
    else:
        cover = as_cover(read(mask))
        cover = cv2.resize(cover, tuple(Size.of(pixels)), interpolation=cv2.INTER_AREA)
    copper = np.broadcast_to(np.array(_COPPER, np.uint8), pixels.shape)
    return blended(pixels, copper, (cover * _MARK).astype(np.uint8))


# ── the page ──


def _article(part: str, visit: Visit, plates: Sequence[Plate]) -> str:
    stop = visit.stop
    checks = "".join(
        _ITEM.format(
            "well" if verdict.holds else "wrong", html.escape(sentence_case(verdict.sentence))
        )
        for verdict in visit.verdicts
    )
    typed = stop.typed if stop.command else ""
    return Template(part).substitute(
        name=stop.name,
        title=html.escape(stop.title),
        sentence=html.escape(stop.sentence),
        seconds=f"{visit.seconds:.1f} s",
        shown=_shown(visit, plates),
        checks=checks,
        command=f"<code>{html.escape(typed)}</code>" if typed else "<span>J, and one stroke</span>",
    )


def _shown(visit: Visit, plates: Sequence[Plate]) -> str:
    """Two pictures of one size lie over each other; others stand side by side."""
    target = visit.stop.target
    if visit.report is None:
        return ""
    link = f'<a class="open" href="{html.escape(target.name)}">Open {html.escape(target.name)}</a>'
    if target.suffix == ".txt":
        return f"<blockquote>{html.escape(target.read_text('utf-8'))}</blockquote>"
    if target.suffix == ".html":
        return f'<p class="alone">{link}</p>'
    if target.suffix in _CLIPS:
        return (
            f'<figure class="row"><video src="{html.escape(target.name)}" autoplay loop muted'
            f' playsinline controls poster="{plates[-1].file}"></video></figure>'
        )
    if len(plates) == 2 and plates[0].size == plates[1].size:
        before, after = plates
        return (
            f'<figure class="compare" style="{_box(before.size)}">{_image(after)}{_image(before)}'
            '<input type="range" min="0" max="100" value="50" step="0.1"'
            ' aria-label="Where before ends and after begins"></figure>'
        )
    row = "".join(
        f"<div>{_image(one)}<figcaption>{html.escape(one.caption)}</figcaption></div>"
        for one in plates
    )
    return f'<figure class="row">{row}</figure>'


def _box(size: Size) -> str:
    width = max(size.width, _SMALL)
    return (
        f"aspect-ratio: {size.width} / {size.height};"
        f" max-width: min({width}px, {_HIGHEST * size.width / size.height:.1f}vh)"
    )


def _image(plate: Plate) -> str:
    width, height = plate.size
    return (
        f'<img src="{plate.file}" alt="{html.escape(plate.caption)}" width="{width}"'
        f' height="{height}" loading="lazy">'
    )


# ── the contact sheet ──

_CELL = Size(360, 240)
_COLUMNS = 4
_GAP, _WORDS = 24, 44
_PAPER, _INK, _PALE, _RED = (27, 28, 30), (231, 231, 229), (154, 160, 166), (234, 125, 118)


def _write_contact_sheet(
    out: Path, visits: Sequence[Visit], plates: dict[str, list[Plate]]
) -> None:
    from PIL import Image, ImageDraw, ImageFont, ImageOps

    from editor.files.atomic import write_atomically

    with_picture = [visit for visit in visits if plates[visit.stop.name]]
    rows = -(-len(with_picture) // _COLUMNS)
    width = _GAP + _COLUMNS * (_CELL.width + _GAP)
    sheet = Image.new("RGB", (width, _GAP + rows * (_CELL.height + _WORDS + _GAP)), _PAPER)
    draw = ImageDraw.Draw(sheet)
    large, small = ImageFont.load_default(16), ImageFont.load_default(13)
    for number, visit in enumerate(with_picture):
        x = _GAP + number % _COLUMNS * (_CELL.width + _GAP)
        y = _GAP + number // _COLUMNS * (_CELL.height + _WORDS + _GAP)
        with Image.open(out / plates[visit.stop.name][-1].file) as picture:
            fitted = ImageOps.contain(picture, _CELL)
            sheet.paste(fitted, (x, y + _CELL.height - fitted.height))
        held = sum(verdict.holds for verdict in visit.verdicts)
        told = f"{visit.stop.task}, {visit.seconds:.1f} s, {held} of {len(visit.verdicts)} hold"
        draw.text((x, y + _CELL.height + 8), visit.stop.title, _INK, large)
        draw.text((x, y + _CELL.height + 28), told, _PALE if visit.holds else _RED, small)
    data = io.BytesIO()
    sheet.save(data, "PNG")
    write_atomically(out / "contact.png", data.getvalue())
