import base64
import json
import re

import numpy as np
import pytest

from editor.engine.cv import cv2
from editor.files.pages import write_page
from editor.files.problems import FileProblem


def page(tmp_path, title="A mouse", **more):
    atlas = np.zeros((20, 30, 4), np.uint8)
    atlas[5:, :10] = (200, 40, 30, 255)
    path = tmp_path / "page.html"
    write_page(path, title, atlas, {"rate": 25, "odd": "</script>"}, **more)
    return path.read_text("utf-8")


def embedded(text):
    data = base64.b64decode(re.search(r"data:image/webp;base64,([^\")]+)", text)[1])
    return cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)


def test_everything_is_in_the_page_and_nothing_is_fetched(tmp_path):
    text = page(tmp_path)
    assert not re.search(r"https?://|src=\"(?!data:)|<link|@import", text)
    told = re.search(r'id="tables">(.*?)</script>', text, re.DOTALL)[1]
    assert json.loads(told) == {"rate": 25, "odd": "</script>"}
    assert "default-src 'none'; img-src data:" in text  # a browser holds it to that
    assert "function nextFrame" in text
    picture = embedded(text)
    assert picture.shape == (20, 30, 4)
    assert np.abs(picture[12, 4].astype(int) - (30, 40, 200, 255)).max() < 25
    assert picture[12, 25, 3] == 0


def test_a_name_cannot_break_the_page(tmp_path):
    text = page(tmp_path, title='<b>"mouse" & $title')
    assert "<b>" not in text
    assert "&lt;b&gt;&quot;mouse&quot; &amp; $title" in text


def test_a_background_covers_the_page(tmp_path):
    text = page(tmp_path, background=np.full((8, 9, 3), (250, 120, 10), np.uint8))
    assert "background-size: cover" in text
    assert embedded(text).shape == (8, 9, 3)


def test_a_background_with_holes_keeps_them_and_the_ground_is_seen_through(tmp_path):
    holed = np.full((8, 9, 4), (250, 120, 10, 255), np.uint8)
    holed[:4, :, 3] = 0
    text = page(tmp_path, background=holed)
    assert (embedded(text)[..., 3] == holed[..., 3]).all()
    assert text.index("background: rgb(") < text.index("background-image")


@pytest.mark.parametrize(
    ("grey", "light", "dark"), [(130, 0xE7, 0x26), (20, 0xE7, 0xE7), (240, 0x26, 0x26)]
)
def test_a_creature_is_never_lost_on_its_ground(tmp_path, grey, light, dark):
    atlas = np.full((8, 8, 4), grey, np.uint8)
    write_page(tmp_path / "a.html", "a", atlas, {})
    told = re.findall(r"body \{ background: rgb\((\d+) ", (tmp_path / "a.html").read_text("utf-8"))
    assert [int(one) for one in told] == [light, dark]


def test_what_does_not_fit_is_refused(tmp_path):
    with pytest.raises(FileProblem, match="at most 16383"):
        write_page(tmp_path / "a.html", "a", np.zeros((1, 16_384, 4), np.uint8), {})
    assert not (tmp_path / "a.html").exists()
