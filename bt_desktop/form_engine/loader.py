"""Loads forms and packs from YAML, strictly: all faults of all files at once, or a whole form."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from bt_desktop import paths
from bt_desktop.form_engine.building import Builder
from bt_desktop.form_engine.checks import check_form
from bt_desktop.form_engine.checks_event import check_facts, check_leads
from bt_desktop.form_engine.definition import Choice, Form
from bt_desktop.form_engine.fact_checks import check_facts_of
from bt_desktop.form_engine.overlay import ChoiceOverlay, Overlay, overlay_for, read_pack
from bt_desktop.form_engine.packs import Pack
from bt_desktop.form_engine.section_choices import SECTIONS, is_asked_for, section_choices
from bt_desktop.form_engine.shared_sections import INCLUDE_FOLDER, check_shared, with_included
from bt_desktop.form_engine.yaml_tree import Fault, Table, Unusable, read_tree

SHARED = "choices.yaml"
PROGRAMS = "training_programs.yaml"  # names of holds, laid over a form; no form itself
FACTS = "deadline_facts.yaml"  # how answers become facts
MEDICATION = ("medication_lists", "medicines", "medication_rules", "visit_lists")
"""Files of the health office, each named as its first key: read by `services.health`."""
_NO_FORMS = frozenset((SHARED, PROGRAMS, FACTS, *(f"{name}.yaml" for name in MEDICATION)))
_PACKS = "packs"
_PROGRAM_KEYS = ("program", "label", "verified", "hold_names")


class FormFaults(ValueError):
    """A form or pack does not load; `faults` holds everything that is wrong, in reading order."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        first = self.faults[0]
        more = f" (and {len(self.faults) - 1} more)" if len(self.faults) > 1 else ""
        super().__init__(f"{first.file}:{first.line}: {first.sentence}{more}")


def available_forms() -> tuple[str, ...]:
    """The names of the shipped forms."""
    found = paths.forms_dir().glob("*.yaml")
    return tuple(sorted(f.stem for f in found if f.name not in _NO_FORMS))


def available_packs() -> tuple[str, ...]:
    """The names of the shipped packs."""
    return tuple(sorted(f.stem for f in (paths.forms_dir() / _PACKS).glob("*.yaml")))


def _find(named: str | Path, folder: Path) -> Path:
    """A file by path, or a shipped one by name. Raises FileNotFoundError."""
    as_path = Path(named)
    if as_path.suffix in (".yaml", ".yml"):
        if not as_path.is_file():
            raise FileNotFoundError(str(named))
        return as_path
    found = folder / f"{as_path.name}.yaml"
    if as_path.name != str(named) or not found.is_file():
        raise FileNotFoundError(str(named))
    return found


def _read(builder: Builder, file: Path) -> Table | None:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        builder.faults.append(
            Fault(str(file), 1, "", "unreadable", "The file cannot be read as UTF-8 text.")
        )
        return None
    try:
        tree, faults = read_tree(text, str(file))
    except Unusable as e:
        builder.faults.append(e.fault)
        return None
    builder.faults.extend(faults)
    if not isinstance(tree, Table):
        builder.faults.append(
            Fault(str(file), 1, "", "not-a-mapping", "The file must hold “key: value” lines.")
        )
        return None
    return tree


def _shared_choices(builder: Builder, form: Table, file: Path) -> dict[str, tuple[Choice, ...]]:
    """The lists of `choices_from` (or of the shared file beside the form) and the form's own."""
    named = builder.word(form, "choices_from")
    shared = file.parent / (named or SHARED)
    lists: dict[str, tuple[Choice, ...]] = {}
    if shared.is_file():
        tree = _read(builder, shared)
        if tree is not None:
            builder.keys(tree, ("choices",), "A file of choices")
            lists |= builder.choice_lists(tree.get("choices"))
    elif named:
        builder.fault(
            form, "missing-file", f"There is no file “{named}”.", form.line_of("choices_from")
        )
    own = builder.choice_lists(form.get("choices"))
    return lists | own


def load_form(
    path_or_name: str | Path,
    pack: str | Path | None = None,
    *,
    training_choices: Mapping[str, Sequence[Choice]] | None = None,
) -> Form:
    """A form (shipped, by name; or a file), with a pack laid over it.

    `training_choices` replaces whole choice lists (the holds of the school's training program).
    Raises `FormFaults` with everything that is wrong, FileNotFoundError if there is no such file.
    """
    folder = paths.forms_dir()
    file = _find(path_or_name, folder)
    pack_file = _find(pack, folder / _PACKS) if pack is not None else None
    builder = Builder()
    with _without_collection():
        form = _load(builder, file, pack_file, training_choices or {})
    if builder.faults or form is None:
        raise FormFaults(_sorted(builder.faults))
    return form


