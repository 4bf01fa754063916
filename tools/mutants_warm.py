"""One warm process tries every change: what is slow (imports, founding a school) happens once.

The changes themselves are mutmut's (`mutate_file_contents`): every function stands beside all its
changed forms, and a switch picks one. Here the stories run once as they are, to learn which story
touches which function and how long it takes; then each change gets a forked child that runs the
stories which touch its function, the quickest first, and ends with the first that fails.
"""

from __future__ import annotations

import ast
import difflib
import gc
import hashlib
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import re
import resource
import shutil
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

import pytest
from mutmut.mutation.file_mutation import mutate_file_contents

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
KEPT = ROOT / "build" / "mutants"
_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of this process's own is made in it
LEARNED = KEPT / "learned"
SCRATCH = (_MEMORY if _MEMORY.is_dir() else KEPT) / f"bt-mutants-{os.getpid()}"
STORY_SECONDS = 8.0  # of stories as they are, for one change; the quickest come first
PATIENCE = 8  # a change that makes its stories take so many times as long never ends
_LONGEST_WAIT_S = 900
_TOO_LATE = (signal.SIGALRM, signal.SIGXCPU, signal.SIGKILL)
_SWITCH = "from mutmut.mutation.trampoline import wrap_in_trampoline as _mutmut_mutated, MutantDict"
_OURS = f"from {__name__} import switched as _mutmut_mutated; MutantDict = dict"

_BY_THE_CLOCK = ("test_a_district_of_fifty_thousand_is_searched_while_typing",)
"""Stories that measure time: they may fail where nothing was changed."""

NOTICED, ENDLESS, LEFT, UNTOUCHED = "noticed", "endless", "left", "untouched"


@dataclass
class _Switch:
    """Which change is on in this process, and which functions were called."""

    module: str = ""
    name: str = ""
    touched: set[str] = field(default_factory=set)


_switch = _Switch()


def switched(forms: dict[str, Callable[..., Any]], is_classmethod: bool = False) -> Any:
    """The decorator that mutmut's code asks for: calls the form that is switched on."""

    def around(function: Callable[..., Any]) -> Callable[..., Any]:
        module = function.__module__

        @wraps(function)
        def call(*args: Any, **named: Any) -> Any:
            own = forms["_mutmut_orig"]
            _switch.touched.add(f"{module}.{own.__name__.removesuffix('__mutmut_orig')}")
            form = forms.get(_switch.name, own) if _switch.module == module else own
            if is_classmethod:
                return getattr(args[0], form.__name__)(*args[1:], **named)
            return form(*args, **named)

        return call

    return around


# --- the changed forms --------------------------------------------------------------------------


