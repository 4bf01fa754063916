"""A disk that remembers what was made to last: from the system calls of a program to what a power
cut may leave.

The calls of the real program (SQLite's among them) are read from `strace`. A cut at a call keeps
everything that was synced before it. Of the rest any half may be there: each 512-byte sector of a
write by itself; each name that was made, renamed or removed since its folder was synced, either in
order up to some point (a journaled file system) or any of them (none).
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

SECTOR = 512
TRACED = (
    "open,openat,creat,close,dup,dup2,dup3,write,pwrite64,writev,pwritev,ftruncate,truncate,"
    "fallocate,lseek,fsync,fdatasync,rename,renameat,renameat2,unlink,unlinkat,rmdir,mkdir,mkdirat,"
    "sendfile,copy_file_range,read,fcntl"
)
_CALL = re.compile(r"^(?:\d+\s+)?(\w+)\((.*)\)\s+=\s+(-?\d+)(?:\s.*)?$")
_WORD = re.compile(r'"((?:\\x[0-9a-f]{2})*)"(?:\.\.\.)?|\{[^}]*\}|[^,\s][^,]*')


@dataclass(frozen=True)
class Change:
    """One thing the program did to the disk: `what` is data, size, sync, link, mkdir, unlink,
    rename, say."""

    what: str
    node: int = 0
    at: int = 0
    data: bytes = b""
    folder: int = 0
    name: str = ""
    to_folder: int = 0
    to_name: str = ""


@dataclass
class Tree:
    """Folders and files: what a folder holds (by number), what a file holds."""

    folders: dict[int, dict[str, int]] = field(default_factory=dict)
    files: dict[int, bytearray] = field(default_factory=dict)

    def copy(self) -> Tree:
        """Another with the same in it."""
        return Tree(
            {n: dict(names) for n, names in self.folders.items()},
            {n: bytearray(data) for n, data in self.files.items()},
        )

    def write(self, change: Change, keep: Iterable[bool] | None = None) -> None:
        """Put data into a file; `keep` says of each sector whether it got there."""
        data = self.files.setdefault(change.node, bytearray())
        end = change.at + len(change.data)
        at = change.at
        for kept in keep if keep is not None else (True,):
            stop = end if keep is None else min(end, (at // SECTOR + 1) * SECTOR)
            if kept:
                if len(data) < stop:
                    data.extend(bytes(stop - len(data)))
                data[at:stop] = change.data[at - change.at : stop - change.at]
            at = stop

    def apply(self, change: Change) -> None:
        """Do a change that is not torn."""
        if change.what == "data":
            self.write(change)
        elif change.what == "size":
            data = self.files.setdefault(change.node, bytearray())
            if change.at < len(data):
                del data[change.at :]
            else:
                data.extend(bytes(change.at - len(data)))
        elif change.what in ("link", "mkdir"):
            self.folders.setdefault(change.folder, {})[change.name] = change.node
            if change.what == "link":
                self.files.setdefault(change.node, bytearray())
        elif change.what == "unlink":
            self.folders.setdefault(change.folder, {}).pop(change.name, None)
        elif change.what == "rename":
            old = self.folders.setdefault(change.folder, {})
            if old.get(change.name) == change.node:
                del old[change.name]
            self.folders.setdefault(change.to_folder, {})[change.to_name] = change.node

    def put_down(self, root: Path, node: int = 0) -> None:
        """Make it real, in a new folder."""
        root.mkdir(mode=0o700, exist_ok=True)
        for name, held in self.folders.get(node, {}).items():
            if held in self.files:
                handle = os.open(root / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                with os.fdopen(handle, "wb") as out:
                    out.write(self.files[held])
            else:
                self.put_down(root / name, held)


def taken_up(root: Path) -> tuple[Tree, dict[str, int]]:
    """What lies in a folder now (the folder itself is number 0), and the number of every path."""
    tree, numbers = Tree({0: {}}), {str(root): 0}
    for path in sorted(root.rglob("*")):
        number = len(numbers)
        numbers[str(path)] = number
        tree.folders[numbers[str(path.parent)]][path.name] = number
        if path.is_dir():
            tree.folders[number] = {}
        else:
            tree.files[number] = bytearray(path.read_bytes())
    return tree, numbers


@dataclass
class _Handle:
    node: int | None
    path: str
    at: int = 0
    appends: bool = False


class Recorder:
    """Reads the calls of a program and keeps its changes below `root`, in order."""

    def __init__(self, root: Path) -> None:
        self.root = str(root)
        self.begun, numbers = taken_up(root)
        self._live = self.begun.copy()
        self._next = len(numbers)
        self._handles: dict[int, _Handle] = {}
        self.changes: list[Change] = []

    def read(self, log: Path) -> list[Change]:
        """All changes that the log of `strace -f -xx` tells of."""
        begun: dict[str, str] = {}
        with log.open("r", encoding="ascii", errors="replace") as lines:
            for text in lines:
                line = text.rstrip("\n")
                who = line.split(" ", 1)[0]
                if line.endswith("<unfinished ...>"):
                    begun[who] = line[: -len("<unfinished ...>")]
                    continue
                if "resumed>" in line and who in begun:
                    line = begun.pop(who) + line.split("resumed>", 1)[1]
                match = _CALL.match(line)
                if match and int(match[3]) >= 0:
                    self._call(match[1], _words(match[2]), int(match[3]))
        return self.changes

    # --- calls ---------------------------------------------------------------------------------

    def _call(self, name: str, words: list[str | bytes], result: int) -> None:
        told = getattr(self, f"_{_SAME.get(name, name)}", None)
        if told is not None:
            told(words, result)

    def _openat(self, words: list[str | bytes], result: int) -> None:
        path = self._path(words[0], words[1])
        flags = str(words[2])
        place = self._place(path)
        node = None
        if place is not None:
            folder, name = place
            node = self._find(path)
            if node is None and "O_CREAT" in flags:
                node = self._new()
                self._live.files[node] = bytearray()
                self._did(Change("link", node, folder=folder, name=name))
            if node is not None and "O_TRUNC" in flags and self._live.files.get(node):
                self._did(Change("size", node, 0))
        elif path == self.root:
            node = 0
        self._handles[result] = _Handle(node, path, appends="O_APPEND" in flags)

    def _open(self, words: list[str | bytes], result: int) -> None:
        self._openat(["AT_FDCWD", *words], result)

    def _close(self, words: list[str | bytes], _result: int) -> None:
        self._handles.pop(_number(words[0]), None)

    def _dup(self, words: list[str | bytes], result: int) -> None:
        held = self._handles.get(_number(words[0]))
        if held is not None:
            self._handles[result] = held

    def _fcntl(self, words: list[str | bytes], result: int) -> None:
        if str(words[1]).startswith("F_DUPFD"):
            self._dup(words, result)

    def _write(self, words: list[str | bytes], result: int) -> None:
        number = _number(words[0])
        data = words[1] if isinstance(words[1], bytes) else b""
        held = self._handles.get(number)
        if number == 1 and held is None:
            self._did(Change("say", data=data[:result]))
        elif held is not None and held.node is not None:
            at = len(self._live.files[held.node]) if held.appends else held.at
            self._did(Change("data", held.node, at, data[:result]))
            held.at = at + result

    def _pwrite64(self, words: list[str | bytes], result: int) -> None:
        held = self._handles.get(_number(words[0]))
        if held is not None and held.node is not None and isinstance(words[1], bytes):
            self._did(Change("data", held.node, _number(words[3]), words[1][:result]))

    def _read(self, words: list[str | bytes], result: int) -> None:
        held = self._handles.get(_number(words[0]))
        if held is not None:
            held.at += result

    def _lseek(self, words: list[str | bytes], result: int) -> None:
        held = self._handles.get(_number(words[0]))
        if held is not None:
            held.at = result

    def _sendfile(self, words: list[str | bytes], result: int) -> None:
        into, source = (self._handles.get(_number(words[n])) for n in (0, 1))
        self._copied(source, into, result)

    def _copy_file_range(self, words: list[str | bytes], result: int) -> None:
        source, into = (self._handles.get(_number(words[n])) for n in (0, 2))
        self._copied(source, into, result)

    def _copied(self, source: _Handle | None, into: _Handle | None, size: int) -> None:
        if source is None or into is None:
            return
        if into.node is not None:
            held = self._live.files[source.node] if source.node is not None else bytearray(1 << 20)
            data = bytes(held[source.at : source.at + size])
            self._did(Change("data", into.node, into.at, data))
        source.at += size
        into.at += size

    def _ftruncate(self, words: list[str | bytes], _result: int) -> None:
        held = self._handles.get(_number(words[0]))
        if held is not None and held.node is not None:
            self._did(Change("size", held.node, _number(words[1])))

    def _fsync(self, words: list[str | bytes], _result: int) -> None:
        held = self._handles.get(_number(words[0]))
        if held is not None and held.node is not None:
            self._did(Change("sync", held.node))

    def _mkdir(self, words: list[str | bytes], result: int) -> None:
        self._mkdirat(["AT_FDCWD", *words], result)

    def _mkdirat(self, words: list[str | bytes], _result: int) -> None:
        place = self._place(self._path(words[0], words[1]))
        if place is not None:
            node = self._new()
            self._live.folders[node] = {}
            self._did(Change("mkdir", node, folder=place[0], name=place[1]))

    def _unlink(self, words: list[str | bytes], result: int) -> None:
        self._unlinkat(["AT_FDCWD", *words], result)

    def _unlinkat(self, words: list[str | bytes], _result: int) -> None:
        path = self._path(words[0], words[1])
        place, node = self._place(path), self._find(path)
        if place is not None and node is not None:
            self._did(Change("unlink", node, folder=place[0], name=place[1]))

    def _rename(self, words: list[str | bytes], result: int) -> None:
        self._renameat(["AT_FDCWD", words[0], "AT_FDCWD", words[1]], result)

    def _renameat(self, words: list[str | bytes], _result: int) -> None:
        old, new = self._path(words[0], words[1]), self._path(words[2], words[3])
        here, there, node = self._place(old), self._place(new), self._find(old)
        if here is not None and there is not None and node is not None:
            self._did(Change("rename", node, folder=here[0], name=here[1],
                             to_folder=there[0], to_name=there[1]))  # fmt: skip

    # --- places --------------------------------------------------------------------------------

    def _did(self, change: Change) -> None:
        self.changes.append(change)
        self._live.apply(change)

    def _new(self) -> int:
        self._next += 1
        return self._next

    def _path(self, folder: str | bytes, name: str | bytes) -> str:
        text = os.fsdecode(name) if isinstance(name, bytes) else str(name)
        if text.startswith("/") or folder == "AT_FDCWD":
            return os.path.normpath(text)
        held = self._handles.get(_number(folder))
        return os.path.normpath(f"{held.path if held else '?'}/{text}")

    def _place(self, path: str) -> tuple[int, str] | None:
        """The folder's number and the name, of a path below the root; None for any other."""
        if not path.startswith(self.root + "/"):
            return None
        folder = self._find(str(Path(path).parent))
        return None if folder is None else (folder, Path(path).name)

    def _find(self, path: str) -> int | None:
        if path != self.root and not path.startswith(self.root + "/"):
            return None
        node: int | None = 0
        for name in path[len(self.root) + 1 :].split("/") if path != self.root else ():
            node = self._live.folders.get(node, {}).get(name) if node is not None else None
        return node


