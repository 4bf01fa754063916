"""A program of its own that works in a vault: `python -m faults._session BASE DEED...`.

BASE is a pickled `Base`. Every line on its standard output is one JSON object: what was said
before and after each deed. It is run under `strace` (power cuts) and under `fiu-run` (I/O errors).
"""

from __future__ import annotations

import os
import pickle
import sys
from pathlib import Path

from bt_desktop.errors import KnownError
from faults._child import saying
from faults._school import Hands


def main() -> int:
    """0: all done · 4: a known error stopped a deed (said as `told`) · 1: it fell over."""
    base = pickle.loads(Path(sys.argv[1]).read_bytes())  # noqa: S301 - our own file
    say = saying(1)
    hands = Hands(base, say)
    try:
        for deed in sys.argv[2:]:
            hands.do(deed)
    except KnownError as problem:
        say(told=str(problem), code=problem.code)
        return 4
    return 0


if __name__ == "__main__":
    os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
    sys.exit(main())
