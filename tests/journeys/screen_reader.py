"""Reads a program as a screen reader does: through the AT-SPI bus, by role and name alone.

Speaks D-Bus itself (jeepney comes with keyring on Linux), so that it needs nothing of the system
but `at-spi2-core`. Nothing of bt_desktop is imported here: what it knows of a window is what is
said aloud there.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from jeepney import DBusAddress, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection
from jeepney.low_level import Message, MessageType

_SAYS = "org.a11y.atspi."
_PROPERTIES = "org.freedesktop.DBus.Properties"
_ROOT = "/org/a11y/atspi/accessible/root"
_STATES = {"checked": 4, "editable": 7, "enabled": 8, "focused": 12, "showing": 25}
"""Numbers of the states (AT-SPI's `AtspiStateType`)."""
_ALL_ON_SHOW = (
    "(aiia{ss}iaiiasib)uib",
    (([1 << _STATES["showing"], 0], 1, {}, 1, [0, 0, 0, 0], 1, [], 1, False), 1, 0, True),
)
"""A rule for `GetMatches` and how it answers: whatever is on show, in the order it is read in."""
_ROWS = ("list item", "cell", "column header")
_LABELLED_BY = 2
_KEY_SYM = 3
UP, DOWN, ENTER, SPACE, F1 = 0xFF52, 0xFF54, 0xFF0D, 0x20, 0xFFBE
PATIENCE = 40.0


class NotThere(AssertionError):
    """Nothing of that role and name is on show; the message lists what is."""


@dataclass(frozen=True, slots=True)
class Thing:
    """One control as it is said: where it lives, and what is said of it."""

    at: tuple[str, str]
    role: str
    name: str
    states: frozenset[str]

    def __str__(self) -> str:
        return f"{self.role} {self.name!r}"


class Bus:
    """The accessibility bus of this session."""

    def __init__(self) -> None:
        with open_dbus_connection("SESSION") as session:
            bus = DBusAddress("/org/a11y/bus", bus_name="org.a11y.Bus", interface="org.a11y.Bus")
            told = session.send_and_get_reply(new_method_call(bus, "GetAddress"), timeout=PATIENCE)
        self._wire: DBusConnection = open_dbus_connection(told.body[0])

    def close(self) -> None:
        """Hang up."""
        self._wire.close()

    def ask(
        self, at: tuple[str, str], of: str, deed: str, kinds: str | None = None, told: tuple = ()
    ) -> Any:
        """Call one method of one thing; what it returns."""
        return self.ask_all([(at, of, deed, kinds, told)])[0]

    def ask_all(self, asked: Sequence[tuple[Any, ...]]) -> list[Any]:
        """Call many at once: all are sent before the first answer is read. None where it failed."""
        waiting: dict[int, int] = {}
        for place, ((name, path), of, deed, kinds, told) in enumerate(asked):
            whole = of if "." in of else _SAYS + of
            call = new_method_call(DBusAddress(path, name, whole), deed, kinds, told)
            serial = next(self._wire.outgoing_serial)
            self._wire.send_message(call, serial=serial)
            waiting[serial] = place
        answers: list[Any] = [None] * len(asked)
        while waiting:
            message: Message = self._wire.receive(timeout=PATIENCE)
            fields = {key.name: value for key, value in message.header.fields.items()}
            place = waiting.pop(fields.get("reply_serial", -1), -1)
            if place >= 0 and message.header.message_type is MessageType.method_return:
                answers[place] = message.body[0] if len(message.body) == 1 else message.body
        return answers


def wait_for(met: Callable[[], bool], what: str) -> None:
    """Wait until something in the other process is so."""
    end = time.monotonic() + PATIENCE
    while not met():
        assert time.monotonic() < end, f"{what} did not come"
        time.sleep(0.05)  # another process: there is no signal of ours to wait for


class Reader:
    """Finds things on show by role and name and does with them what they offer."""

    def __init__(self, bus: Bus) -> None:
        self.bus = bus
        self._fixed: dict[tuple[str, str], tuple[str, tuple[str, str]]] = {}

    def things(self) -> list[Thing]:
        """Everything on show in every window, as it would be read from the top."""
        root = ("org.a11y.atspi.Registry", _ROOT)
        apps = [tuple(one) for one in self.bus.ask(root, "Accessible", "GetChildren") or []]
        asked = [(one, "Collection", "GetMatches", *_ALL_ON_SHOW) for one in apps]
        places: list[tuple[str, str]] = []
        for app, inside in zip(apps, self.bus.ask_all(asked), strict=True):
            places += [app, *map(tuple, inside or [])]
        return list(self._told_of(places))

    def _told_of(self, places: list[tuple[str, str]]) -> Iterator[Thing]:
        """What is said of each of these; what is gone meanwhile is left out, and so are rows of a
        list that is not on show (Qt calls them on show all the same)."""
        self._know([at for at in places if at not in self._fixed])
        name = ("ss", (_SAYS + "Accessible", "Name"))
        asked = [
            one for at in places for one in (
                (at, _PROPERTIES, "Get", *name),
                (at, "Accessible", "GetState", None, ()),
            )
        ]  # fmt: skip
        answers = self.bus.ask_all(asked)
        there = set(places)
        for at, said, state in zip(places, answers[::2], answers[1::2], strict=True):
            role, parent = self._fixed.get(at, ("", at))
            if said is None or state is None or (role in _ROWS and parent not in there):
                continue
            bits = state[0] | state[1] << 32
            states = frozenset(word for word, bit in _STATES.items() if bits >> bit & 1)
            if "showing" in states:
                yield Thing(at, role, said[1], states)

    def _know(self, new: list[tuple[str, str]]) -> None:
        """What never changes of a thing: its role, and what it stands in."""
        name = ("ss", (_SAYS + "Accessible", "Parent"))
        asked = [(at, "Accessible", "GetRoleName", None, ()) for at in new]
        asked += [(at, _PROPERTIES, "Get", *name) for at in new]
        answers = self.bus.ask_all(asked)
        for at, role, parent in zip(new, answers[: len(new)], answers[len(new) :], strict=True):
            if role is not None and parent is not None:
                self._fixed[at] = (role, tuple(parent[1]))

    # --- finding ------------------------------------------------------------------------

    def find(self, name: str, role: str = "", *, nth: int = 0) -> Thing:
        """Wait for something of this name (and role) that can be used; the nth of them."""

        def look() -> Thing | None:
            fits = [one for one in self.things() if _fits(one, name, role)]
            return fits[nth] if len(fits) > nth else None

        return self.until(look, f"{role} {name!r}")

    def soon(self, look: Callable[[], Any]) -> bool:
        """Whether there is something within the two seconds in which a person expects it."""
        end = time.monotonic() + 2
        while not look() and time.monotonic() < end:
            time.sleep(0.05)  # another process: there is no signal of ours to wait for
        return bool(look())

    def until(self, look: Callable[[], Any], what: str) -> Any:
        """Look until there is something; NotThere says what is on show instead."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            found = look()
            if found:
                return found
            time.sleep(0.05)  # another process: there is no signal of ours to wait for
        shown = "\n".join(f"{one} {self.label_of(one)}" for one in self.things() if one.name)
        raise NotThere(f"{what} is not there. There is:\n{shown}")

    def label_of(self, thing: Thing) -> str:
        """What stands beside it as its label. A box to choose from is named by what is chosen
        (Qt on Linux), and its label is told as a relation."""
        if thing.role != "combo box":
            return ""
        for kind, targets in self.bus.ask(thing.at, "Accessible", "GetRelationSet") or []:
            if kind == _LABELLED_BY and targets:
                name = ("ss", (_SAYS + "Accessible", "Name"))
                return str(self.bus.ask(tuple(targets[0]), _PROPERTIES, "Get", *name)[1])
        return ""

    def box(self, label: str) -> Thing:
        """Wait for the box to choose from that is labelled so."""

        def look() -> Thing | None:
            boxes = [one for one in self.things() if one.role == "combo box"]
            return next((one for one in boxes if self.label_of(one) == label), None)

        found: Thing = self.until(look, f"combo box {label!r}")
        return found

    def description(self, thing: Thing) -> str:
        """What is said of it beside its name: a hint, a problem."""
        asked = ("ss", (_SAYS + "Accessible", "Description"))
        return str(self.bus.ask(thing.at, _PROPERTIES, "Get", *asked)[1])

    def hear(self, words: str) -> str:
        """Wait until something on show is named so, in part; its whole name."""

        def look() -> str:
            return next((one.name for one in self.things() if words in one.name), "")

        return str(self.until(look, repr(words)))

    # --- doing --------------------------------------------------------------------------

    def press(self, name: str, role: str = "", *, nth: int = 0) -> None:
        """Do its first action: press a button, tick a box, choose a chip."""
        self.do(self.find(name, role, nth=nth))

    def do(self, thing: Thing) -> None:
        """Its press."""
        names = self.bus.ask(thing.at, "Action", "GetActions") or []
        wanted = [n for n, one in enumerate(names) if one[0] in ("Press", "Toggle", "press")]
        assert wanted, f"{thing} offers only {[one[0] for one in names]}"
        self.bus.ask(thing.at, "Action", "DoAction", "i", (wanted[0],))

    def focus(self, thing: Thing) -> None:
        """Give it the keyboard."""
        self.bus.ask(thing.at, "Component", "GrabFocus")

    def write(self, name: str, text: str, *, nth: int = 0) -> None:
        """Go into a field and put `text` there."""
        thing = self.find(name, "text", nth=nth)
        self.focus(thing)
        self.bus.ask(thing.at, "EditableText", "SetTextContents", "s", (text,))

    def key(self, symbol: int) -> None:
        """Press a key (an X keysym), as the reader's own keyboard would."""
        keys = ("org.a11y.atspi.Registry", "/org/a11y/atspi/registry/deviceeventcontroller")
        told = (symbol, "", _KEY_SYM)
        self.bus.ask(keys, "DeviceEventController", "GenerateKeyboardEvent", "isu", told)

    def choose(self, label: str, wanted: str) -> None:
        """Open a box to choose from, go down to `wanted` (how it begins), and take it."""
        box = self.box(label)
        if box.name.startswith(wanted):
            return
        self.focus(box)
        self.bus.ask(box.at, "Action", "DoAction", "i", (0,))

        def offered() -> list[str]:
            return [one.name for one in self.things() if one.role == "list item"]

        self.until(lambda: any(one.startswith(wanted) for one in offered()), repr(wanted))
        names = offered()
        here = names.index(box.name) if box.name in names else -1
        there = next(place for place, one in enumerate(names) if one.startswith(wanted))
        for _ in range(abs(there - here)):
            self.key(DOWN if there > here else UP)
        self.key(ENTER)
        self.until(lambda: self.box(label).name.startswith(wanted), f"{label}: {wanted}")

    def read(self, thing: Thing) -> str:
        """The text in it."""
        return str(self.bus.ask(thing.at, "Text", "GetText", "ii", (0, -1)) or "")


def _fits(thing: Thing, name: str, role: str) -> bool:
    said = thing.name.removesuffix(", required")
    return said == name and role in ("", thing.role) and "enabled" in thing.states
