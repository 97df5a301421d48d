"""A project comes back bit for bit, and other programs can open it as OpenRaster."""

import io
import json
import zipfile
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from editor.engine.image import Meta
from editor.files.problems import FileProblem
from editor.files.project import Project, read_project, write_project

SHAPES = [(7, 5), (7, 5, 3), (7, 5, 4)]


def project(shape=(7, 5, 3), dtype=np.uint8, **more) -> Project:
    rng = np.random.default_rng(1)
    whole = rng.integers(0, 65536, shape).astype(np.uint16)
    pixels = (whole / 30000).astype(np.float32) if dtype == np.float32 else whole.astype(dtype)
    mask = rng.integers(0, 256, shape[:2]).astype(np.uint8)
    return Project(pixels, mask, **more)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
def test_pixels_and_mask_come_back_bit_for_bit(tmp_path, shape, dtype):
    saved = project(shape, dtype)
    if dtype == np.float32:
        saved.pixels.flat[0] = np.nan
    write_project(tmp_path / "a.patina", saved)
    again = read_project(tmp_path / "a.patina")
    assert again.pixels.dtype == saved.pixels.dtype
    assert again.pixels.tobytes() == saved.pixels.tobytes()
    assert (again.mask == saved.mask).all()


def test_everything_else_comes_back_too(tmp_path):
    planes = {
        "labels": np.arange(35, dtype=np.int32).reshape(7, 5),
        "sampling": np.eye(7, 5, dtype=bool),
    }
    saved = project(
        meta=Meta(b"icc profile", b"MM\0*exif", b"<x:xmpmeta/>", (300.0, 72.0)),
        settings={"operations": {"Fill": {"grain": 50}}},
        history=({"label": "Brush"}, {"label": "Fill", "operation": "Fill", "seed": 3}),
        source="birds & <bees>.png",
        planes=planes,
    )
    write_project(tmp_path / "a.patina", saved)
    again = read_project(tmp_path / "a.patina")
    for name in ("meta", "settings", "history", "source"):
        assert getattr(again, name) == getattr(saved, name)
    assert set(again.planes) == set(planes)
    for name, plane in planes.items():
        assert again.planes[name].dtype == plane.dtype
        assert (again.planes[name] == plane).all()


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
def test_the_file_is_openraster(tmp_path, dtype):
    saved = project((300, 500, 3), dtype, source='"quoted"')
    write_project(tmp_path / "a.patina", saved)
    with zipfile.ZipFile(tmp_path / "a.patina") as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert archive.read("mimetype") == b"image/openraster"
        root = ElementTree.fromstring(archive.read("stack.xml"))
        assert (root.tag, root.get("w"), root.get("h")) == ("image", "500", "300")
        layers = list(root.iter("layer"))
        assert [layer.get("src") for layer in layers] == ["mergedimage.png"]
        assert Image.open(io.BytesIO(archive.read("mergedimage.png"))).size == (500, 300)
        small = Image.open(io.BytesIO(archive.read("Thumbnails/thumbnail.png")))
        assert max(small.size) <= 256


def test_the_picture_inside_carries_its_colour_profile(tmp_path):
    write_project(tmp_path / "a.patina", project(meta=Meta(icc=b"a colour profile")))
    with zipfile.ZipFile(tmp_path / "a.patina") as archive:
        picture = Image.open(io.BytesIO(archive.read("mergedimage.png")))
        picture.load()
    assert picture.info["icc_profile"] == b"a colour profile"
    assert (np.asarray(picture) == project().pixels).all()


def test_a_project_of_a_newer_patina_is_refused_with_its_number(tmp_path):
    path = tmp_path / "a.patina"
    write_project(path, project())
    rewrite(path, lambda told: told.update(format=2))
    with pytest.raises(FileProblem, match=r"a\.patina cannot be opened: .* newer Patina .*2"):
        read_project(path)


def test_a_mask_of_another_size_is_not_written(tmp_path):
    wrong = Project(np.zeros((4, 4, 3), np.uint8), np.zeros((5, 4), np.uint8))
    with pytest.raises(ValueError, match="4 × 5 and the picture is 4 × 4"):
        write_project(tmp_path / "a.patina", wrong)
    assert not list(tmp_path.iterdir())


def rewrite(path, change) -> None:
    """Change the project's description and leave the rest as it is."""
    with zipfile.ZipFile(path) as archive:
        entries = [(one, archive.read(one)) for one in archive.namelist()]
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in entries:
            if name == "patina/project.json":
                told = json.loads(data)
                change(told)
                data = json.dumps(told).encode()
            archive.writestr(name, data)
