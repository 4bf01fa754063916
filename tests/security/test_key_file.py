"""The key file: one spelling, two copies, damage told from everything else."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import random
import stat
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bt_desktop.errors import KnownError, StorageReadOnly
from bt_desktop.security import keyfile
from bt_desktop.security.canonical import canonical
from bt_desktop.security.kdf import KdfParams
from bt_desktop.security.keyfile import KeyFileStore, Malformed, from_bytes, to_bytes
from bt_desktop.security.problems import (
    BadName,
    KeyFileDamaged,
    KeyFileMissing,
    KeyFileNewer,
    KeyFileUnreadable,
)
from bt_desktop.security.vault import vault_state


def test_what_is_written_is_read_again(school):
    data = school.store.path.read_bytes()
    file = from_bytes(data)
    assert to_bytes(file) == data
    assert file.school_name == "Alder Creek Elementary"
    assert [slot.name for slot in file.users] == ["Rosa Vance", "Devin Park"]


def test_both_copies_are_there_and_for_the_owner_only(school):
    for path in (school.store.path, school.store.copy):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert school.store.path.read_bytes() == school.store.copy.read_bytes()
    assert stat.S_IMODE(school.folder.stat().st_mode) == 0o700


def test_a_slot_stays_small(school):
    assert len(school.store.path.read_bytes()) < 3000


def test_any_changed_byte_is_damage_and_the_copy_still_opens(school):
    """Every byte of the whole file, one bit each: never a wrong unlock, never a crash."""
    data = school.store.path.read_bytes()
    good = from_bytes(data)
    chance = random.Random(7)
    for at in range(len(data)):
        hurt = bytearray(data)
        hurt[at] ^= 1 << chance.randrange(8)
        with pytest.raises(Malformed):
            from_bytes(bytes(hurt))
    hurt = bytearray(data)
    hurt[len(data) // 2] ^= 4
    school.store.path.write_bytes(bytes(hurt))
    assert school.store.load() == good
    assert school.admin().user_id == school.admin_id


@pytest.mark.parametrize("length", [0, 1, 2, 100, -1])
def test_a_cut_file_is_replaced_by_its_copy_and_kept_aside(school, length):
    data = school.store.path.read_bytes()
    school.store.path.write_bytes(data[:length])
    assert vault_state(school.folder).kind == "ready"
    assert school.store.path.read_bytes() == data[:length], "looking repairs nothing"
    school.store.load()
    assert school.store.path.read_bytes() == data
    aside = [one for one in os.listdir(school.folder) if "damaged" in one]
    assert aside == ["vault.keys.json.damaged-1"]
    assert (school.folder / aside[0]).read_bytes() == data[:length]


def test_a_missing_file_is_put_back_from_its_copy(school):
    data = school.store.path.read_bytes()
    school.store.path.unlink()
    assert school.admin().user_id == school.admin_id
    assert from_bytes(school.store.path.read_bytes()).vault_id == from_bytes(data).vault_id


def test_a_damaged_copy_is_healed_by_the_next_write(school):
    school.store.copy.write_bytes(b"{")
    school.admin()
    assert school.store.copy.read_bytes() == school.store.path.read_bytes()


def test_missing_damaged_and_newer_are_told_apart(school, rewrite, tmp_path):
    main, copy = school.store.path, school.store.copy
    data = main.read_bytes()
    assert vault_state(tmp_path / "nowhere").kind == "none"

    main.unlink()
    copy.unlink()
    with pytest.raises(KeyFileMissing):
        school.store.load()
    assert vault_state(school.folder).kind == "none"
    (school.folder / "records.db").write_bytes(b"x")
    assert vault_state(school.folder).kind == "missing"

    main.write_bytes(data[:-3])
    with pytest.raises(KeyFileDamaged):
        school.store.load()
    assert vault_state(school.folder).kind == "damaged"
    assert main.read_bytes() == data[:-3], "the damaged one stays where it is"

    main.write_bytes(data)
    rewrite(main, lambda envelope: envelope.update(version=2, body={"anything": [1]}))
    with pytest.raises(KeyFileNewer):
        school.store.load()
    assert vault_state(school.folder).kind == "newer"


def test_a_newer_copy_beside_a_damaged_file_is_newer(school, rewrite):
    rewrite(school.store.copy, lambda envelope: envelope.update(version=9))
    assert school.store.second() is None
    school.store.path.write_bytes(b"")
    with pytest.raises(KeyFileNewer):
        school.store.load()


def test_a_file_one_may_not_read_says_so(school, monkeypatch):
    def refused(self, *_):
        raise PermissionError(13, "no")

    monkeypatch.setattr("pathlib.Path.open", refused)
    with pytest.raises(KeyFileUnreadable):
        school.store.load()


def test_a_disk_that_cannot_read_the_file_means_damage(school, monkeypatch):
    real = type(school.folder).open

    def sick(self, *how):
        if self.name == keyfile.FILE_NAME:
            raise OSError(5, "input/output error")
        return real(self, *how)

    monkeypatch.setattr("pathlib.Path.open", sick)
    assert school.store.peek().slot(school.admin_id) is not None


def test_the_copy_is_read_even_where_nothing_can_be_written(school, monkeypatch):
    school.store.path.unlink()

    def read_only(*_, **__):
        raise StorageReadOnly

    monkeypatch.setattr(keyfile, "write_atomically", read_only)
    assert school.store.load().slot(school.admin_id) is not None


def test_a_disk_that_forgets_what_it_was_given_never_reaches_the_copy(school, monkeypatch):
    good = school.store.copy.read_bytes()

    def forgetful(path, data, **_):
        path.write_bytes(data[:-1])

    monkeypatch.setattr(keyfile, "write_atomically", forgetful)
    file = school.store.load()
    with pytest.raises(KeyFileDamaged):
        school.store.save(replace(file, school_name="Birch Hill"))
    assert school.store.copy.read_bytes() == good


def test_what_we_could_not_read_again_is_never_written(school):
    before = school.store.path.read_bytes()
    with pytest.raises(Malformed):
        school.store.save(replace(school.store.load(), users=()))
    assert school.store.path.read_bytes() == before


def test_parts_left_by_a_kill_are_swept(school):
    part = school.folder / ".vault.keys.json.00ff.part"
    part.write_bytes(b"half")
    school.admin()
    assert not part.exists()


def test_a_change_that_changes_nothing_writes_nothing(school):
    before = school.store.path.stat().st_mtime_ns, school.store.path.stat().st_ino
    school.store.change(lambda file: file)
    school.store.change_door(lambda file: file)
    after = school.store.path.stat().st_mtime_ns, school.store.path.stat().st_ino
    assert before == after


# --- hostile files: each with a checksum that is right -----------------------------------------


def body(how):
    return lambda envelope: how(envelope["body"])


def slot(how):
    return lambda envelope: how(envelope["body"]["users"][0])


UUID_UPPER = "0F0E0D0C-0B0A-4A08-8706-050403020100"
TRIES = {"count": 0, "last": 0, "former": 0, "run": "", "ticks": 0, "unreported": 0, "first": 0}

HOSTILE = {
    "two gigabytes and more": slot(lambda s: s["kdf"].update(m=2 * 1024 * 1024 + 1)),
    "too little memory for the lanes": slot(lambda s: s["kdf"].update(m=7)),
    "no memory at all": slot(lambda s: s["kdf"].update(m=0)),
    "endless passes": slot(lambda s: s["kdf"].update(t=17)),
    "no passes": slot(lambda s: s["kdf"].update(t=0)),
    "too many lanes": slot(lambda s: s["kdf"].update(p=17, m=4096)),
    "negative": slot(lambda s: s["kdf"].update(t=-1)),
    "a flag for a number": slot(lambda s: s["kdf"].update(t=True)),
    "text for a number": slot(lambda s: s["kdf"].update(t="3")),
    "one more parameter": slot(lambda s: s["kdf"].update(x=1)),
    "no parameters": slot(lambda s: s.pop("kdf")),
    "a short salt": slot(lambda s: s.update(salt="AAAA")),
    "a salt in another spelling": slot(lambda s: s.update(salt=s["salt"][:-3] + "B==")),
    "no base64": slot(lambda s: s.update(nonce="!!!!!!!!!!!!!!!!")),
    "base64 that is not ASCII": slot(lambda s: s.update(nonce="ééééééééééééééé")),
    "a long salt": slot(lambda s: s.update(salt="A" * 999)),
    "a number for a name": slot(lambda s: s.update(name=7)),
    "an empty name": slot(lambda s: s.update(name="")),
    "a padded name": slot(lambda s: s.update(name=" Rosa ")),
    "a name with a line break": slot(lambda s: s.update(name="Ro\x00sa")),
    "an endless name": slot(lambda s: s.update(name="a" * 121)),
    "closed: maybe": slot(lambda s: s.update(disabled=0)),
    "no id": slot(lambda s: s.update(id="rosa")),
    "an id in capitals": slot(lambda s: s.update(id=UUID_UPPER)),
    "one more thing in an account": slot(lambda s: s.update(admin=True)),
    "a generation that is no number": slot(lambda s: s["sealed"].update(x=s["sealed"]["1"])),
    "a generation with a zero": slot(lambda s: s["sealed"].update({"01": s["sealed"]["1"]})),
    "an endless generation": slot(lambda s: s["sealed"].update({"1" * 12: s["sealed"]["1"]})),
    "a generation of other digits": slot(lambda s: s["sealed"].update({"٣": s["sealed"]["1"]})),
    "a short seal": slot(lambda s: s["sealed"].update({"1": "AAAA"})),
    "nobody": body(lambda b: b.update(users=[])),
    "users that are no list": body(lambda b: b.update(users={})),
    "users that are no objects": body(lambda b: b.update(users=[1])),
    "a crowd": body(lambda b: b.update(users=b["users"] * 300)),
    "one person twice": body(lambda b: b.update(users=b["users"][:1] * 2)),
    "generation nought": body(lambda b: b.update(generation=0)),
    "a third state": body(lambda b: b.update(state="melting")),
    "one more thing": body(lambda b: b.update(more=1)),
    "a door without counters": body(lambda b: b["door"].pop("attempts")),
    "one more thing at the door": body(lambda b: b["door"].update(x=1)),
    "counters of nobody": body(lambda b: b["door"]["attempts"].update(rosa=TRIES)),
    "counters below nought": body(
        lambda b: b["door"]["attempts"].update({b["users"][0]["id"]: {**TRIES, "count": -5}})
    ),
    "one more counter": body(
        lambda b: b["door"]["attempts"].update({b["users"][0]["id"]: {**TRIES, "x": 1}})
    ),
    "no recovery": body(lambda b: b.update(recovery=None)),
    "one more thing in recovery": body(lambda b: b["recovery"].update(x=1)),
    "a body that is a list": lambda e: e.update(body=[]),
    "another format": lambda e: e.update(format="other"),
    "an older version": lambda e: e.update(version=0),
    "a version in words": lambda e: e.update(version="two"),
    "version: true": lambda e: e.update(version=True),
    "one more thing in the envelope": lambda e: e.update(x=1),
    "no body": lambda e: e.pop("body"),
}


@pytest.mark.parametrize("how", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_file_is_refused_before_any_work(school, rewrite, how):
    rewrite(school.store.path, how)
    with pytest.raises(Malformed):
        from_bytes(school.store.path.read_bytes())
    assert school.admin().user_id == school.admin_id, "the copy is used instead"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"null",
        b"NaN",
        b'{"a":1e5}',
        b'{"a":1,"a":1}',
        b'{"a":"\\ud800"}',
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b"\xff\xfe\x00",
        b"1" * 5000,
        b" " * (keyfile.MAX_BYTES + 1),
        b'{"sum":1}',
    ],
    ids=range(13),
)
def test_what_is_no_key_file_is_refused(data):
    with pytest.raises(Malformed):
        from_bytes(data)


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_random_edits_with_a_right_checksum_never_crash(school_bytes, data):
    envelope = json.loads(school_bytes)
    del envelope["sum"]
    paths = list(_paths(envelope))
    path = data.draw(st.sampled_from(paths))
    value = data.draw(
        st.none() | st.booleans() | st.integers(-3, 3) | st.text(max_size=5) | st.just([])
    )
    _put(envelope, path, value)
    summed = hashlib.sha256(canonical(envelope)).hexdigest()
    with contextlib.suppress(Malformed, keyfile.MadeByNewer):
        from_bytes(canonical({**envelope, "sum": summed}))


def _paths(value, here=()):
    yield here
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in items if isinstance(value, (dict, list)) else ():
        if isinstance(inner, (dict, list)):
            yield from _paths(inner, (*here, key))
        else:
            yield (*here, key)


def _put(value, path, new):
    if not path:
        return
    for key in path[:-1]:
        value = value[key]
    value[path[-1]] = new


@pytest.fixture
def school_bytes(school):
    return school.store.path.read_bytes()


def test_a_huge_file_is_not_read_whole(school):
    with school.store.path.open("wb") as out:
        out.truncate(1 << 40)  # a terabyte, sparse: no memory holds it
    assert school.store.peek().slot(school.admin_id) is not None


@pytest.mark.parametrize("name", ["", "   ", "a" * 121, "Ro\x07sa", "a\u202eb", "\ud800"])
def test_names_that_cannot_be_kept(name):
    with pytest.raises(BadName):
        keyfile.clean_name(name)


def test_names_are_trimmed():
    assert keyfile.clean_name("  Łukasz \n O'Neill-Ñúñez ") == "Łukasz O'Neill-Ñúñez"


def test_parameters_have_bounds():
    assert KdfParams(2 * 1024 * 1024, 16, 16).passes == 16
    with pytest.raises(ValueError, match="memory"):
        KdfParams(2 * 1024 * 1024 + 1, 3, 4)


def test_every_problem_has_a_sentence_and_a_remedy(school):
    problems = [KeyFileMissing(), KeyFileDamaged(), KeyFileNewer(), KeyFileUnreadable(), BadName()]
    for problem in problems:
        assert isinstance(problem, KnownError)
        assert problem.sentence.endswith(".")
        assert problem.remedy.endswith(".")
    assert len({problem.code for problem in problems}) == len(problems)


def test_setting_aside_nothing_is_nothing(tmp_path):
    assert keyfile.set_aside(tmp_path / "x", "damaged") is None


def test_setting_aside_takes_a_free_name(tmp_path):
    for _ in range(2):
        (tmp_path / "x").write_bytes(b"1")
        keyfile.set_aside(tmp_path / "x", "damaged")
    assert sorted(os.listdir(tmp_path)) == ["x.damaged-1", "x.damaged-2"]


def test_a_rotating_file_is_read(school):
    store = KeyFileStore(school.folder)
    file = replace(store.load(), state="rotating")
    assert from_bytes(to_bytes(file)).state == "rotating"
