"""Builds a frozen `Form` from a tree (a YAML file with its pack laid over it, or a dump)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from bt_desktop.form_engine.definition import (
    FIELD_TYPES,
    OTHER,
    PARTS,
    PRIVACIES,
    REASONS,
    RECORD_CLASSES,
    REVIEWS,
    SELECTS,
    SUBJECTS,
    Choice,
    Field,
    Form,
    Lead,
    Repeat,
    Section,
    Text,
    say,
)
from bt_desktop.form_engine.expressions import Expression, compile_expression
from bt_desktop.form_engine.packs import Pack
from bt_desktop.form_engine.reading import Reading
from bt_desktop.form_engine.suggestions import did_you_mean
from bt_desktop.form_engine.yaml_tree import Row, Table, Tree, Word

FORM_KEYS = [
    "form",
    "version",
    "title",
    "subject",
    "prefix",
    "sections",
    "choices",
    "choices_from",
    "event_date",
    "event_time",
    "record_class",
    "leads_to",
    "review",
    "hint",
]
SECTION_KEYS = [
    "name",
    "label",
    "hint",
    "guidance_hint",
    "part",
    "relevant",
    "repeat",
    "fields",
    "cite",
    "fact",
]
REPEAT_KEYS = ["min", "max", "label", "add_label"]
FIELD_KEYS = [
    "name",
    "type",
    "label",
    "hint",
    "guidance_hint",
    "default",
    "read_only",
    "required",
    "required_message",
    "relevant",
    "constraint",
    "constraint_message",
    "warning",
    "warning_message",
    "calculation",
    "choices",
    "choice_filter",
    "appearance",
    "recommended",
    "unknown",
    "reason",
    "cite",
    "privacy",
    "promote",
    "fact",
    "after",
]
LEAD_KEYS = ["name", "form", "at", "when", "because"]
CHOICE_KEYS = ["name", "label", "hint", "prohibited", "cite", "after"]
_FLAGS = frozenset(("required", "read_only"))
Choices = Mapping[str, tuple[Choice, ...]]


class Builder(Reading):
    """One use builds one form; `places` remembers where each thing stands, for later checks."""

    def __init__(self) -> None:
        super().__init__()
        self.places: dict[str, Table] = {}

    # -- choices -------------------------------------------------------------------------------

    def choice_lists(self, tree: Tree | None) -> dict[str, tuple[Choice, ...]]:
        """All lists under a `choices:` key."""
        table = self.table(tree, "“choices”")
        if table is None:
            return {}
        return {name: self.choice_list(name, rows) for name, rows in table.items.items()}

    def choice_list(self, name: str, tree: Tree) -> tuple[Choice, ...]:
        """One list; a name that stands twice is a fault."""
        if not isinstance(tree, Row):
            self.fault(tree, "not-a-list", f"The choice list “{name}” must be a list.")
            return ()
        if not tree.items:
            self.fault(tree, "empty-list", f"The choice list “{name}” has no choice.")
        found: dict[str, Choice] = {}
        for item in tree.items:
            choice = self.choice(item)
            if choice is None:
                continue
            if choice.name in found:
                self.fault(item, "duplicate-choice", f"“{choice.name}” stands twice in “{name}”.")
            found[choice.name] = choice
        return tuple(found.values())

    def choice(self, tree: Tree) -> Choice | None:
        """One choice; keys beyond ours are columns for choice_filter."""
        table = self.table(tree, "A choice")
        if table is None:
            return None
        name = self.choice_name(table)
        label = self.text(table, "label")
        if name and not label:
            self.fault(table, "missing-label", f"The choice “{name}” needs a label.")
        return Choice(
            name=name,
            label=label,
            hint=self.text(table, "hint"),
            extra=self._columns(table),
            prohibited=self.flag(table, "prohibited"),
            cite=self.word(table, "cite"),
        )

    def _columns(self, table: Table) -> Mapping[str, str]:
        columns = {}
        for key, word in table.items.items():
            if key in CHOICE_KEYS:
                continue
            hint = did_you_mean(key, CHOICE_KEYS)
            if hint or not isinstance(word, Word):
                self.fault(
                    table, "unknown-key", f"A choice has no key “{key}”.{hint}", table.line_of(key)
                )
            else:
                columns[key] = word.text
        return MappingProxyType(columns)

    # -- form, sections ------------------------------------------------------------------------

    def form(self, tree: Tree | None, choices: Choices, pack: Pack | None) -> Form:
        """The form; what could not be read is left out (and noted as a fault)."""
        table = self.table(tree, "A form") or Table({}, tree.file if tree else "", 1)
        self.keys(table, FORM_KEYS, "A form")
        self.places[""] = table
        sections = tuple(
            s for s in (self.section(t, choices) for t in self.rows(table, "sections")) if s
        )
        if not sections:
            self.fault(table, "no-sections", "A form needs “sections” with at least one section.")
        name = self.name(table, "form", "A form")
        version = self.word(table, "version")
        if not version:
            self.fault(table, "missing-version", "A form needs “version”.")
        title = self.text(table, "title")
        if not title:
            self.fault(table, "missing-label", "A form needs “title”.")
        form = Form(
            form=name,
            version=version,
            title=title,
            subject=self.one_of(table, "subject", SUBJECTS, "student"),
            prefix=self.word(table, "prefix") or name[:3].upper(),
            sections=sections,
            choices=MappingProxyType(dict(choices)),
            pack=pack,
            event_date=self.word(table, "event_date") or None,
            event_time=self.word(table, "event_time") or None,
            record_class=self.one_of(table, "record_class", RECORD_CLASSES, "education"),
            hint=self.text(table, "hint"),
            leads=tuple(made for t in self.rows(table, "leads_to") if (made := self.lead(t))),
            review=self.one_of(table, "review", REVIEWS, "required"),
        )
        return with_leads(_with_event(form))

    def lead(self, tree: Tree) -> Lead | None:
        """One entry of `leads_to`; None after a fault."""
        self.field = ""
        table = self.table(tree, "An entry of “leads_to”")
        if table is None:
            return None
        self.keys(table, LEAD_KEYS, "An entry of “leads_to”")
        words = {key: self.name(table, key, "An entry of “leads_to”") for key in LEAD_KEYS[:3]}
        when, because = self.expression(table, "when"), self.text(table, "because")
        self._place(lead_place(words["name"]), table)
        if when is None and table.get("when") is None:
            self.fault(table, "missing-when", "An entry of “leads_to” needs “when”.")
        if not because:
            self.fault(table, "missing-label", "An entry of “leads_to” needs “because”.")
        return Lead(**words, when=when, because=because) if when and all(words.values()) else None

    def section(self, tree: Tree, choices: Choices) -> Section | None:
        """One section with its questions."""
        self.field = ""
        table = self.table(tree, "A section")
        if table is None:
            return None
        self.keys(table, SECTION_KEYS, "A section")
        name = self.name(table, "name", "A section")
        self.field = name
        self._place(name, table)
        label = self.text(table, "label")
        if not label:
            self.fault(table, "missing-label", f"The section “{name}” needs a label.")
        repeat = self.repeat(table)
        relevant = self.expression(table, "relevant", flags=True)
        made = Section(
            name=name,
            label=label,
            hint=self.text(table, "hint"),
            guidance_hint=self.text(table, "guidance_hint"),
            part=self.one_of(table, "part", PARTS, "report"),
            relevant=relevant,
            repeat=repeat,
            cite=self.word(table, "cite"),
            fact=self.word(table, "fact"),
            fields=tuple(self._fields(table, name, repeat is not None, choices)),
        )
        if not made.fields:
            self.fault(table, "no-fields", f"The section “{name}” has no “fields”.")
        return made

    def _place(self, name: str, table: Table) -> None:
        if not name:
            return
        first = self.places.get(name)
        if first is not None:
            self.fault(
                table,
                "duplicate-name",
                f"The name “{name}” is taken already (line {first.line}). Names are unique "
                "in the whole form.",
            )
            return
        self.places[name] = table

    def repeat(self, table: Table) -> Repeat | None:
        """How a section repeats; None if it does not."""
        tree = table.get("repeat")
        if tree is None:
            return None
        if isinstance(tree, Word) and tree.text.lower() in ("true", "yes"):
            return Repeat()
        inner = self.table(tree, "“repeat”")
        if inner is None:
            return None
        self.keys(inner, REPEAT_KEYS, "“repeat”")
        least, most = self.number(inner, "min") or 0, self.number(inner, "max")
        if most is not None and most < max(least, 1):
            self.fault(inner, "bad-repeat", "“max” of a repeat must be at least 1, and “min”.")
        return Repeat(least, most, self.text(inner, "label"), self.text(inner, "add_label") or None)

    def _fields(self, table: Table, section: str, repeats: bool, choices: Choices) -> list[Field]:
        fields: list[Field] = []
        for tree in self.rows(table, "fields"):
            made = self.make_field(tree, section, repeats)
            if made is None:
                continue
            fields.append(made)
            other = _other_text(made, choices.get(made.choices or "", ()))
            if other is not None:
                fields.append(other)
        names = {f.name for f in fields if f.other_of is None}
        return [f for f in fields if f.other_of is None or f.name not in names]

    # -- fields --------------------------------------------------------------------------------

    def make_field(self, tree: Tree, section: str, repeats: bool) -> Field | None:
        """One question."""
        self.field = ""
        table = self.table(tree, "A field")
        if table is None:
            return None
        name = self.name(table, "name", "A field")
        self.field = name
        self._known_field_keys(table)
        self._place(name, table)
        kind = self.one_of(table, "type", FIELD_TYPES, "")
        if not kind and table.get("type") is None:
            self.fault(table, "missing-type", "A field needs “type”.")
        made = Field(
            name=name,
            type=kind or "text",
            section=section,
            repeat=repeats,
            label=self.text(table, "label"),
            hint=self.text(table, "hint"),
            guidance_hint=self.text(table, "guidance_hint"),
            default=self._default(table, kind),
            required_message=self.text(table, "required_message"),
            constraint_message=self.text(table, "constraint_message"),
            warning_message=self.text(table, "warning_message"),
            choices=self.word(table, "choices") or None,
            appearance=self.word(table, "appearance"),
            recommended=self.flag(table, "recommended"),
            unknown=self.flag(table, "unknown", default=True),
            reason=self.one_of(table, "reason", REASONS, ""),
            cite=self.word(table, "cite"),
            privacy=self.one_of(table, "privacy", PRIVACIES, "internal"),
            promote=self.flag(table, "promote"),
            fact=self.word(table, "fact"),
            **self._logic(table),
        )
        if not made.label and made.type != "calculate":
            self.fault(table, "missing-label", f"The field “{name}” needs a label.")
        return made

    def _known_field_keys(self, table: Table) -> None:
        if "repeat" in table.items:
            self.fault(
                table,
                "field-repeat",
                "A single field cannot repeat. Put it into a section with “repeat”.",
                table.line_of("repeat"),
            )
        self.keys(table, [*FIELD_KEYS, "repeat", "section", "other_of"], "A field")

    def _logic(self, table: Table) -> dict[str, Any]:
        return {
            key: self.expression(
                table, key, flags=key in _FLAGS or key == "relevant", columns=key == "choice_filter"
            )
            for key in (
                "read_only",
                "required",
                "relevant",
                "constraint",
                "warning",
                "calculation",
                "choice_filter",
            )
        }

    def _default(self, table: Table, kind: str) -> Expression | None:
        """A default that calls or refers is an expression; everything else is a literal."""
        tree = table.get("default")
        if tree is None:
            return None
        if isinstance(tree, Row):
            words = [t.text for t in tree.items if isinstance(t, Word)]
            return self.compiled(tree, "default", quoted(" ".join(words)))
        if not isinstance(tree, Word):
            self.fault(tree, "not-a-text", "“default” must be a value or an expression.")
            return None
        text = tree.text.strip()
        if "${" in text or text.endswith(")"):
            return self.compiled(tree, "default", text)
        if len(text) >= 2 and text[0] == text[-1] and text[0] in "'\"":
            text = text[1:-1]
        return self.compiled(tree, "default", quoted(text))


def quoted(text: str) -> str:
    """A text as a literal of the dialect."""
    if "'" not in text:
        return f"'{text}'"
    if '"' not in text:
        return f'"{text}"'
    parts = ', "\'", '.join(f"'{p}'" for p in text.split("'"))
    return f"concat({parts})"


def _other_text(made: Field, choices: Sequence[Choice]) -> Field | None:
    """The required text that the choice `other` opens."""
    other = next((c for c in choices if c.name == OTHER), None)
    if other is None or made.type not in SELECTS:
        return None
    label: Text = MappingProxyType(
        {lang: f"{text}: {say(other.label, lang)}" for lang, text in made.label.items()}
    )
    return Field(
        name=f"{made.name}_other",
        type="text",
        section=made.section,
        repeat=made.repeat,
        label=label,
        hint=MappingProxyType({"en": "Say what, in your own words."}),
        required=compile_expression("true()"),
        relevant=compile_expression(f"selected(${{{made.name}}}, '{OTHER}')"),
        appearance="short",
        unknown=made.unknown,
        reason=made.reason,
        cite=made.cite,
        privacy="internal" if made.privacy == "parent" else made.privacy,
        other_of=made.name,
    )


def lead_place(name: str) -> str:
    """Where an entry of `leads_to` stands among the places of a form: no question is named so."""
    return f"leads_to {name}" if name else ""


def with_leads(form: Form) -> Form:
    """The form whose questions warn of what their leads say, until such a report is begun.

    A question that warns of something else already is left as it is; `checks` says so.
    """
    rules: dict[str, list[str]] = {}
    for lead in form.leads:
        rules.setdefault(lead.at, []).append(
            f"(not({lead.when.source}) or event-has('{lead.form}'))"
        )
    if not rules:
        return form
    warnings = {at: compile_expression(" and ".join(told)) for at, told in rules.items()}
    sections = tuple(
        replace(
            section,
            fields=tuple(
                replace(f, warning=warnings[f.name])
                if f.name in warnings and f.warning is None
                else f
                for f in section.fields
            ),
        )
        for section in form.sections
    )
    return replace(form, sections=sections)


def _with_event(form: Form) -> Form:
    """Where the file does not say: `event_date` if there is such a date, and the first time."""
    fields = [f for s in form.sections if s.repeat is None for f in s.fields]
    day, clock = form.event_date, form.event_time
    if day is None:
        day = next((f.name for f in fields if f.name == "event_date" and f.type == "date"), None)
    if clock is None:
        clock = next((f.name for f in fields if f.is_clock_time), None)
    return replace(form, event_date=day, event_time=clock)
