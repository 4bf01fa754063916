"""Students' photos: one by hand, or a folder of them by student number or name; encrypted.

What a camera wrote into the file (place, time, device) is not kept: the picture is made anew,
upright, 640 pixels at most, with a small one beside it for lists.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from bt_desktop.models.people import Student, StudentPhoto
from bt_desktop.security.permissions import Action
from bt_desktop.services import pictures
from bt_desktop.services.context import Context
from bt_desktop.services.people_rows import bare
from bt_desktop.services.photo_folder import FolderPreview, Owner, look_at
from bt_desktop.services.results.people import Photo
from bt_desktop.services.work_progress import Progress

SIDE, THUMB_SIDE = 640, 96
_AT_ONCE = 20
"""So many photos are kept in one transaction: short, so that nobody's saving waits for it."""


class PhotoService:
    """Reads and keeps photos. Ids are `student:<uuid>`."""

    def __init__(self, context: Context) -> None:
        self._context = context

    @property
    def may_edit(self) -> bool:
        """Whether the person signed in may set photos."""
        return self._context.may(Action.PHOTO_EDIT)

    def photo(self, student_id: str) -> Photo | None:
        """The photo of a student (JPEG), or None."""
        self._context.require(Action.PHOTO_READ)
        with self._context.store.read() as session:
            row = session.get(StudentPhoto, bare(student_id), options=[undefer(StudentPhoto.data)])
            return None if row is None else Photo(row.media_type, bytes(row.data), row.updated_at)

    def thumb(self, student_id: str) -> bytes | None:
        """The small picture of a student (JPEG, up to 96 pixels), or None."""
        return self.thumbs([student_id]).get(student_id)

    def thumbs(self, student_ids: Iterable[str]) -> Mapping[str, bytes]:
        """The small pictures of those students who have one, by id."""
        if not self._context.may(Action.PHOTO_READ):
            return {}
        wanted = [bare(one) for one in student_ids]
        with self._context.store.read() as session:
            rows = session.execute(
                select(StudentPhoto.student_id, StudentPhoto.thumb).where(
                    StudentPhoto.student_id.in_(wanted)
                )
            )
            return {f"student:{student}": bytes(thumb) for student, thumb in rows}

    def set(self, student_id: str, data: bytes) -> None:
        """Keep this picture as the student's photo, in place of an older one.

        Raises PictureUnusable, KeyError.
        """
        self._context.require(Action.PHOTO_EDIT)
        made = _made(data)
        with self._context.store.write() as session:
            if session.get(Student, bare(student_id)) is None:
                raise KeyError(student_id)
            self._keep(session, bare(student_id), made)

    def remove(self, student_id: str) -> None:
        """Take a student's photo away; without one nothing happens."""
        self._context.require(Action.PHOTO_EDIT)
        with self._context.store.write() as session:
            row = session.get(StudentPhoto, bare(student_id))
            if row is not None:
                session.delete(row)
                self._context.note(session, "photo.remove", f"student:{bare(student_id)}")

    def look(self, folder: Path, progress: Progress | None = None) -> FolderPreview:
        """What the pictures in a folder are, and whose. Changes nothing. Raises KnownError."""
        self._context.require(Action.PHOTO_EDIT)
        with self._context.store.read() as session:
            owners = list(_owners(session))
        return look_at(folder, owners, progress or Progress())

    def bring_in(self, preview: FolderPreview, progress: Progress | None = None) -> int:
        """Keep the photos that were matched; returns how many.

        A file that changed meanwhile or turns out to be broken is left out. Canceled in between,
        those kept so far stay.
        """
        self._context.require(Action.PHOTO_EDIT)
        going = progress or Progress()
        going.begin(len(preview.matched))
        kept = 0
        ready: list[tuple[str, tuple[bytes, bytes]]] = []
        try:
            for one in preview.matched:
                made = _made_of(one.path)
                if made is not None:
                    ready.append((bare(one.student_id), made))
                if len(ready) >= _AT_ONCE:
                    kept += self._keep_all(ready)
                going.step()
        finally:
            kept += self._keep_all(ready)
        return kept

    def _keep_all(self, ready: list[tuple[str, tuple[bytes, bytes]]]) -> int:
        if not ready:
            return 0
        with self._context.store.write() as session:
            for student, made in ready:
                self._keep(session, student, made)
        count = len(ready)
        ready.clear()
        return count

    def _keep(self, session: Session, student: str, made: tuple[bytes, bytes]) -> None:
        photo, thumb = made
        digest = hashlib.sha256(photo).hexdigest()
        session.merge(
            StudentPhoto(
                student_id=student,
                media_type="image/jpeg",
                data=photo,
                thumb=thumb,
                sha256=digest,
                updated_at=self._context.clock.now(),
            )
        )
        session.flush()
        self._context.note(session, "photo.set", f"student:{student}", digest=digest)


def _owners(session: Session) -> Iterable[Owner]:
    has = set(session.scalars(select(StudentPhoto.student_id)))
    rows = session.execute(
        select(
            Student.id, Student.given, Student.middle, Student.family, Student.preferred,
            Student.student_number,
        ).where(Student.active)
    )  # fmt: skip
    for student, given, middle, family, preferred, number in rows:
        yield Owner(f"student:{student}", given, middle, family, preferred, number, student in has)


def _made(data: bytes) -> tuple[bytes, bytes]:
    photo = pictures.small(data, SIDE)
    return photo, pictures.small(photo, THUMB_SIDE, quality=80)


def _made_of(path: Path) -> tuple[bytes, bytes] | None:
    try:
        return _made(path.read_bytes())
    except (OSError, pictures.PictureUnusable):
        return None
