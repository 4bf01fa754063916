"""A form as canonical JSON text, and back: so that an old record prints as it was asked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date
from types import MappingProxyType
from typing import Any

from bt_desktop.form_engine.definition import Choice, Field, Form, Lead, Repeat, Section
from bt_desktop.form_engine.expressions import Expression, compile_expression
from bt_desktop.form_engine.packs import Pack

_FORMAT = 1
_EXPRESSIONS = frozenset(
    [
        "default",
        "read_only",
        "required",
        "relevant",
        "constraint",
        "warning",
        "calculation",
        "choice_filter",
        "when",
    ]
)
_TEXTS = frozenset(
    [
        "label",
        "hint",
        "guidance_hint",
        "required_message",
        "constraint_message",
        "warning_message",
        "because",
        "title",
    ]
)


def dump_form(form: Form) -> str:
    """The form, whole, as JSON with sorted keys and no spaces."""
    plain = {
        "format": _FORMAT,
        "form": form.form,
        "version": form.version,
        "title": dict(form.title),
        "subject": form.subject,
        "prefix": form.prefix,
        "event_date": form.event_date,
        "event_time": form.event_time,
        "record_class": form.record_class,
        "pack": None if form.pack is None else _plain(form.pack),
        "choices": {name: [_plain(c) for c in rows] for name, rows in form.choices.items()},
        "sections": [_plain(s) | {"fields": [_plain(f) for f in s.fields]} for s in form.sections],
    }
    if form.review != "required":
        plain["review"] = form.review
    if form.hint:
        plain["hint"] = dict(form.hint)
    if form.leads:
        plain["leads"] = [_plain(lead) for lead in form.leads]
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _plain(thing: Field | Section | Choice | Pack | Repeat | Lead) -> dict[str, Any]:
    """A dataclass as a dict, without what is as it would be anyway."""
    out = {}
    for f in fields(thing):
        value = getattr(thing, f.name)
        if f.name != "fields" and value != f.default and value is not None and value != {}:
            out[f.name] = _plain_value(value)
    return out


def _plain_value(value: Any) -> Any:
    if isinstance(value, Expression):
        return value.source
    if isinstance(value, Repeat):
        return _plain(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    return list(value) if isinstance(value, tuple) else value


def load_form_text(text: str) -> Form:
    """The form of a dump. Raises ValueError if the text is none."""
    try:
        plain = json.loads(text)
        if plain["format"] != _FORMAT:
            raise ValueError("this form was kept by a newer version")
        return _form(plain)
    except (KeyError, TypeError, AttributeError, RecursionError) as e:
        raise ValueError("this is not a form that was kept") from e


def _form(plain: dict[str, Any]) -> Form:
    return Form(
        form=plain["form"],
        version=plain["version"],
        title=MappingProxyType(plain["title"]),
        subject=plain["subject"],
        prefix=plain["prefix"],
        sections=tuple(_section(s) for s in plain["sections"]),
        choices=MappingProxyType(
            {name: tuple(_choice(c) for c in rows) for name, rows in plain["choices"].items()}
        ),
        pack=None if plain["pack"] is None else _pack(plain["pack"]),
        event_date=plain["event_date"],
        event_time=plain["event_time"],
        record_class=plain.get("record_class", "education"),  # the first version knew no other
        hint=MappingProxyType(plain.get("hint", {})),
        leads=tuple(Lead(**_kept(lead)) for lead in plain.get("leads", ())),
        review=plain.get("review", "required"),
    )


def _kept(plain: Mapping[str, Any]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for key, value in plain.items():
        if key in _EXPRESSIONS:
            out[key] = compile_expression(value, columns=key == "choice_filter")
        elif key in _TEXTS or key in ("extra", "raw"):
            out[key] = MappingProxyType(value)
        else:
            out[key] = value
    return out


def _section(plain: dict[str, Any]) -> Section:
    kept = _kept({k: v for k, v in plain.items() if k not in ("fields", "repeat")})
    repeat = plain.get("repeat")
    made = Section(**kept, fields=tuple(Field(**_kept(f)) for f in plain["fields"]))
    return made if repeat is None else replace(made, repeat=_repeat(repeat))


def _repeat(plain: dict[str, Any]) -> Repeat:
    texts = ("label", "add_label")
    kept: dict[str, Any] = {k: MappingProxyType(v) if k in texts else v for k, v in plain.items()}
    return Repeat(**kept)


def _choice(plain: dict[str, Any]) -> Choice:
    return Choice(**_kept(plain))


def _pack(plain: dict[str, Any]) -> Pack:
    kept = _kept(plain)
    for key in ("effective_from", "effective_to", "verified_on"):
        if key in kept:
            kept[key] = date.fromisoformat(kept[key])
    kept["verified_sources"] = tuple(kept.get("verified_sources", ()))
    return Pack(**kept)