@contextmanager
def _without_collection() -> Iterator[None]:
    """A tree of some ten thousand small things has no cycles; looking for garbage in it again and
    again would cost as much as reading it."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _load(
    builder: Builder,
    file: Path,
    pack_file: Path | None,
    training: Mapping[str, Sequence[Choice]],
) -> Form | None:
    tree = _read(builder, file)
    pack_tree = _read(builder, pack_file) if pack_file is not None else None
    if tree is None:
        return None
    tree = with_included(builder, tree, file.parent / INCLUDE_FOLDER, partial(_read, builder))
    lists = _shared_choices(builder, tree, file)
    known = {name: {c.name for c in rows} for name, rows in lists.items()}
    pack: Pack | None = None
    if pack_tree is not None:
        pack = read_pack(builder, pack_tree)
        over = overlay_for(builder, pack_tree, builder.word(tree, "form"))
        if over is not None:
            lists = ChoiceOverlay(builder, over).lists(lists)
            tree = Overlay(builder, over).form(tree)
    lists |= {name: tuple(rows) for name, rows in training.items()}
    if is_asked_for(tree):
        lists.setdefault(SECTIONS, section_choices(builder, tree))
    form = builder.form(tree, lists, pack)
    for name, rows in form.choices.items():
        known.setdefault(name, set()).update(c.name for c in rows)
    check_form(builder, form, known)
    check_leads(builder, form, _forms_beside(file))
    check_facts(builder, form)
    return form


def _forms_beside(file: Path) -> list[str]:
    """The names of the forms in the folder of a form."""
    found = (f for f in file.parent.glob("*.yaml") if f.name not in _NO_FORMS)
    return sorted(f.stem for f in found)


def _sorted(faults: Iterable[Fault]) -> list[Fault]:
    return sorted(dict.fromkeys(faults), key=lambda f: (f.file, f.line))


def load_pack(named: str | Path) -> Pack:
    """A pack's heading and carried data. Raises `FormFaults`, FileNotFoundError."""
    builder = Builder()
    tree = _read(builder, _find(named, paths.forms_dir() / _PACKS))
    pack = read_pack(builder, tree) if tree is not None else None
    if builder.faults or pack is None:
        raise FormFaults(_sorted(builder.faults))
    return pack


def check_files(files: Iterable[str | Path]) -> tuple[Fault, ...]:
    """Every fault of some files: forms, packs (with the form they are for), files of choices."""
    found: list[Fault] = []
    for named in files:
        file = Path(named)
        builder = Builder()
        tree = _read(builder, file)
        if tree is not None:
            _check(tree, file, builder)
        found.extend(builder.faults)
    return tuple(_sorted(found))


def _check(tree: Table, file: Path, builder: Builder) -> None:
    if "pack" in tree.items:
        builder.faults.clear()
        _check_pack(tree, file, builder)
    elif "shared" in tree.items:
        check_shared(builder, tree)
    elif "paper" in tree.items or "words" in tree.items:
        pass  # what is printed for parents: read and checked by `paper`, which knows more
    elif any(name in tree.items for name in MEDICATION):
        pass  # the tables of the health office: `services.health` reads and checks them
    elif "form" in tree.items or "sections" in tree.items:
        builder.faults.clear()
        _load(builder, file, None, {})
    elif "choices" in tree.items:
        builder.keys(tree, ("choices",), "A file of choices")
        builder.choice_lists(tree.get("choices"))
    elif "programs" in tree.items:
        _check_programs(tree, builder)
    elif "facts_of" in tree.items:
        check_facts_of(builder, tree, lambda name: _names_of(file.parent / f"{name}.yaml"))
    else:
        builder.fault(
            tree,
            "unknown-file",
            "This is neither a form (“form: …”) nor a pack (“pack: …”) nor a list of “choices:”.",
        )


def _check_pack(tree: Table, file: Path, builder: Builder) -> None:
    """A pack is checked together with its forms, which lie beside it or one folder up."""
    _check_pack_on(tree, file, builder, builder.word(tree, "form"), tree.line_of("form"))
    forms = tree.get("forms")
    if isinstance(forms, Table):
        for name in forms.items:
            _check_pack_on(tree, file, builder, name, forms.line_of(name))


def _check_pack_on(tree: Table, file: Path, builder: Builder, name: str, line: int) -> None:
    beside = [file.parent / f"{name}.yaml", file.parent.parent / f"{name}.yaml"]
    form = next((f for f in beside if name and f.is_file()), None)
    if form is None:
        _read(builder, file)
        read_pack(builder, tree)
        if name:
            builder.fault(tree, "missing-file", f"There is no form “{name}”.", line)
        return
    alone = Builder()
    _load(alone, form, file, {})
    builder.faults.extend(alone.faults)


def _names_of(file: Path) -> frozenset[str] | None:
    """The questions of a form, its repeats too; None where there is no such form."""
    if not file.is_file():
        return None
    form = _load(Builder(), file, None, {})
    if form is None:
        return frozenset()
    return frozenset(form.fields()) | {s.name for s in form.sections if s.repeat is not None}


def _check_programs(tree: Table, builder: Builder) -> None:
    """Training programs: each has a name, a label and the names of its holds."""
    builder.keys(tree, ("programs",), "A file of training programs")
    for item in builder.rows(tree, "programs"):
        program = builder.table(item, "A training program")
        if program is None:
            continue
        builder.keys(program, _PROGRAM_KEYS, "A training program")
        builder.field = builder.name(program, "program", "A training program")
        if not builder.text(program, "label"):
            builder.fault(program, "missing-label", "A training program needs a label.")
        holds = program.get("hold_names")
        if holds is None:
            builder.fault(program, "missing-list", "A training program needs “hold_names”.")
        else:
            builder.choice_list("hold_names", holds)
    builder.field = ""
