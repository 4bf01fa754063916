"""The papers for parents, as data: what each may hold, for which records it is, what it says.

`forms/papers/*.yaml` is read strictly: every fault is told at once, and a paper that could show a
field that no parent may read, or any free text but the released one, is refused when it is loaded.
How such a file is written stands at the head of `forms/papers/first_aid.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

from bt_desktop import paths
from bt_desktop.form_engine.expressions import compile_expression
from bt_desktop.form_engine.grammar import ExpressionError
from bt_desktop.form_engine.yaml_tree import plain_data

if TYPE_CHECKING:
    from bt_desktop.form_engine.definition import Form

Text = Mapping[str, str]
TextMode = Literal["none", "optional", "needed"]
"""Whether the school writes a text for the parent: never, if it likes, or always."""

FOLDER = "papers"
_WORDS = "words"
SLOT = re.compile(r"\{([a-z][a-z0-9_]*)(\|list)?\}")
GENERAL = frozenset(("child", "school", "phone", "contact", "writer"))
"""Slots that are no answers."""

_KEYS = frozenset(
    (
        "paper",
        "form",
        "label",
        "when",
        "beside",
        "variant",
        "title",
        "text",
        "fields",
        "page",
        "words",
    )
)
_COPY = "copy"


class BadPaper(ValueError):
    """A file of a paper is wrong; `faults` says everything that is."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Say:
    """A sentence; `alarm` in a frame, `strong` in bold."""

    text: Text
    when: str = ""
    strong: bool = False
    alarm: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """A heading; it falls away where nothing follows under it."""

    text: Text
    when: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and what is said; `each` names the repeat whose rows say it one after the other."""

    label: Text
    say: Text
    each: str = ""
    when: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts below one another."""

    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Bullets:
    """Fixed lines, each with a mark before it."""

    lines: tuple[Text, ...]
    columns: int = 1
    when: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A column of a table: a sentence, or several answers joined (`none` where all are blank)."""

    head: Text
    say: Text = field(default_factory=dict)
    of: tuple[str, ...] = ()
    none: Text = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rows:
    """A table with a row for each row of a repeat."""

    each: str
    columns: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Released:
    """Where the text stands that a person released, under its heading."""

    heading: Text


@dataclass(frozen=True, slots=True)
class Figure:
    """Where the picture of the body stands: the answer it is drawn from."""

    field: str


Item = Say | Head | Facts | Bullets | Rows | Released | Figure


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper. `fields` is everything that may stand on it; `when` says for which records it is;
    `variant` names the answer by which it differs; `titles` are tried in order; `beside_copy` says
    that the whole parent's copy is offered too."""

    name: str
    form: str
    label: Text
    when: str
    titles: tuple[Say, ...]
    text: TextMode
    fields: tuple[str, ...]
    page: tuple[Item, ...]
    words: Mapping[str, Mapping[str, Text]]
    variant: str = ""
    beside_copy: bool = False

    def slots(self) -> frozenset[str]:
        """Every answer that its sentences name."""
        named: set[str] = set()
        for text in self.texts():
            named |= {slot for slot, _ in SLOT.findall(text)}
        for item in self.page:
            if isinstance(item, Rows):
                named |= {name for cell in item.columns for name in cell.of}
        return frozenset(named - GENERAL)

    def texts(self, lang: str = "en") -> Iterator[str]:
        """Every sentence, heading and label it can say, choices' words too."""
        for text in (*_texts(self.titles), *_texts(self.page)):
            yield text.get(lang, "")
        for words in self.words.values():
            for word in words.values():
                yield word.get(lang, "")


def _texts(items: Iterable[Item]) -> Iterator[Text]:
    for item in items:
        match item:
            case Say(text) | Head(text) | Released(text):
                yield text
            case Facts(facts):
                for fact in facts:
                    yield fact.label
                    yield fact.say
            case Bullets(lines):
                yield from lines
            case Rows(_, columns):
                for cell in columns:
                    yield from (cell.head, cell.say, cell.none)


# --- loading -------------------------------------------------------------------------------------


