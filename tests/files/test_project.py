"""A project comes back bit for bit, and other programs can open it as OpenRaster."""

import io
import json
import os
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image

from editor.engine.image import Meta, frozen, to_working
from editor.files.openraster import thumbnail
from editor.files.problems import FileProblem
from editor.files.project import Project, pack, read_project, unpack, write_project

SHAPES = [(7, 5), (7, 5, 3), (7, 5, 4)]
DEPTHS = ["bool", "uint8", "uint16", "int16", "int32", "float32"]
RGB_PROFILE = b"\0\0\0\x84lcms\x04\0\0\0mntrRGB XYZ " + bytes(108)
GREY_PROFILE = RGB_PROFILE.replace(b"RGB ", b"GRAY")


def project(shape=(7, 5, 3), dtype=np.uint8, **more) -> Project:
    rng = np.random.default_rng(1)
    whole = rng.integers(0, 65536, shape).astype(np.uint16)
    pixels = (whole / 30000).astype(np.float32) if dtype == np.float32 else whole.astype(dtype)
    mask = rng.integers(0, 256, shape[:2]).astype(np.uint8)
    return Project(pixels, mask, **more)


def there_and_back(folder: Path, saved: Project) -> Project:
    write_project(folder / "a.patina", saved)
    return read_project(folder / "a.patina")


def entry(path: Path, name: str) -> bytes:
    with zipfile.ZipFile(path) as archive:
        return archive.read(name)


def picture_in(path: Path, name: str) -> Image.Image:
    picture = Image.open(io.BytesIO(entry(path, name)))
    picture.load()
    return picture


# ── what comes back ──


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
def test_pixels_and_mask_come_back_bit_for_bit(tmp_path, shape, dtype):
    saved = project(shape, dtype)
    if dtype == np.float32:
        saved.pixels.flat[:4] = np.nan, np.inf, -np.inf, -0.0
    again = there_and_back(tmp_path, saved)
    assert again.pixels.dtype == saved.pixels.dtype
    assert again.pixels.tobytes() == saved.pixels.tobytes()
    assert (again.mask == saved.mask).all()


def test_frozen_and_turned_pixels_can_be_saved(tmp_path):
    turned = frozen(project((9, 4, 4)).pixels[::-1, ::-1])
    again = there_and_back(tmp_path, Project(turned, np.zeros((9, 4), np.uint8)))
    assert (again.pixels == turned).all()


def test_everything_else_comes_back_too(tmp_path):
    saved = project(
        meta=Meta(b"icc profile", b"MM\0*exif", b"<x:xmpmeta/>", (300.0, 72.0)),
        settings={"operations": {"Fill": {"grain": 50}}},
        history=({"label": "Brush"}, {"label": "Fill", "operation": "Fill", "seed": 3}),
        source="birds & <bees>.png",
    )
    again = there_and_back(tmp_path, saved)
    for name in ("meta", "settings", "history", "source"):
        assert getattr(again, name) == getattr(saved, name)


ANY_ARRAY = arrays.arrays(
    st.sampled_from(DEPTHS), arrays.array_shapes(min_dims=1, max_dims=4, min_side=0, max_side=5)
)


@given(plane=ANY_ARRAY)
def test_a_packed_array_unpacks_to_the_same_bytes(plane):
    again = unpack(pack(plane, level=1), plane.shape, plane.dtype)
    assert (again.shape, again.dtype) == (plane.shape, plane.dtype)
    assert again.tobytes() == plane.tobytes()


def test_planes_of_every_depth_come_back_even_empty_ones(tmp_path):
    planes = {f"of_{name}": np.ones((2, 3), name) for name in DEPTHS}
    planes["guides"] = np.zeros((0, 4), np.float32)
    again = there_and_back(tmp_path, project(planes=planes))
    assert set(again.planes) == set(planes)
    for name, plane in planes.items():
        assert again.planes[name].dtype == plane.dtype
        assert again.planes[name].shape == plane.shape
        assert (again.planes[name] == plane).all()


def test_the_order_of_bytes_in_memory_does_not_matter(tmp_path):
    planes = {"labels": np.arange(5, dtype=">i4")}
    assert there_and_back(tmp_path, project(planes=planes)).planes["labels"].tolist() == [*range(5)]


