"""Files that somebody hands to the program, changed at random: rosters, tables, calendars, forms,
key files. Each is read, or refused in words; nothing crashes, hangs, or opens what is locked."""

# ruff: noqa: E501 - lists of words that would like to do harm
from __future__ import annotations

import hashlib
import json
import random
import shutil
import tempfile
import time
import warnings
import zipfile
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any

from bt_desktop import paths
from bt_desktop.clock import SetClock
from bt_desktop.errors import KnownError
from bt_desktop.form_engine import ExpressionError, check_files, evaluate
from bt_desktop.security import keyfile, vault
from bt_desktop.security.canonical import canonical
from bt_desktop.security.kdf import KdfParams, KdfPolicy
from bt_desktop.services.csv_fields import guesses
from bt_desktop.services.csv_model import CsvChoice, CsvSet
from bt_desktop.services.csv_read import read_table
from bt_desktop.services.csv_table import open_table
from bt_desktop.services.ics import read_ics, suggested
from bt_desktop.services.roster_read import read_roster
from bt_desktop.services.work_progress import Progress
from tests.services.oneroster_maker import small

LONGEST_S = 8.0
"""Seconds of work that one hostile file may cost; the largest honest one costs less than one."""

PACIFIC = timezone(timedelta(hours=-8))
PASSWORD = "violet-harbor-tractor-91"
CELLS = (
    "=HYPERLINK(\"http://x\",\"y\")", "=cmd|' /C calc'!A0", "@SUM(1+1)", "+1+1", "\x00", "\ufeff", "\u202e",
    "../../../etc/passwd", "C:\\Windows\\system32", "file:///etc/passwd", "\\\\server\\share",
    "a" * 70_000, "\r\n\r\n", '"', '""', '"""', ",", ";", "\t", "NULL", "nan", "1e999", "٣٤", "½",
    "9999-99-99", "0000-00-00", "13/13/13", "🙂" * 400, "\ud7ff", "<script>", "${x}", "{{7*7}}", "%n%s%x",
)  # fmt: skip
LINES = (
    "RRULE:FREQ=SECONDLY", "RRULE:FREQ=DAILY;COUNT=999999999", "RRULE:FREQ=YEARLY;BYDAY=" + "MO," * 900,
    "RRULE:FREQ=DAILY;INTERVAL=0", "RRULE:FREQ=DAILY;UNTIL=99991231", "DTSTART;VALUE=DATE:00010101",
    "DTEND;VALUE=DATE:99991231", "DTSTART;TZID=../../etc/passwd:20261111T080000", "EXDATE:20261111",
    "DURATION:P99999999W", "DURATION:-PT1H", "BEGIN:VEVENT", "END:VEVENT", "BEGIN:VCALENDAR",
    "SUMMARY:" + "x" * 80_000, "X:" + "\\n" * 500, "RECURRENCE-ID:20261111", "BEGIN:VALARM", ":", ";", " ",
)  # fmt: skip
YAML = (
    "&a [*a, *a]", "*a", "!!python/object/apply:os.system ['true']", "[" * 200, "{" * 200, "- " * 300,
    "<<: {x: 1}", "? x", "a" * 50_000, "\t", "'", '"', "~", "yes", "1e400", "0x7f", "2026-11-11", "---", "...",
    "${a}" * 200, "(" * 300, "not(" * 200, "regex(., '(a+)+$')", "regex(${narrative}, '(.*)*x')", "|", ">-",
)  # fmt: skip
TERMS = (
    "${x}", "1", "'a'", "(", ")", "+", "-", " div ", " mod ", "=", "!=", "<", " and ", " or ", "not(", "if(",
    "count(", "regex(", "'(a+)+b'", ",", "concat(", "[", "]", ".", "..", "today()", "*", "|", "/", "//", "\"",
    "substr(", "pow(", "9" * 40, "once(", "selected(", "date('2026-11-11')", "position(..)", "\u202e",
)  # fmt: skip


@cache
def folder() -> Path:
    """A folder for the run."""
    return Path(tempfile.mkdtemp(prefix="bt-fuzz-"))


def bytes_changed(chance: random.Random, data: bytes) -> bytes:
    """Some bytes flipped, cut, doubled."""
    held = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 5, 30))):
        if not held:
            break
        at = chance.randrange(len(held))
        how = chance.random()
        if how < 0.5:
            held[at] = chance.randrange(256)
        elif how < 0.75:
            del held[at : at + chance.choice((1, 2, 40, 4000))]
        else:
            held[at:at] = held[at : at + chance.choice((1, 40, 4000))]
    return bytes(held)