def papers_dir() -> Path:
    """Where the papers lie."""
    return paths.forms_dir() / FOLDER


@lru_cache(maxsize=1)
def shipped_papers() -> tuple[Paper, ...]:
    """Every paper that comes with the program. Raises BadPaper."""
    return load_papers(papers_dir())


def load_papers(folder: Path) -> tuple[Paper, ...]:
    """The papers of a folder, by name. Raises BadPaper with all that is wrong in any of them."""
    faults: list[str] = []
    words = _common_words(folder / f"{_WORDS}.yaml", faults)
    papers = []
    for file in sorted(folder.glob("*.yaml")):
        if file.stem != _WORDS:
            papers.append(_Reader(file, words, faults).paper())
    if faults:
        raise BadPaper(faults)
    return tuple(papers)


def _common_words(file: Path, faults: list[str]) -> Mapping[str, Mapping[str, Text]]:
    if not file.is_file():
        return {}
    data = plain_data(file.read_text("utf-8"))
    words = data.get("words") if isinstance(data, dict) else None
    if not isinstance(words, dict):
        faults.append(f"{file.name}: there are no words in it.")
        return {}
    return words


def form_faults(paper: Paper, form: Form) -> tuple[str, ...]:
    """What is wrong between a paper and its form: a field that is none, that no parent may read,
    that is free text, or whose choice the paper puts into words that the form does not have."""
    from bt_desktop.paper.parent_copy import may_stand  # it reads papers' neighbors too

    faults = []
    known = form.fields()
    for name in paper.fields:
        asked = known.get(name)
        if asked is None:
            faults.append(f"{paper.name}: the form {paper.form} has no field {name}.")
        elif not may_stand(asked) or asked.type == "text":
            faults.append(f"{paper.name}: {name} may not stand on a parent's paper.")
    for name in (expression for expression in _named_in_conditions(paper) if expression):
        if name not in known:
            faults.append(f"{paper.name}: a condition reads {name}, which is no field.")
    for name, words in paper.words.items():
        if name not in known or name not in paper.fields:
            continue
        choices = {choice.name for choice in form.choices_of(name)}
        faults += [
            f"{paper.name}: {name} has no choice {choice}."
            for choice in words
            if choice not in choices
        ]
    return tuple(faults)


def _named_in_conditions(paper: Paper) -> Iterator[str]:
    for condition in (paper.when, *(title.when for title in paper.titles), *_whens(paper.page)):
        if condition:
            yield from (reference.name for reference in compile_expression(condition).references)
    yield paper.variant


def _whens(items: Iterable[Item]) -> Iterator[str]:
    for item in items:
        if isinstance(item, Facts):
            yield from (fact.when for fact in item.facts)
        elif isinstance(item, Say | Head | Bullets):
            yield item.when