_SAME = {
    "creat": "open", "dup2": "dup", "dup3": "dup", "fdatasync": "fsync", "rmdir": "unlink",
    "renameat2": "renameat",
}  # fmt: skip


def _words(text: str) -> list[str | bytes]:
    """The arguments of a call; strings as bytes."""
    found: list[str | bytes] = []
    for match in _WORD.finditer(text):
        if match[0].startswith('"'):
            found.append(bytes.fromhex(match[1].replace("\\x", "")))
        else:
            found.append(match[0].strip())
    return found


def _number(word: str | bytes) -> int:
    return int(ast.literal_eval(str(word).split("<")[0]))


# --- the cut -------------------------------------------------------------------------------------


def said(changes: Iterable[Change]) -> bytes:
    """What the program had said on its standard output."""
    return b"".join(one.data for one in changes if one.what == "say")


def after_cut(begun: Tree, changes: Iterable[Change], chance: Random) -> Tree:
    """What lies on the disk when the power goes after these changes."""
    tree = begun.copy()
    data: dict[int, list[Change]] = {}
    names: list[Change] = []
    for one in changes:
        if one.what in ("data", "size"):
            data.setdefault(one.node, []).append(one)
        elif one.what in ("link", "mkdir", "unlink", "rename"):
            names.append(one)
        elif one.what == "sync":
            for change in data.pop(one.node, ()):
                tree.apply(change)
            lasting = [n for n in names if one.node in (n.folder, n.to_folder or n.folder)]
            for change in lasting:
                tree.apply(change)
                names.remove(change)
    _some_names(tree, names, chance)
    share = chance.choice((0.0, 0.5, 0.5, 0.5, 0.5, 1.0))
    for pending in data.values():
        _some_data(tree, pending, chance, share)
    return tree


def _some_names(tree: Tree, names: list[Change], chance: Random) -> None:
    if chance.random() < 0.5:
        kept = names[: chance.randint(0, len(names))]
    else:
        kept = [one for one in names if chance.random() < 0.5]
    for one in kept:
        tree.apply(one)


def _some_data(tree: Tree, pending: list[Change], chance: Random, share: float) -> None:
    for one in pending:
        if one.what == "size":
            if chance.random() < share:
                tree.apply(one)
            continue
        first, last = one.at // SECTOR, (one.at + len(one.data) - 1) // SECTOR
        tree.write(one, [chance.random() < share for _ in range(first, last + 1)])
