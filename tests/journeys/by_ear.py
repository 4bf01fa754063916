"""Answers a form as somebody does who does not see it: each question is found by its words.

What is known of the form are its printed words (the label of a section, a question, a choice); all
else is what the reader hears. Nothing of a window is imported here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bt_desktop.form_engine import Form
from bt_desktop.form_engine.definition import PEOPLE, Field, Section, say
from tests.journeys.screen_reader import DOWN, ENTER, SPACE, Reader, Thing

_MOST_ROWS = 12


class FormByEar:
    """One form on its page and a reader before it; `names` says who is meant by `@key`."""

    def __init__(self, reader: Reader, form: Form, names: Mapping[str, str]) -> None:
        self._reader, self._form, self._names = reader, form, names
        self._at = ("", 0)

    def answer(self, path: str, told: Any) -> None:
        """Go to the question at `path`, in its section and row, and answer it."""
        field = self._form.field(path.rpartition("/")[2])
        row = re.search(r"\[(\d+)\]", path)
        self._go(self._form.section(field.section), int(row[1]) if row else 0)
        wanted = told if isinstance(told, list) else [told]
        if field.type in PEOPLE:
            for key in wanted:
                self._person(say(field.label), self._names[key.removeprefix("@")])
        elif field.choices:
            for name in wanted:
                self._choose(say(field.label), self._words_of(field, name))
        elif field.type == "acknowledge":
            self._reader.press(say(field.label), "check box")
        else:
            self._reader.write(say(field.label), told)

    def _words_of(self, field: Field, name: str) -> str:
        return next(say(c.label) for c in self._form.choices[field.choices or ""] if c.name == name)

    # --- where ----------------------------------------------------------------------------

    def _go(self, section: Section, row: int) -> None:
        if self._at == (section.name, row):
            return
        reader = self._reader
        if self._at[0] != section.name:
            reader.do(self._begins(f"{say(section.label)}: ", "check box"))
        if row:
            self._open(section, row)
        self._at = (section.name, row)

    def _open(self, section: Section, row: int) -> None:
        """A row that is there is opened, one that is not there is added."""
        assert section.repeat is not None
        name = f"{say(section.repeat.label)} {row}"
        done, edit, add = f"Done {name}", f"Edit {name}", say(section.repeat.add_label or {})

        def look() -> Thing | None:
            for one in self._reader.things():
                if one.name == done or one.name.startswith(edit) or one.name == add:
                    return one
            return None

        found = self._reader.until(look, f"{done}, {edit} or {add}")
        if found.name != done:
            self._reader.do(found)
            self._reader.find(done)

    def _begins(self, words: str, role: str) -> Thing:
        def look() -> Thing | None:
            fits = (o for o in self._reader.things() if o.role == role)
            return next((o for o in fits if o.name.startswith(words)), None)

        found: Thing = self._reader.until(look, f"{role} {words!r}")
        return found

    # --- what -----------------------------------------------------------------------------

    def _choose(self, question: str, wanted: str) -> None:
        """A chip, a row to check, or a line that takes an option."""
        reader = self._reader
        place, found = reader.until(lambda: self._shown(question, wanted), f"{question}: {wanted}")
        if found.role == "text":
            reader.write(question, wanted)
        elif found.role != "list item":
            if "checked" not in found.states:
                reader.do(found)
        elif "checked" not in found.states:
            reader.do(found)  # a row is gone to, and checked by the key that says so
            reader.focus(place)
            reader.key(SPACE)
        else:
            return
        reader.until(lambda: self._is_taken(question, wanted), f"{question}: {wanted}, taken")

    def _shown(self, question: str, wanted: str) -> tuple[Thing, Thing] | None:
        """As `_option`; a long list is narrowed to it first, as rows further down are silent."""
        found = self._option(question, wanted)
        if found is None:
            narrow = f"{question}: filter the options"
            if any(one.name == narrow for one in self._reader.things()):
                self._reader.write(narrow, wanted)
        return found

    def _option(self, question: str, wanted: str) -> tuple[Thing, Thing] | None:
        """Where `wanted` can be chosen: the thing it stands in, and itself."""
        listed: Thing | None = None
        for one in self._reader.things():
            if one.name.startswith(f"{question}: {wanted}, ") and one.role != "text":
                return one, one
            if one.name == question and one.role == "text":
                return one, one
            if one.role == "list":
                listed = one if one.name == question else None
            elif listed and one.role == "list item" and one.name == wanted:
                return listed, one
        return None

    def _is_taken(self, question: str, wanted: str) -> bool:
        found = self._option(question, wanted)
        if found is None:
            return False
        one = found[1]
        return "checked" in one.states if one.role != "text" else self._reader.read(one) == wanted

    def _person(self, question: str, name: str) -> None:
        """Typed, heard as a row of what is offered, and taken by Enter."""
        reader = self._reader
        taken = f"{question}: {name}, press to remove"

        def line() -> Thing | None:
            for one in reader.things():
                if (one.name, one.role) == (question, "text") or one.name == taken:
                    return one
            return None

        found = reader.until(line, question)
        if found.name == taken:
            return  # the roster has answered it
        reader.write(question, name)
        heard = re.compile(rf"\d+ of \d+: {re.escape(name)}, ")
        reader.until(lambda: " of " in reader.description(found), f"{question}: {name}")
        for _ in range(_MOST_ROWS):
            if heard.match(reader.description(found)):
                break
            reader.key(DOWN)
        reader.key(ENTER)
        reader.find(taken)
