"""Lays a pack over a form's tree, so that each fault still names its own file and line."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from bt_desktop.form_engine.building import FIELD_KEYS, Builder
from bt_desktop.form_engine.definition import Choice
from bt_desktop.form_engine.packs import CARRIED, Pack
from bt_desktop.form_engine.reading import Reading
from bt_desktop.form_engine.suggestions import did_you_mean
from bt_desktop.form_engine.yaml_tree import Row, Table, Tree, Word, to_plain

_HEADING = [
    "pack",
    "version",
    "form",
    "name",
    "title",
    "prefix",
    "review",
    "effective_from",
    "effective_to",
    "verified",
    "fields",
    "sections",
    "choices",
    "prohibited",
    "leads_to",
    "forms",
]
PACK_KEYS = [*_HEADING, *CARRIED]
_FORM_KEYS = ["title", "prefix", "fields", "sections", "choices", "prohibited", "leads_to"]
_LEAD_KEYS = ["form", "at", "when", "because"]
_SECTION_KEYS = ["label", "hint", "guidance_hint", "relevant", "repeat", "cite", "fields"]
_CHOICE_KEYS = ["add", "remove", "replace", "prohibited"]
_NOT_OVERLAID = frozenset(("name", "after"))


def read_pack(reading: Reading, table: Table) -> Pack:
    """A pack's heading and carried data."""
    reading.keys(table, PACK_KEYS, "A pack")
    name = reading.name(table, "pack", "A pack")
    version = reading.word(table, "version")
    if not version:
        reading.fault(table, "missing-version", "A pack needs “version”.")
    begins, ends = reading.day(table, "effective_from"), reading.day(table, "effective_to")
    if begins and ends and ends < begins:
        reading.fault(
            table,
            "bad-value",
            "“effective_to” lies before “effective_from”.",
            table.line_of("effective_to"),
        )
    verified = reading.table(table.get("verified"), "“verified”") or Table({}, table.file, 1)
    reading.keys(verified, ("by", "on", "sources"), "“verified”")
    sources = [t.text for t in reading.rows(verified, "sources") if isinstance(t, Word)]
    return Pack(
        pack=name,
        version=version,
        title=reading.text(table, "name") or reading.text(table, "title"),
        form=reading.word(table, "form"),
        effective_from=begins,
        effective_to=ends,
        verified_by=reading.word(verified, "by"),
        verified_on=reading.day(verified, "on"),
        verified_sources=tuple(sources),
        raw=MappingProxyType({k: to_plain(table.items[k]) for k in CARRIED if k in table.items}),
    )


def overlay_for(reading: Reading, pack: Table, form: str) -> Table | None:
    """What a pack says of a form: itself where it is for that form, or its entry in `forms`."""
    if pack.get("form") is None or reading.word(pack, "form") == form:
        return pack
    forms = reading.table(pack.get("forms"), "“forms” of a pack")
    found = forms.get(form) if forms is not None else None
    table = reading.table(found, f"“{form}”")
    if table is not None:
        reading.keys(table, _FORM_KEYS, "A form of a pack")
    return table


