"""Open the records again as the program does, and look for all that was acknowledged."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from bt_desktop.errors import KnownError
from bt_desktop.models.health import HealthEntry
from bt_desktop.models.records import Record
from bt_desktop.security.keyfile import DATABASE_NAME
from bt_desktop.security.problems import KeyFileDamaged, KeyFileMissing, KeyFileNewer
from bt_desktop.services import access
from bt_desktop.services.backups import listed
from bt_desktop.services.computer import doubts_in_words
from bt_desktop.services.trail_watch import KEY_FILE_REPAIRED
from bt_desktop.services.workspace import Workspace
from faults._child import Acks, Ended, in_child
from faults._school import STICK, Base
from faults._tally import Verdict

_BROKEN = {"missing": KeyFileMissing, "damaged": KeyFileDamaged, "newer": KeyFileNewer}


def judged(base: Base, *, deep: bool = False) -> Verdict:
    """What is left of the vault of `base`, in which `base.acks` was acknowledged.

    Done in a child, like everything that opens a store. `deep` also makes a backup, as the first
    sign-in of a day does: that reads every page.
    """
    return verdict_of(in_child(lambda _say: look(base, deep=deep)))


def verdict_of(ended: Ended) -> Verdict:
    """The verdict of a judge who ran in a child; falling over is a silence of its own."""
    if isinstance(ended.value, Verdict):
        return ended.value
    why = ended.problem or ("it hung" if ended.hung else f"ended by signal {ended.signal}")
    return Verdict("silent", "the program fell over", why)


def look(base: Base, *, deep: bool = False) -> Verdict:
    """As `judged`, in this process."""
    try:
        return _looked(base, deep)
    except KnownError as problem:
        return Verdict("told", str(problem), problem.code)


def open_again(base: Base) -> Workspace:
    """The way in of the program: look at the folder, then sign in. Raises KnownError."""
    status = access.vault_status(base.vault)
    if status.kind in _BROKEN:
        raise _BROKEN[status.kind]()
    if status.kind == "none":
        raise Nothing
    return base.school.sign_in("tom")


class Nothing(KnownError):
    """The folder is taken for an empty one: the program offers to set a new vault up."""

    def __init__(self) -> None:
        super().__init__("no-vault", "There are no records here.", "Set up a new vault.")


def _looked(base: Base, deep: bool) -> Verdict:
    try:
        tom = open_again(base)
    except Nothing:
        gone = (base.vault / DATABASE_NAME).exists() or base.acks
        return Verdict("silent" if gone else "whole", "It offers to set up a new vault.")
    try:
        sentences = " ".join(doubts_in_words(tom.doubts))
        # A copy in the place of a damaged key file is told, and nothing need be gone.
        if grave := [one.code for one in tom.doubts if one.code != KEY_FILE_REPAIRED]:
            return Verdict("told", sentences, grave[0])
        found = tom.log.verify()
        if not found.holds and found.reason != KEY_FILE_REPAIRED:
            told = f"The audit trail is wrong at entry {found.first_bad} ({found.reason})."
            return Verdict("told", told, str(found.reason))
        if deep:
            tom.backups.make()
        lost = list(missing(base, tom))
    finally:
        tom.lock()
    if lost:
        why = f"gone without a word: {'; '.join(lost[:5])}"
        return Verdict("silent", why=why)
    return Verdict("whole", sentences)


def missing(base: Base, tom: Workspace) -> Iterator[str]:
    """What was acknowledged and is not there."""
    acks = _standing(base, tom)
    yield from _saves(acks, tom)
    with tom.records.context.store.read() as session:
        numbers = sorted(session.scalars(select(Record.number).where(Record.number.is_not(None))))
    if numbers != [f"BER-2026-{n:04}" for n in range(1, len(numbers) + 1)]:
        yield f"a gap in the numbers {numbers}"
    names = {one.name for one in listed(base.vault / "backups") if not one.damaged}
    stick = {one.name for one in listed(base.root / STICK) if not one.damaged}
    users = {one.user_id for one in tom.accounts.list()}
    doses = _doses(tom, acks)
    held = {"dosed": doses, "made": names, "copied": stick, "account": users}
    for one in acks:
        for word, there in held.items():
            if word in one and one[word] not in there:
                yield f"{word} {one[word]}"
        yield from _paper(one, tom)


def _paper(one: dict[str, Any], tom: Workspace) -> Iterator[str]:
    """A signature, a sealed copy or an attachment that is not what was acknowledged."""
    if "signed" in one:
        opened = tom.records.open(one["signed"])
        revision = opened.part("report").revision_id
        if (opened.number, revision) != (one["number"], one["revision"]):
            yield f"the signature of {one['signed']}"
    elif "sealed" in one:
        log = {c.copy_id: c.sha256 for c in tom.copies.log(one["sealed"])}
        if log.get(one["copy"]) != one["sha256"]:
            yield f"the copy {one['copy']}"
    elif "attached" in one:
        kept = {a.id: a.sha256 for a in tom.records.attachments(one["attached"])}
        if kept.get(one["id"]) != one["sha256"]:
            yield f"the attachment {one['id']}"


def _standing(base: Base, tom: Workspace) -> Acks:
    """What must be there: all of it, or after a restore what the backup held (and the files)."""
    acks = base.acks
    asked = [n for n, one in enumerate(acks) if "restoring" in one]
    if not asked:
        return acks
    put_back = any(one.action == "backup.restored" for one in tom.log.entries(20))
    if not put_back:
        return [one for one in acks[: asked[-1]]] + [
            one for one in acks[asked[-1] :] if "restored" in one and _lost_restore()
        ]
    until = next(n for n, one in enumerate(acks) if one.get("made") == acks[asked[-1]]["restoring"])
    outside = [one for one in acks[until:] if "made" in one or "copied" in one]
    done = [n for n, one in enumerate(acks) if "restored" in one]
    return acks[:until] + outside + (acks[done[-1] :] if done else [])


def _lost_restore() -> bool:
    raise AssertionError("a restore was acknowledged, and the records are the old ones")


def _saves(acks: Acks, tom: Workspace) -> Iterator[str]:
    """Drafts that hold less than was acknowledged, or something that nobody typed."""
    least: dict[str, int] = {}
    most: dict[str, int] = {}
    for one in acks:
        if "saving" in one:
            most[one["saving"]] = max(one["n"], most.get(one["saving"], 0))
        if "saved" in one:
            least[one["saved"]] = max(one["n"], least.get(one["saved"], 0))
    for record, n in least.items():
        kept = int(str(tom.records.open(record).answers["location_detail"]).split()[-1])
        if not n <= kept <= most[record]:
            yield f"a saved draft: saved {n}, begun {most[record]}, there {kept}"


def _doses(tom: Workspace, acks: Acks) -> frozenset[str]:
    """Those of the acknowledged doses that are there; `verify` looked at their signatures."""
    wanted = {one["dosed"] for one in acks if "dosed" in one}
    with tom.records.context.store.read() as session:
        return frozenset(session.scalars(select(HealthEntry.id).where(HealthEntry.id.in_(wanted))))