def test_numbers_of_numpy_are_numbers(tmp_path):
    history = ({"label": "Fill", "seed": np.int64(3), "grain": np.float32(0.5)},)
    again = there_and_back(tmp_path, project(history=history))
    assert again.history == ({"label": "Fill", "seed": 3, "grain": 0.5},)


@pytest.mark.parametrize("name", ["caf\udcff.png", "a\x01b.png", '"<&>".png', "ﬁ ️.png", "x" * 300])
def test_any_name_of_a_picture_can_be_kept(tmp_path, name):
    assert there_and_back(tmp_path, project(source=name)).source == name
    ElementTree.fromstring(entry(tmp_path / "a.patina", "stack.xml"))


@pytest.mark.parametrize("name", ["../../etc/birds.png", "C:\\birds.png", "/birds.png"])
def test_the_name_of_the_picture_comes_without_folders(tmp_path, name):
    assert there_and_back(tmp_path, project(source=name)).source == "birds.png"


def test_the_same_project_gives_the_same_bytes(tmp_path):
    write_project(tmp_path / "a.patina", project())
    write_project(tmp_path / "b.patina", project())
    assert (tmp_path / "a.patina").read_bytes() == (tmp_path / "b.patina").read_bytes()


def test_of_an_endless_history_the_newest_steps_are_kept(tmp_path):
    history = tuple({"label": "Brush", "number": n, "text": "x" * 1000} for n in range(5000))
    again = there_and_back(tmp_path, project(history=history))
    assert 3000 < len(again.history) < 5000
    assert again.history == history[-len(again.history) :]


# ── OpenRaster ──


def faults(path: Path) -> list[str]:
    """What the OpenRaster specification would object to."""
    with zipfile.ZipFile(path) as archive:
        names, first = archive.namelist(), archive.infolist()[0]
        root = ElementTree.fromstring(archive.read("stack.xml"))
        sources = [str(layer.get("src")) for layer in root.iter("layer")]
        size = int(root.get("w", 0)), int(root.get("h", 0))
        plain = first.compress_type == zipfile.ZIP_STORED and not first.extra
        tests = {
            "mimetype is not first, unpacked": first.filename == "mimetype" and plain,
            "mimetype is another": archive.read("mimetype") == b"image/openraster",
            "stack.xml is no image": root.tag == "image" and root.find("stack") is not None,
            "there is no version": root.get("version") is not None,
            "there is no layer": bool(sources),
            "a layer is missing": all(one in names for one in sources),
            "there is no merged image": "mergedimage.png" in names,
            "there is no thumbnail": "Thumbnails/thumbnail.png" in names,
        }
    if all(tests.values()):
        whole = picture_in(path, "mergedimage.png")
        small = picture_in(path, "Thumbnails/thumbnail.png")
        tests["the merged image has another size"] = whole.format == "PNG" and whole.size == size
        tests["the thumbnail is too large"] = small.format == "PNG" and max(small.size) <= 256
        tests["a layer is no PNG"] = all(picture_in(path, one).format == "PNG" for one in sources)
    return [fault for fault, passed in tests.items() if not passed]


@pytest.mark.parametrize("shape", [(300, 500), (300, 500, 3), (1000, 2, 4), (1, 1, 3)])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
def test_the_file_is_openraster(tmp_path, shape, dtype):
    write_project(tmp_path / "a.patina", project(shape, dtype, source='"quoted"'))
    assert faults(tmp_path / "a.patina") == []