def words_put_in(chance: random.Random, text: str, words: tuple[str, ...], between: str) -> str:
    """Pieces of the text exchanged for words that would like to do harm."""
    pieces = text.split(between)
    for _ in range(chance.choice((1, 1, 2, 4, 12))):
        at = chance.randrange(len(pieces))
        if chance.random() < 0.6:
            pieces[at] = chance.choice(words)
        else:
            pieces.insert(at, chance.choice(words))
    return between.join(pieces)


def roster(chance: random.Random) -> None:
    """A OneRoster folder or zip; a zip with strange names, twice the same, or that swells."""
    place = folder() / "roster"
    shutil.rmtree(place, ignore_errors=True)
    texts = small(chance.choice(("1.1", "1.2")), chance.choice(("bulk", "delta"))).texts()
    name = chance.choice(list(texts))
    texts[name] = words_put_in(chance, texts[name], CELLS, chance.choice((",", "\r\n")))
    data = {one: text.encode("utf-8", "surrogatepass") for one, text in texts.items()}
    if chance.random() < 0.4:
        data[name] = bytes_changed(chance, data[name])
    if chance.random() < 0.5:
        place.mkdir()
        for one, raw in data.items():
            (place / one).write_bytes(raw)
    else:
        with (
            warnings.catch_warnings(),
            zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive,
        ):
            warnings.simplefilter("ignore")  # of a name that stands twice, which is meant
            for one, raw in data.items():
                inside = chance.choice((one, one, one, f"../{one}", f"/etc/{one}", f"x\\{one}"))
                archive.writestr(inside, raw)
            if chance.random() < 0.2:
                archive.writestr(
                    "users.csv" if chance.random() < 0.5 else "big.csv", b"0" * 30_000_000
                )
        if chance.random() < 0.5:
            place.write_bytes(bytes_changed(chance, place.read_bytes()))
    try:
        read_roster(place)
    finally:
        place.unlink() if place.is_file() else shutil.rmtree(place, ignore_errors=True)


def table(chance: random.Random) -> None:
    """A CSV of students, every guess agreed with."""
    text = "Perm ID,Last Name,First Name,DOB,Grade,Home Phone\n" + "".join(
        f"90{n},Núñez,Ada{n},03/0{n}/2017,{n},(555) 010-010{n}\n" for n in range(1, 8)
    )
    text = words_put_in(chance, text, CELLS, chance.choice((",", "\n")))
    raw = text.encode(chance.choice(("utf-8", "utf-16", "utf-8-sig")), "surrogatepass")
    path = folder() / "table.csv"
    path.write_bytes(bytes_changed(chance, raw) if chance.random() < 0.4 else raw)
    opened = open_table(path)
    choice = CsvChoice(path, "students", guesses(opened.columns, "students"), "")
    read_table(opened, choice, CsvSet(), date(2026, 11, 12), Progress())


def calendar(chance: random.Random) -> None:
    """An .ics file of days off and repeats."""
    events = "".join(
        f"BEGIN:VEVENT\r\nUID:{n}\r\nDTSTAMP:20260801T000000Z\r\nDTSTART;VALUE=DATE:202611{10 + n}\r\n"
        f"SUMMARY:No school\r\nRRULE:FREQ=WEEKLY;COUNT=3\r\nEND:VEVENT\r\n"
        for n in range(4)
    )
    text = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//t//t//EN\r\n{events}END:VCALENDAR\r\n"
    raw = words_put_in(chance, text, LINES, "\r\n").encode()
    suggested(read_ics(bytes_changed(chance, raw) if chance.random() < 0.4 else raw, PACIFIC))


def form(chance: random.Random) -> None:
    """A shipped form or pack with something else in it: faults are values, none is executed."""
    shipped = chance.choice(
        [*paths.forms_dir().glob("[fimrs]*.yaml"), *paths.forms_dir().glob("packs/*")]
    )
    text = shipped.read_text("utf-8")
    text = words_put_in(chance, text, YAML, chance.choice((": ", "\n", ", ")))
    path = folder() / shipped.name
    path.write_bytes(
        bytes_changed(chance, text.encode()) if chance.random() < 0.3 else text.encode()
    )
    try:
        check_files([path])
    finally:
        path.unlink()