class Overlay:
    """Changes a form's tree by what a pack says of it."""

    def __init__(self, reading: Reading, pack: Table) -> None:
        self._reading = reading
        self._pack = pack

    def form(self, form: Table) -> Table:
        """The form's tree with the pack's title, review, sections and fields."""
        out = Table(dict(form.items), form.file, form.line, dict(form.lines))
        for key in ("title", "prefix", "review"):
            if self._pack.get(key) is not None:
                out.items[key] = self._pack.items[key]
        sections = form.get("sections")
        if isinstance(sections, Row):
            out.items["sections"] = self._sections(sections)
        if self._pack.get("leads_to") is not None:
            out.items["leads_to"] = self._leads(form)
        return out

    def _leads(self, form: Table) -> Row:
        """The form's leads, worded anew or narrowed by name; those it does not have are added."""
        over = self._overlays("leads_to")
        rows = self._reading.rows(form, "leads_to")
        out = Row([], form.file, form.line_of("leads_to"))
        for tree in rows:
            change = over.pop(self._name(tree), None)
            if change is None or not isinstance(tree, Table):
                out.items.append(tree)
                continue
            changed = Table(dict(tree.items), tree.file, tree.line, dict(tree.lines))
            self._reading.keys(change, _LEAD_KEYS, "A lead of a pack")
            for key in change.items:
                _put(changed, key, change)
            out.items.append(changed)
        for name, added in over.items():
            self._reading.keys(added, _LEAD_KEYS, "A lead of a pack")
            items: dict[str, Tree] = {
                "name": Word(name, False, added.file, added.line),
                **added.items,
            }
            out.items.append(Table(items, added.file, added.line, dict(added.lines)))
        return out

    def _sections(self, rows: Row) -> Row:
        by_section = self._overlays("sections")
        by_field = self._overlays("fields")
        out = Row([], rows.file, rows.line)
        for tree in rows.items:
            if isinstance(tree, Table):
                out.items.append(self._section(tree, by_section, by_field))
            else:
                out.items.append(tree)
        self._left_over(by_section, rows, "section")
        self._left_over(by_field, rows, "field")
        return out

    def _overlays(self, key: str) -> dict[str, Table]:
        table = self._reading.table(self._pack.get(key), f"“{key}” of a pack")
        found = {}
        for name, tree in (table.items if table is not None else {}).items():
            self._reading.field = name
            inner = self._reading.table(tree, f"“{name}”")
            if inner is not None:
                found[name] = inner
        self._reading.field = ""
        return found

    def _section(
        self, section: Table, by_section: dict[str, Table], by_field: dict[str, Table]
    ) -> Table:
        out = Table(dict(section.items), section.file, section.line, dict(section.lines))
        fields = section.get("fields")
        rows = list(fields.items) if isinstance(fields, Row) else []
        over = by_section.pop(self._name(section), None)
        if over is not None:
            self._reading.keys(over, _SECTION_KEYS, "A section of a pack")
            for key in _SECTION_KEYS:
                if key in over.items and key != "fields":
                    _put(out, key, over)
            for extra in self._reading.rows(over, "fields"):
                rows.insert(self._place(rows, extra), extra)
        if fields is not None:
            out.items["fields"] = Row(
                [self._field(t, by_field) for t in rows], fields.file, fields.line
            )
        return out

    def _place(self, rows: list[Tree], extra: Tree) -> int:
        after = self._reading.word(extra, "after") if isinstance(extra, Table) else ""
        if not after:
            return len(rows)
        names = [self._name(t) for t in rows]
        if after in names:
            return names.index(after) + 1
        hint = did_you_mean(after, names)
        self._reading.fault(
            extra, "unknown-reference", f"“after” names no field of the section: “{after}”.{hint}"
        )
        return len(rows)

    def _field(self, tree: Tree, by_field: dict[str, Table]) -> Tree:
        over = by_field.pop(self._name(tree), None)
        if over is None or not isinstance(tree, Table):
            return tree
        self._reading.field = self._name(tree)
        allowed = [k for k in FIELD_KEYS if k not in _NOT_OVERLAID]
        self._reading.keys(over, allowed, "A field of a pack")
        out = Table(dict(tree.items), tree.file, tree.line, dict(tree.lines))
        for key in over.items:
            if key in allowed:
                _put(out, key, over)
        self._reading.field = ""
        return out

    def _name(self, tree: Tree) -> str:
        name = tree.items.get("name") if isinstance(tree, Table) else None
        return name.text if isinstance(name, Word) else ""

    def _left_over(self, overlays: dict[str, Table], rows: Row, what: str) -> None:
        sections = [t for t in rows.items if isinstance(t, Table)]
        names = [self._name(t) for t in sections]
        if what == "field":
            names = [
                self._name(f)
                for t in sections
                if isinstance(fields := t.get("fields"), Row)
                for f in fields.items
            ]
        for name, table in overlays.items():
            self._reading.field = name
            self._reading.fault(
                table,
                "unknown-reference",
                f"The form has no {what} “{name}”.{did_you_mean(name, names)}",
                self._pack_line(what, name),
            )
        self._reading.field = ""

    def _pack_line(self, what: str, name: str) -> int | None:
        table = self._pack.get(f"{what}s")
        return table.line_of(name) if isinstance(table, Table) else None