def test_the_validator_objects_to_what_is_no_openraster(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.ora", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("stack.xml", '<image w="1" h="1"><stack/></image>')
        archive.writestr("mimetype", "image/openraster")
    assert {"mimetype is not first, unpacked", "there is no layer"} < set(
        faults(tmp_path / "a.ora")
    )


def test_the_picture_is_stored_once(tmp_path):
    saved = project((800, 900, 3))  # noise, that nothing makes smaller
    write_project(tmp_path / "a.patina", saved)
    assert (tmp_path / "a.patina").stat().st_size < 1.5 * saved.pixels.nbytes


@pytest.mark.parametrize(
    ("shape", "profile", "inside"),
    [
        ((7, 5, 3), RGB_PROFILE, True),
        ((7, 5), GREY_PROFILE, True),
        ((7, 5), RGB_PROFILE, False),
        ((7, 5, 3), b"no profile", False),
    ],
)
def test_the_picture_inside_carries_its_profile_if_it_fits(tmp_path, shape, profile, inside):
    saved = project(shape, meta=Meta(icc=profile))
    assert there_and_back(tmp_path, saved).meta.icc == profile
    picture = picture_in(tmp_path / "a.patina", "mergedimage.png")
    assert picture.info.get("icc_profile") == (profile if inside else None)
    assert (np.asarray(picture) == saved.pixels).all()


def test_other_programs_see_linear_light_as_displayed(tmp_path):
    saved = project((7, 5, 4), np.float32, meta=Meta(icc=RGB_PROFILE))
    saved.pixels[..., 3] = np.linspace(0, 1, 5)
    saved.pixels[0, 0, :3] = np.nan, np.inf, -np.inf
    write_project(tmp_path / "a.patina", saved)
    picture = picture_in(tmp_path / "a.patina", "mergedimage.png")
    seen = np.asarray(picture).astype(float)
    expected = np.clip(to_working(saved.pixels), 0, 1) * 255
    assert np.abs(seen[..., :3] - expected).max() <= 0.51
    assert seen[0, :, 3].tolist() == [0, 64, 128, 191, 255]
    assert "icc_profile" not in picture.info  # it speaks of the linear values


def test_a_thumbnail_is_a_mean_and_not_every_tenth_pixel():
    stripes = np.zeros((512, 512), np.uint8)
    stripes[:, ::2] = 255
    small = thumbnail(stripes)
    assert small.shape == (256, 256, 3)
    assert np.abs(small.astype(int) - 128).max() <= 1


def test_a_thumbnail_is_white_where_the_picture_is_transparent():
    hidden = np.zeros((4, 4, 4), np.uint8)
    assert (thumbnail(hidden) == 255).all()


# ── what is refused ──


def test_a_project_of_a_newer_patina_is_refused_with_its_number(tmp_path):
    path = tmp_path / "a.patina"
    write_project(path, project())
    with zipfile.ZipFile(path) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    told = json.loads(entries["patina/project.json"])
    entries["patina/project.json"] = json.dumps(told | {"format": 2}).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    with pytest.raises(FileProblem, match=r"a\.patina cannot be opened: .* newer Patina .*2"):
        read_project(path)


GREY = np.zeros((4, 4), np.uint8)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (Project(np.zeros((4, 4, 3), np.uint8), np.zeros((5, 4), np.uint8)), "4 × 5 .* 4 × 4"),
        (Project(GREY, np.zeros((4, 4), bool)), "mask .* bool"),
        (Project(GREY, GREY, planes={"mask": GREY}), '"mask"'),
        (Project(GREY, GREY, planes={"../evil": GREY}), '"../evil"'),
        (Project(GREY, GREY, planes={"deep": np.zeros((1,) * 5, np.uint8)}), "5 dimensions"),
        (Project(GREY, GREY, planes={"fine": np.zeros(3)}), "float64"),
        (Project(np.zeros((1, 1_000_001), np.uint8), np.zeros((1, 1_000_001), np.uint8)), "side"),
        (Project(GREY, GREY, settings={"what": object()}), "plain values .* object"),
    ],
)
def test_what_could_not_be_opened_again_is_not_written(tmp_path, wrong, why):
    with pytest.raises(ValueError, match=why):
        write_project(tmp_path / "a.patina", wrong)
    assert not list(tmp_path.iterdir())


def test_a_disk_that_does_not_keep_its_bytes_keeps_the_old_project(tmp_path, monkeypatch):
    path = tmp_path / "a.patina"
    write_project(path, project())
    old = path.read_bytes()
    monkeypatch.setattr(os, "fsync", lambda descriptor: os.pwrite(descriptor, b"\xaa" * 9, 700))
    with pytest.raises(FileProblem, match=r"a\.patina cannot be saved: .* cannot be read back"):
        write_project(path, project((8, 9, 3)))
    assert path.read_bytes() == old
    assert [one.name for one in tmp_path.iterdir()] == ["a.patina"]