class _Reader:
    """Reads one file; notes every fault in `faults`."""

    def __init__(
        self, file: Path, words: Mapping[str, Mapping[str, Text]], faults: list[str]
    ) -> None:
        self._file, self._faults = file, faults
        data = plain_data(file.read_text("utf-8"))
        self._data: dict[str, Any] = data if isinstance(data, dict) else {}
        self._common = words

    def paper(self) -> Paper:
        """The paper as far as it can be read."""
        data = self._data
        for key in sorted(set(data) - _KEYS):
            self._fault(f"there is no key “{key}” in a paper.")
        text = str(data.get("text", "none"))
        if text not in ("none", "optional", "needed"):
            self._fault(f"text is none, optional or needed, not “{text}”.")
        if data.get("beside", _COPY) != _COPY:
            self._fault(f"beside can only be {_COPY}.")
        own = data.get("words") or {}
        paper = Paper(
            name=str(data.get("paper", "")),
            form=str(data.get("form", "")),
            label=self._text(data.get("label"), "label"),
            when=self._when(data.get("when", "true()")),
            titles=self._titles(data.get("title")),
            text=cast("TextMode", text),
            fields=tuple(map(str, data.get("fields") or ())),
            page=tuple(self._items(data.get("page") or ())),
            words={**self._common, **own},
            variant=str(data.get("variant", "")),
            beside_copy="beside" in data,
        )
        if paper.name != self._file.stem:
            self._fault(f"it is called “{paper.name}”, not as its file.")
        for name in sorted(paper.slots() - set(paper.fields)):
            self._fault(f"“{name}” is said, but is not among its fields.")
        return paper

    def _fault(self, sentence: str) -> None:
        self._faults.append(f"{self._file.name}: {sentence}")

    def _titles(self, told: Any) -> tuple[Say, ...]:
        if not isinstance(told, list):
            return (Say(self._text(told, "title")),)
        return tuple(
            Say(
                self._text({k: v for k, v in one.items() if k != "when"}, "title"),
                self._when(one.get("when", "")),
            )
            for one in told
        )

    def _text(self, told: Any, where: str) -> Text:
        fits = isinstance(told, dict) and all(isinstance(v, str) for v in told.values())
        if not fits or "en" not in told:
            self._fault(f"the {where} needs a text {{en: ...}}.")
            return {"en": ""}
        return cast("Text", told)

    def _when(self, told: Any) -> str:
        condition = str(told or "")
        if condition:
            try:
                compile_expression(condition)
            except ExpressionError as problem:
                self._fault(f"the condition “{condition}” is wrong: {problem}")
                return "false()"
        return condition

    def _items(self, told: Sequence[Any]) -> Iterator[Item]:
        readers = {
            "say": self._say,
            "alarm": self._say,
            "heading": self._heading,
            "facts": self._facts,
            "bullets": self._bullets,
            "table": self._table,
            "released": self._released,
            "figure": self._figure,
        }
        for one in told:
            kind = next((key for key in readers if isinstance(one, dict) and key in one), None)
            if kind is None:
                self._fault(f"nothing on a page is called {one!r}.")
                continue
            yield readers[kind](one)

    def _say(self, told: Mapping[str, Any]) -> Item:
        self._known(told, "say", "alarm", "when", "strong")
        alarm = "alarm" in told
        text = self._text(told["alarm" if alarm else "say"], "sentence")
        return Say(text, self._when(told.get("when")), bool(told.get("strong")), alarm)

    def _heading(self, told: Mapping[str, Any]) -> Item:
        self._known(told, "heading", "when")
        return Head(self._text(told["heading"], "heading"), self._when(told.get("when")))

    def _facts(self, told: Mapping[str, Any]) -> Item:
        self._known(told, "facts")
        made = []
        for one in told["facts"]:
            self._known(one, "label", "say", "each", "when")
            made.append(
                Fact(
                    self._text(one.get("label"), "label of a fact"),
                    self._text(one.get("say"), "fact"),
                    str(one.get("each", "")),
                    self._when(one.get("when")),
                )
            )
        return Facts(tuple(made))

    def _bullets(self, told: Mapping[str, Any]) -> Item:
        self._known(told, "bullets", "columns", "when")
        lines = tuple(self._text(one, "bullet") for one in told["bullets"])
        return Bullets(lines, int(told.get("columns", 1)), self._when(told.get("when")))

    def _table(self, told: Mapping[str, Any]) -> Item:
        self._known(told, "table")
        table = told["table"]
        self._known(table, "each", "columns")
        cells = []
        for one in table["columns"]:
            self._known(one, "head", "say", "list", "none")
            cells.append(
                Cell(
                    self._text(one.get("head"), "head of a column"),
                    self._text(one["say"], "cell") if "say" in one else {},
                    tuple(one.get("list", ())),
                    self._text(one["none"], "blank cell") if "none" in one else {},
                )
            )
        return Rows(str(table["each"]), tuple(cells))

    def _released(self, told: Mapping[str, Any]) -> Item:
        self._known(told, "released")
        return Released(self._text(told["released"], "heading of the text"))

    def _figure(self, told: Mapping[str, Any]) -> Item:
        self._known(told, "figure")
        return Figure(str(told["figure"]))

    def _known(self, told: Mapping[str, Any], *keys: str) -> None:
        for key in sorted(set(told) - set(keys)):
            self._fault(f"“{key}” cannot stand beside “{keys[0]}”.")
