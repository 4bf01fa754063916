"""Looks through this program's own memory (Linux) for bytes, without making copies of them."""

from __future__ import annotations

import re

HIDDEN = 0x5A
"""What is looked for is kept masked: it must not lie in memory for that alone."""
_BUFFER = bytearray(1 << 20)  # emptied after each look, or the search finds its own copies
_BEGINS, _ENOUGH = 4, 12


def masked(secret: bytes | bytearray) -> bytes:
    """A secret as it is handed to `copies`."""
    return bytes(byte ^ HIDDEN for byte in secret)


def copies(hidden: bytes) -> int:
    """How often the beginning of a masked secret lies in memory that can be written."""
    count = 0
    with open("/proc/self/maps", encoding="utf-8") as maps:
        lines = maps.readlines()
    for line in lines:
        place = re.match(r"([0-9a-f]+)-([0-9a-f]+) rw", line)
        if not place or "[v" in line:
            continue
        start, end = int(place[1], 16), int(place[2], 16)
        with open("/proc/self/mem", "rb", 0) as memory:
            for at in range(start, end, len(_BUFFER) - 64):
                memory.seek(at)
                try:
                    size = memory.readinto(memoryview(_BUFFER)[: end - at])  # type: ignore[attr-defined]  # unbuffered
                    count += _look(size, hidden)
                except OSError:  # a guard page
                    continue
                _BUFFER[:] = bytes(len(_BUFFER))
    return count


def _look(size: int, hidden: bytes) -> int:
    found, at = 0, -1
    begins = bytes(byte ^ HIDDEN for byte in hidden[:_BEGINS])  # too little to be counted itself
    while (at := _BUFFER.find(begins, at + 1, size)) >= 0:
        found += all(
            at + i < size and _BUFFER[at + i] ^ HIDDEN == hidden[i] for i in range(_BEGINS, _ENOUGH)
        )
    return found
