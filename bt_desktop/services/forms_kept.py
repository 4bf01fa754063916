"""The forms: as they are asked today, and as they were asked when a record was begun."""

from __future__ import annotations

import hashlib
import threading
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from bt_desktop import paths
from bt_desktop.form_engine.definition import Choice, Form, say
from bt_desktop.form_engine.loader import available_forms, load_form
from bt_desktop.form_engine.yaml_tree import plain_data
from bt_desktop.models.records import FormText
from bt_desktop.models.school import school_row
from bt_desktop.services.integrity import RecordAltered
from bt_desktop.services.results.records import FormInfo
from bt_desktop.services.school import hold_names

_Stamp = tuple[tuple[str, int, int], ...]
_Key = tuple[str, str, str, tuple[tuple[str, str], ...]]

HOLD_NAMES = "hold_names"
_OTHER = Choice("other", {"en": "Another hold"})


def digest_of(form: Form) -> str:
    """The SHA-256 (hex) of the form's own text: its name in the store."""
    return hashlib.sha256(form.source.encode("utf-8")).hexdigest()


class _Shipped:
    """Forms as laid over for a school, read once for the whole run of the program.

    Locking and unlocking makes a new shelf, and reading every form anew took most of the half
    second after it. A form is frozen and holds no answer, so nothing of a school stays here but the
    names of its holds. Files that were changed on the disk are read again.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._stamp: _Stamp = ()
        self._forms: dict[_Key, Form] = {}

    def form(self, key: _Key, programs: TrainingPrograms, stamp: _Stamp) -> Form:
        """The form of `key` (name, pack, training program, the school's own holds), out of files
        of that stamp."""
        name, pack, program, holds = key
        with self._guard:
            if stamp != self._stamp:
                self._stamp, self._forms = stamp, {}
            form = self._forms.get(key)
        if form is None:
            form = load_form(name, pack or None, training_choices=programs.choices(program, holds))
            with self._guard:
                if stamp == self._stamp:
                    self._forms[key] = form
        return form


def _stamp_of_files() -> _Stamp:
    """What changes when any file of a form or pack does: path, time of change, size."""
    found = ((file, file.stat()) for file in sorted(paths.forms_dir().rglob("*.yaml")))
    return tuple((str(file), is_now.st_mtime_ns, is_now.st_size) for file, is_now in found)


_SHIPPED = _Shipped()


class FormShelf:
    """Forms by name (as asked today) and by digest (as asked then), each read once."""

    def __init__(self) -> None:
        self._guard = threading.RLock()
        self._today: dict[_Key, Form] = {}
        self._kept: dict[str, Form] = {}

    def today(self, session: Session, name: str) -> Form:
        """The form as this school asks it today: its pack and its training program laid over."""
        school = school_row(session)
        holds = hold_names(session)
        key = (name, school.pack, school.training_program, holds)
        with self._guard:
            if key not in self._today:
                self._today[key] = _SHIPPED.form(key, self._programs, self._stamp)
            return self._today[key]

    def keep(self, session: Session, form: Form) -> str:
        """Put the form's text into the store, once; returns its digest."""
        digest = digest_of(form)
        with self._guard:
            self._kept[digest] = form
        if session.get(FormText, digest) is None:
            pack = form.pack.pack if form.pack is not None else ""
            session.add(
                FormText(
                    digest=digest,
                    form=form.form,
                    version=str(form.version),
                    pack=pack,
                    text=form.source,
                )
            )
            session.flush()
        return digest

    def kept(self, session: Session, digest: str) -> Form:
        """The form of that digest, as it was asked."""
        with self._guard:
            form = self._kept.get(digest)
            if form is None:
                text = session.get_one(FormText, digest).text
                if hashlib.sha256(text.encode("utf-8")).hexdigest() != digest:
                    raise RecordAltered
                form = Form.load(text)
                self._kept[digest] = form
            return form

    def infos(self, session: Session) -> tuple[FormInfo, ...]:
        """The forms that can be started."""
        forms = [self.today(session, name) for name in available_forms()]
        return tuple(FormInfo(f.form, say(f.title), _hint(f), f.prefix) for f in forms)

    @cached_property
    def _stamp(self) -> _Stamp:
        return _stamp_of_files()

    @cached_property
    def _programs(self) -> TrainingPrograms:
        return TrainingPrograms()


class TrainingPrograms:
    """The holds of each training program, as shipped; a school's own list takes their place."""

    def __init__(self) -> None:
        path = paths.forms_dir() / "training_programs.yaml"
        self._programs: list[dict[str, Any]] = plain_data(path.read_text("utf-8"))["programs"]

    def titles(self) -> tuple[tuple[str, str], ...]:
        """Every program as (word, title)."""
        return tuple((one["program"], say(one["label"])) for one in self._programs)

    def choices(
        self, program: str, own: tuple[tuple[str, str], ...]
    ) -> dict[str, tuple[Choice, ...]] | None:
        """What `load_form` lays over; None where the form's own list stands."""
        if own:
            named = tuple(Choice(name, {"en": label}) for name, label in own)
            has_other = any(choice.name == _OTHER.name for choice in named)
            return {HOLD_NAMES: named if has_other else (*named, _OTHER)}
        for one in self._programs:
            if program.casefold() in (one["program"].casefold(), say(one["label"]).casefold()):
                return {
                    HOLD_NAMES: tuple(
                        Choice(choice["name"], choice["label"]) for choice in one[HOLD_NAMES]
                    )
                }
        return None


def _hint(form: Form) -> str:
    """One line under the form's title: what it is for, else what its first section asks."""
    if form.hint:
        return say(form.hint)
    return say(form.sections[0].hint) if form.sections else ""
