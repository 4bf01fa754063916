"""Photos: clean, upright, small; a folder of them is looked at first."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from bt_desktop.errors import Denied
from bt_desktop.services.photos import SIDE, THUMB_SIDE
from bt_desktop.services.pictures import PictureUnusable
from bt_desktop.services.results.people import NewStudent
from bt_desktop.services.work_progress import Canceled, Progress
from bt_desktop.services.workspace import Workspace
from tests.factory import School
from tests.services.picture_maker import LATITUDE, bomb, jpeg, png


@pytest.fixture
def w(school: School) -> Workspace:
    """The front office."""
    return school.sign_in("olga")


def shown(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def test_a_photo_is_kept_small_upright_and_clean(school: School, w: Workspace) -> None:
    mateo = school.ids["mateo"]
    data = jpeg(1600, 1200, turned=True, gps=True)
    assert LATITUDE in data
    w.photos.set(mateo, data)
    kept = w.photos.photo(mateo)
    assert kept is not None
    picture = shown(kept.data)
    assert picture.size == (480, SIDE)  # turned upright
    left, right = picture.getpixel((20, 300)), picture.getpixel((460, 300))
    assert left[2] > 200 > left[0]  # the lower half turned to the left
    assert right[0] > 200 > right[2]
    assert LATITUDE not in kept.data
    assert dict(picture.getexif()) == {}
    thumb = w.photos.thumb(mateo)
    assert thumb is not None
    assert max(shown(thumb).size) == THUMB_SIDE


def test_a_photo_is_replaced_and_taken_away(school: School, w: Workspace) -> None:
    mateo = school.ids["mateo"]
    w.photos.set(mateo, png())
    w.photos.set(mateo, jpeg())
    kept = w.photos.photo(mateo)
    assert kept is not None
    assert shown(kept.data).size == (300, 400)
    w.photos.remove(mateo)
    assert w.photos.photo(mateo) is None
    w.photos.remove(mateo)
    deeds = [e.action for e in school.sign_in("tom").log.entries(limit=20)]
    assert deeds.count("photo.set") == 2
    assert deeds.count("photo.remove") == 1


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (bomb(), "picture-large"),
        (bomb(9000, 9000), "picture-large"),
        (bomb(300, 300), "picture-broken"),
        (jpeg()[:900], "picture-broken"),
        (b"GIF89a....", "picture-kind"),
        (b"", "picture-kind"),
        (jpeg(4000, 20), "picture-broken"),
        (b"\xff" * (26 * 1024 * 1024), "picture-large"),
    ],
    ids=["bomb", "many pixels", "no pixels", "cut", "gif", "nothing", "strip", "heavy"],
)
def test_what_is_no_picture_is_refused(
    school: School, w: Workspace, data: bytes, code: str
) -> None:
    with pytest.raises(PictureUnusable) as refused:
        w.photos.set(school.ids["mateo"], data)
    assert refused.value.code == code


@pytest.mark.parametrize("who", ["dana", "amir"])
def test_who_may_not_set_photos(school: School, who: str) -> None:
    with pytest.raises(Denied):
        school.sign_in(who).photos.set(school.ids["mateo"], jpeg())


def test_the_auditor_sees_no_face(school: School, w: Workspace) -> None:
    w.photos.set(school.ids["mateo"], jpeg())
    auditor = school.sign_in("amir").photos
    assert auditor.thumb(school.ids["mateo"]) is None
    with pytest.raises(Denied):
        auditor.photo(school.ids["mateo"])


def folder_of(tmp_path: Path, **files: bytes) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    for name, data in files.items():
        (folder / name.replace("__", ".")).write_bytes(data)
    return folder


def test_a_folder_is_matched_by_number_and_by_name(w: Workspace, tmp_path: Path) -> None:
    for given, family, number in (
        ("Aaliyah", "Brooks", "001001"),
        ("Jonah", "Petrov", "1002"),
        ("Sam", "Lee", "1003"),
        ("Sam", "Lee", "1004"),
    ):
        w.people.add_student(NewStudent(given, family, student_number=number))
    folder = folder_of(
        tmp_path,
        **{
            "1001.jpg": jpeg(),
            "Núñez-Okafor_Mateo.JPG": jpeg(),
            "kowalczyk, lucja.png": png(),
            "Nguyen Huy (2).jpg": jpeg(),
            "1002_Petrov_Jonah.jpeg": jpeg(),
            "Lee_Sam.jpg": jpeg(),
            "Nobody_Known.jpg": jpeg(),
            "Petrov Jonah.jpg": jpeg(),
            "1003.jpg": bomb(),
            "1004.heic": b"ftypheic",
            "Thumbs.db": b"x",
        },
    )
    found = w.photos.look(folder)
    assert {(one.name, one.by) for one in found.matched} == {
        ("Aaliyah Brooks", "number"),
        ("Mateo Núñez-Okafor", "name"),
        ("Łucja Kowalczyk", "name"),
        ("Huy Nguyễn", "name"),
        ("Jonah Petrov", "number"),
    }
    assert {one.file: one.code for one in found.left_out} == {
        "Lee_Sam.jpg": "several",
        "Nobody_Known.jpg": "nobody",
        "Petrov Jonah.jpg": "twice",
        "1003.jpg": "large",
        "1004.heic": "kind",
    }
    assert found.without == 2
    assert w.photos.thumbs([one.student_id for one in found.matched]) == {}
    assert w.photos.bring_in(found) == 5
    assert len(w.photos.thumbs([one.student_id for one in found.matched])) == 5
    assert all(one.replaces for one in w.photos.look(folder).matched)


def test_bringing_in_can_be_stopped(w: Workspace, tmp_path: Path) -> None:
    found = w.photos.look(folder_of(tmp_path, **{"Mateo Núñez-Okafor.jpg": jpeg()}))
    going = Progress()
    going.cancel()
    with pytest.raises(Canceled):
        w.photos.bring_in(found, going)


def test_a_file_that_changed_meanwhile_is_left_out(w: Workspace, tmp_path: Path) -> None:
    folder = folder_of(tmp_path, **{"Mateo Núñez-Okafor.jpg": jpeg()})
    found = w.photos.look(folder)
    (folder / "Mateo Núñez-Okafor.jpg").write_bytes(b"now something else")
    assert w.photos.bring_in(found) == 0


def test_no_folder_is_said_in_a_sentence(w: Workspace, tmp_path: Path) -> None:
    with pytest.raises(Exception, match="no such folder"):
        w.photos.look(tmp_path / "gone")