def _put(out: Table, key: str, over: Table) -> None:
    out.items[key] = over.items[key]
    out.lines[key] = over.line_of(key)


class ChoiceOverlay:
    """Changes choice lists by what a pack says of them."""

    def __init__(self, builder: Builder, pack: Table) -> None:
        self._builder = builder
        self._pack = pack

    def lists(self, lists: dict[str, tuple[Choice, ...]]) -> dict[str, tuple[Choice, ...]]:
        """The lists with the pack's additions, removals, replacements and prohibitions."""
        out = dict(lists)
        changes = self._builder.table(self._pack.get("choices"), "“choices” of a pack")
        for name, tree in (changes.items if changes is not None else {}).items():
            out[name] = self._changed(name, tree, out.get(name))
        flags = self._builder.table(self._pack.get("prohibited"), "“prohibited”")
        for name, tree in (flags.items if flags is not None else {}).items():
            out[name] = self._prohibited(name, tree, out.get(name))
        return out

    def _unknown(self, at: Tree, name: str, known: list[str], what: str) -> None:
        hint = did_you_mean(name, known)
        self._builder.fault(at, "unknown-reference", f"There is no {what} “{name}”.{hint}")

    def _changed(
        self, name: str, tree: Tree, before: tuple[Choice, ...] | None
    ) -> tuple[Choice, ...]:
        if isinstance(tree, Row):
            return self._builder.choice_list(name, tree)
        table = self._builder.table(tree, f"The choice list “{name}”")
        if table is None:
            return before or ()
        self._builder.keys(table, _CHOICE_KEYS, "A choice list of a pack")
        if (replaced := table.get("replace")) is not None:
            before = self._builder.choice_list(name, replaced)
        if before is None:
            self._unknown(tree, name, [], "choice list")
            before = ()
        out = [c for c in before if c.name not in self._removed(table, before)]
        for item in self._builder.rows(table, "add"):
            self._add(out, name, item)
        if (flags := table.get("prohibited")) is not None:
            return self._prohibited(name, flags, tuple(out))
        return tuple(out)

    def _removed(self, table: Table, before: tuple[Choice, ...]) -> set[str]:
        names = [c.name for c in before]
        removed = {t.text for t in self._builder.rows(table, "remove") if isinstance(t, Word)}
        for name in sorted(removed - set(names)):
            self._unknown(table, name, names, "choice")
        return removed

    def _add(self, out: list[Choice], name: str, item: Tree) -> None:
        choice = self._builder.choice(item)
        if choice is None:
            return
        names = [c.name for c in out]
        if choice.name in names:
            self._builder.fault(
                item, "duplicate-choice", f"“{choice.name}” stands in “{name}” already."
            )
            return
        after = self._builder.word(item, "after") if isinstance(item, Table) else ""
        if after and after not in names:
            self._unknown(item, after, names, "choice")
        out.insert(names.index(after) + 1 if after in names else len(out), choice)

    def _prohibited(
        self, name: str, tree: Tree, before: tuple[Choice, ...] | None
    ) -> tuple[Choice, ...]:
        if before is None:
            self._unknown(tree, name, [], "choice list")
            return ()
        table = self._builder.table(tree, f"“prohibited” of “{name}”")
        flags = dict(table.items) if table is not None else {}
        out = []
        for choice in before:
            flag = flags.pop(choice.name, None)
            out.append(choice if flag is None else self._flagged(choice, flag))
        for left, flag in flags.items():
            self._unknown(flag, left, [c.name for c in before], "choice")
        return tuple(out)

    def _flagged(self, choice: Choice, flag: Tree) -> Choice:
        if isinstance(flag, Word):
            return replace(choice, prohibited=True, cite=flag.text)
        table = self._builder.table(flag, "A prohibited choice")
        if table is None:
            return choice
        self._builder.keys(table, ("cite", "hint", "label"), "A prohibited choice")
        return replace(
            choice,
            prohibited=True,
            cite=self._builder.word(table, "cite"),
            hint=self._builder.text(table, "hint") or choice.hint,
            label=self._builder.text(table, "label") or choice.label,
        )