@dataclass
class Changed:
    """A file of the program with all its changes."""

    module: str
    code: str
    names: list[str]  # of the changes, in order
    _spans: dict[str, tuple[int, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._lines = self.code.split("\n")

    def function(self, name: str) -> str:
        """The function that a change changes, as `touched` names it."""
        return f"{self.module}.{name.rpartition('__mutmut_')[0]}"

    def form(self, name: str) -> str:
        """The text of one form of a function."""
        if not self._spans:
            for node in ast.walk(ast.parse(self.code)):
                if isinstance(node, ast.FunctionDef):
                    self._spans[node.name] = (node.lineno - 1, node.end_lineno or node.lineno)
        start, end = self._spans[name]
        return "\n".join(self._lines[start:end]).replace(name, "f")

    def difference(self, name: str) -> list[str]:
        """The lines that differ between the function as it is and the change."""
        before = self.form(name.rpartition("_")[0] + "_orig").splitlines()
        after = self.form(name).splitlines()
        lines = difflib.unified_diff(before, after, lineterm="", n=0)
        return [one for one in lines if one[:3] not in ("---", "+++") and one[:2] != "@@"]

    def digest(self, name: str) -> str:
        """Changes with the function around it."""
        form = self.form(name.rpartition("_")[0] + "_orig") + "\n".join(self.difference(name))
        return hashlib.sha256(form.encode()).hexdigest()[:16]


def changed(target: str) -> Changed:
    """All changes of one file ("security/slots.py"); made once for each state of the file."""
    path = ROOT / "bt_desktop" / target
    source = path.read_text("utf-8")
    digest = hashlib.sha256(source.encode()).hexdigest()[:16]
    kept = KEPT / "forms" / f"{target.replace('/', '-')}-{digest}.py"
    if not kept.exists():
        made = mutate_file_contents(str(path), source)
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(made.code, "utf-8")
    code = kept.read_text("utf-8")
    names = re.findall(r"^mutants_\S+\['(?!_mutmut_orig)(\S+)'\] =", code, re.MULTILINE)
    module = "bt_desktop." + target.removesuffix(".py").replace("/", ".")
    return Changed(module, code.replace(_SWITCH, _OURS), names)


class _Finder(importlib.abc.MetaPathFinder):
    """Gives Python the changed forms where it looks for a file of the program."""

    def __init__(self, files: Sequence[Changed]) -> None:
        self._files = {one.module: one for one in files}

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Only for the files that are changed."""
        if fullname not in self._files:
            return None
        place = ROOT / (fullname.replace(".", "/") + ".py")
        loader = _Loader(fullname, str(place))
        loader.text = self._files[fullname].code
        return importlib.util.spec_from_file_location(fullname, place, loader=loader)


class _Loader(importlib.machinery.SourceFileLoader):
    text = ""

    def get_code(self, fullname: str) -> CodeType:
        """From the changed text, never from a cache."""
        code: CodeType = compile(self.text, self.path, "exec")
        return code


# --- the stories --------------------------------------------------------------------------------


class Trial:
    """The pytest plugin that runs the stories once, and then each change against them."""

    def __init__(
        self,
        files: Sequence[Changed],
        wanted: dict[str, list[str]],
        workers: int,
        tell: Callable[[str, str, str], None],
    ) -> None:
        self._files = {one.module: one for one in files}
        self._wanted = wanted
        self._workers = workers
        self._tell = tell
        self._failed = False
        self._by_function: dict[str, list[int]] = defaultdict(list)
        self._seconds: list[float] = []
        self._items: list[pytest.Item] = []
        self.unfit: list[str] = []

    def pytest_configure(self) -> None:
        """A slow moment of the computer is no finding; a lucky guess is none to be repeated."""
        from hypothesis import settings  # deferred: pytest wants to be the first to load it

        settings.register_profile("mutants", deadline=None, database=None, derandomize=True)
        settings.load_profile("mutants")

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Stories without a window; those that say they are slow are left to the daily run."""
        items[:] = [
            one
            for one in items
            if "qtbot" not in getattr(one, "fixturenames", ())
            and one.name not in _BY_THE_CLOCK
            and not any(one.get_closest_marker(name) for name in ("slow", "walk", "keyring_real"))
        ]
        self._items = items

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Remember that the running story failed."""
        self._failed = self._failed or report.failed

    def _passes(self, number: int, following: int | None = None) -> bool:
        """Run one story; `following` is the one that comes next, so that what both share stays."""
        item = self._items[number]
        self._failed = False
        follows: Any = item.session if following is None else self._items[following]
        item.ihook.pytest_runtest_protocol(item=item, nextitem=follows)
        return not self._failed

    def _all_pass(self, stories: Sequence[int]) -> bool:
        return all(
            self._passes_in_time(one, following)
            for one, following in zip(stories, (*stories[1:], None), strict=True)
        )

    def _passes_in_time(self, number: int, following: int | None) -> bool:
        """Of the computer's time, not of the clock's: it has other work."""
        most = int(time.process_time() + PATIENCE * self._seconds[number] + 3)
        resource.setrlimit(resource.RLIMIT_CPU, (most, resource.RLIM_INFINITY))
        return self._passes(number, following)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Instead of pytest's own loop."""
        if session.testsfailed:
            raise session.Interrupted("stories that cannot be collected")
        SCRATCH.mkdir(parents=True, exist_ok=True)
        self._learn()
        shared = (n for n in range(len(self._items)) if self._founds(n))
        if (one := next(shared, None)) is not None:
            self._passes(one)  # what all stories share is made once, before the forks
        gc.collect()
        gc.freeze()
        running: dict[int, tuple[str, str, Path]] = {}
        for module, names in self._wanted.items():
            self._require_quiet(module, names)
            for name in names:
                stories = self._stories(self._files[module].function(name))
                if not stories:
                    self._tell(module, name, UNTOUCHED)
                    continue
                while len(running) >= self._workers:
                    self._reap(running)
                self._start(running, module, name, stories)
        while running:
            self._reap(running)
        shutil.rmtree(SCRATCH, ignore_errors=True)
        return True

    def _require_quiet(self, module: str, names: Sequence[str]) -> None:
        """Where nothing is changed nothing may be noticed, in the same order and the same child."""
        functions = {self._files[module].function(name) for name in names}
        stories = max((self._stories(one) for one in functions), key=len)
        running: dict[int, tuple[str, str, Path]] = {}
        self._start(running, "", "nothing", stories)
        child, (_, _, place) = running.popitem()
        _, status = os.waitpid(child, 0)
        shutil.rmtree(place, ignore_errors=True)
        if status:
            raise SystemExit(f"{module}: stories fail where nothing is changed")

    def _founds(self, number: int) -> bool:
        return "founded" in getattr(self._items[number], "fixturenames", ())

    def _learn(self) -> None:
        """Each story once as it is, in a child as every change has one: what it touches, how long
        it takes. One that fails there says nothing. What is known of a file of stories is kept."""
        known: dict[str, Any] = {}
        digests: dict[Path, str] = {}
        for path in {item.path for item in self._items}:
            kept = LEARNED / f"{path.stem}.json"
            known |= json.loads(kept.read_text("utf-8")) if kept.exists() else {}
        for item in self._items:
            if item.path not in digests:
                digests[item.path] = hashlib.sha256(item.path.read_bytes()).hexdigest()[:16]
        fresh = [
            number
            for number, item in enumerate(self._items)
            if known.get(item.nodeid, [""])[0] != digests[item.path]
        ]
        told = SCRATCH / "learned"
        for at in range(0, len(fresh), 40):
            some = fresh[at : at + 40]
            (SCRATCH / "control").mkdir(exist_ok=True)
            child = os.fork()
            if child == 0:
                try:
                    self._hide(SCRATCH / "control")
                    told.write_text(json.dumps(self._learned(some)), "utf-8")
                finally:
                    os._exit(0)
            os.waitpid(child, 0)
            shutil.rmtree(SCRATCH / "control")
            for number, (seconds, touched) in zip(some, json.loads(told.read_text()), strict=True):
                item = self._items[number]
                known[item.nodeid] = [digests[item.path], seconds, touched]
            told.unlink()
            self._keep(known, {self._items[number].path for number in some})
            print(f"learned {at + len(some)} of {len(fresh)}", flush=True)
        for number, item in enumerate(self._items):
            _, seconds, touched = known[item.nodeid]
            self._seconds.append(seconds)
            if touched is None:
                self.unfit.append(item.nodeid)
            for function in touched or ():
                self._by_function[function].append(number)

    def _keep(self, known: dict[str, Any], paths: set[Path]) -> None:
        LEARNED.mkdir(parents=True, exist_ok=True)
        for path in paths:
            own = {
                item.nodeid: known[item.nodeid]
                for item in self._items
                if item.path == path and item.nodeid in known
            }
            part = LEARNED / f"{path.stem}.{os.getpid()}"  # another run may read it meanwhile
            part.write_text(json.dumps(own), "utf-8")
            part.replace(LEARNED / f"{path.stem}.json")

    def _learned(self, stories: Sequence[int]) -> list[tuple[float, list[str] | None]]:
        found: list[tuple[float, list[str] | None]] = []
        for number, following in zip(stories, (*stories[1:], None), strict=True):
            _switch.touched.clear()
            began = time.process_time()
            fit = self._passes(number, following)
            took = time.process_time() - began
            found.append((took, sorted(_switch.touched) if fit else None))
        return found

    def _stories(self, function: str) -> list[int]:
        chosen: list[int] = []
        spent = 0.0
        for number in sorted(self._by_function[function], key=self._turn):
            if chosen and spent + self._seconds[number] > STORY_SECONDS:
                break  # a slow one counts only where no other looks
            chosen.append(number)
            spent += self._seconds[number]
        return chosen

    def _turn(self, number: int) -> tuple[bool, float]:
        """Stories that look closely come first, then the quickest."""
        name = self._items[number].path.name
        return not ("_edges" in name or "first_files" in name), self._seconds[number]

    def _start(
        self, running: dict[int, tuple[str, str, Path]], module: str, name: str, stories: list[int]
    ) -> None:
        place = SCRATCH / name
        place.mkdir(parents=True, exist_ok=True)
        sys.stdout.flush()
        child = os.fork()
        if child == 0:
            code = 1
            try:
                self._hide(place)
                _switch.module, _switch.name = module, name
                code = 0 if self._all_pass(stories) else 1
            finally:
                os._exit(code)
        running[child] = (module, name, place)

    def _hide(self, place: Path) -> None:
        """In the child: a folder of its own, nothing on the screen, an end in any case."""
        os.setsid()
        nowhere = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(nowhere, number)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(_LONGEST_WAIT_S)
        factory = getattr(self._items[0].session.config, "_tmp_path_factory", None)
        if factory is not None:
            factory._basetemp = place
        _forget()

    def _reap(self, running: dict[int, tuple[str, str, Path]]) -> None:
        child, status = os.wait()
        if child not in running:
            return
        module, name, place = running.pop(child)
        with suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)  # what it started itself
        shutil.rmtree(place, ignore_errors=True)
        if status == 0:
            self._tell(module, name, LEFT)
        else:
            late = os.WIFSIGNALED(status) and os.WTERMSIG(status) in _TOO_LATE
            self._tell(module, name, ENDLESS if late else NOTICED)


def _forget() -> None:
    """What the program remembers of former calls, it works out anew with the change."""
    for name, module in list(sys.modules.items()):
        if name.startswith("bt_desktop"):
            for one in list(vars(module).values()):
                clear = getattr(one, "cache_clear", None)
                if callable(clear):
                    clear()


def attempt(
    files: Sequence[Changed],
    wanted: dict[str, list[str]],
    stories: Sequence[str],
    workers: int,
    tell: Callable[[str, str, str], None],
) -> list[str]:
    """Try the wanted changes (by module) against the stories; `tell` hears each outcome.

    Comes back with the stories that do not pass under the switch, which say nothing then.
    """
    sys.meta_path.insert(0, _Finder(files))
    trial = Trial(files, wanted, workers, tell)
    SCRATCH.mkdir(parents=True, exist_ok=True)
    code = pytest.main(
        [
            *("-p", "no:randomly", "-p", "no:xdist", "-p", "no:faulthandler"),
            *("-p", "no:cacheprovider", "-q", "--timeout=0", "--capture=no", "--tb=line"),
            *("--rootdir", str(ROOT), "--basetemp", str(SCRATCH / "shared")),
            *stories,
        ],
        plugins=[trial],
    )
    if code not in (0, 1):
        raise SystemExit(f"the stories could not be run (pytest: {code})")
    return trial.unfit