def expression(chance: random.Random) -> None:
    """Terms in any order, over an answer made to make a pattern search for long."""
    text = "".join(chance.choices(TERMS, k=chance.randrange(1, 25)))
    try:
        evaluate(text, {"x": chance.choice(("a" * 5000, 1, None, ["a", "b"], "2026-11-11"))})
    except ExpressionError:
        return


@cache
def locked() -> tuple[Path, str, SetClock, KdfPolicy]:
    """A vault of the run, its administrator, a clock, cheap hardening."""
    where = folder() / "vault"
    cheap = KdfParams(64, 1, 1)
    policy = KdfPolicy(floor=cheap, params=cheap)
    clock = SetClock(datetime(2026, 11, 12, 15, 30, tzinfo=PACIFIC))
    made = vault.create_vault(
        where,
        school_name="Maple Creek",
        admin_name="Rosa",
        password=PASSWORD,
        clock=clock,
        policy=policy,
    )
    printed = made.recovery_key.split("-")
    keys = made.confirm({number: printed[number - 1] for number in made.challenge.groups})
    user = keys.user_id
    keys.wipe()
    return where, user, clock, policy


def _leaves(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value)
    found: list[tuple[Any, ...]] = []
    for key, inner in items:
        found.append((*here, key))
        if isinstance(inner, (dict, list)):
            found += _leaves(inner, (*here, key))
    return found


def key_file(chance: random.Random) -> None:
    """A key file with one value changed and its checksum right: a wrong password never opens it,
    the right one opens it only with the strength it had."""
    where, user, clock, policy = locked()
    first, second = where / "vault.keys.json", where / "vault.keys.json.bkup"
    good = first.read_bytes()
    envelope = json.loads(good)
    path = chance.choice([one for one in _leaves(envelope) if one != ("sum",)])
    at = envelope
    for key in path[:-1]:
        at = at[key]
    old = at[path[-1]]
    at[path[-1]] = _other(chance, old)
    del envelope["sum"]
    summed = hashlib.sha256(canonical(envelope)).hexdigest()
    raw = canonical({**envelope, "sum": summed})
    if chance.random() < 0.3:
        raw = bytes_changed(chance, raw)
    try:
        for target in (first, second) if chance.random() < 0.8 else (first,):
            target.write_bytes(raw)
        for password in ("a wrong password it is", PASSWORD):
            _try_it(where, user, password, clock, policy)
    finally:
        for left in where.iterdir():
            left.unlink()
        first.write_bytes(good)
        second.write_bytes(good)


def _try_it(where: Path, user: str, password: str, clock: SetClock, policy: KdfPolicy) -> None:
    try:
        keys = vault.unlock(where, user, password, clock, policy=policy)
    except KnownError:
        return
    keys.wipe()
    assert password == PASSWORD, "a wrong password opened a changed key file"
    slot = keyfile.KeyFileStore(where).peek().slot(user)
    assert slot is not None
    assert slot.kdf == policy.params, "the hardening is another than it was"


def _other(chance: random.Random, old: Any) -> Any:
    if isinstance(old, str) and old and chance.random() < 0.7:
        at = chance.randrange(len(old))
        return old[:at] + chance.choice("aA0/+=-\u0000é") + old[at + 1 :]
    if isinstance(old, int) and chance.random() < 0.7:
        return chance.choice((0, -1, 1, old + 1, old * 1024, 2**31, 10**12))
    return chance.choice((None, True, "", [], {}, 0, 1.5, "x" * 2000, [old], old))


KINDS: tuple[Callable[[random.Random], None], ...] = (
    roster, table, calendar, expression, key_file, form,
)  # fmt: skip


def play(seed: int, number: int) -> int:
    """One hostile file. AssertionError, or whatever broke, is a finding."""
    chance = random.Random(f"files:{seed}:{number}")
    kind = KINDS[number % len(KINDS)]
    began, told = time.process_time(), None
    try:
        kind(chance)
    except KnownError as refused:
        told = refused
    assert told is None or (told.sentence and told.remedy), kind.__name__
    seconds = time.process_time() - began
    assert seconds < LONGEST_S, f"{kind.__name__} took {seconds:.1f} s"
    return 1
