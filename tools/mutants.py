"""Change the code one small thing at a time and see whether a story notices: `make mutants`.

mutmut works in a copy under build/mutants, one file of the program at a time with the stories that
are about it. What survives is compared with docs/mutants.md, where each survivor that cannot be
told apart is named with its reason; any other is a finding.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SCRATCH = ROOT / "build" / "mutants"
PAGE = ROOT / "docs" / "mutants.md"
COPIED = ("bt_desktop", "tests", "forms", "resources", "tools", "pyproject.toml")
SECURITY = "tests/security/test_"
TARGETS = {
    "security/throttle.py": ["throttle_edges", "throttle_clock", "vault_door"],
    "security/recovery.py": ["recovery_sheet", "vault_accounts"],
    "security/slots.py": ["key_file", "vault_door", "vault_accounts"],
    "security/signing.py": ["signatures", "audit_chain"],
    "security/kdf.py": ["hardening", "vault_door"],
    "security/passwords.py": ["new_passwords"],
    "security/keys.py": ["keys_in_memory", "vault_door"],
    "security/atomic.py": ["atomic_writes"],
    "services/privacy_near.py": ["tests/services/test_privacy_net.py"],
    "services/privacy_tokens.py": [
        "tests/services/test_privacy_tokens.py",
        "tests/services/test_privacy_net.py",
    ],
    "services/privacy_words.py": ["tests/services/test_privacy_net.py"],
    "services/privacy_net.py": [
        "tests/services/test_privacy_net.py",
        "tests/services/test_privacy_tokens.py",
    ],
}
_CONFIG = """[mutmut]
source_paths = bt_desktop
only_mutate = bt_desktop/{target}
also_copy =
    tests
    forms
    resources
    tools
    pyproject.toml
pytest_add_cli_args =
    -p
    no:randomly
    -p
    no:xdist
    -q
pytest_add_cli_args_test_selection =
{tests}
use_setproctitle = false
"""


def stories(target: str) -> list[str]:
    """The files of stories that look at this file of the program."""
    return [one if "/" in one else f"{SECURITY}{one}.py" for one in TARGETS[target]]


def run(target: str) -> tuple[int, list[str]]:
    """How many changes were tried, and the names of those that no story noticed."""
    place = SCRATCH / target.replace("/", "-").removesuffix(".py")
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(
                source, place / name, ignore=shutil.ignore_patterns("__pycache__", "zoo")
            )
        else:
            shutil.copy(source, place / name)
    tests = "\n".join(f"    {one}" for one in stories(target))
    (place / "setup.cfg").write_text(_CONFIG.format(target=target, tests=tests), "utf-8")
    mutmut = str(Path(sys.executable).with_name("mutmut"))
    log = place / "log.txt"
    with log.open("w") as out:
        subprocess.run([mutmut, "run", "--max-children", "2"], cwd=place, stdout=out,
                       stderr=subprocess.STDOUT, check=False)  # fmt: skip
    told = subprocess.run(
        [mutmut, "results", "--all", "true"], cwd=place, capture_output=True, text=True, check=False
    ).stdout
    states = dict(re.findall(r"^\s+(\S+): (.+)$", told, re.MULTILINE))
    return len(states), [f"{name}: {state}" for name, state in states.items() if state != "killed"]


def main() -> int:
    """`mutants.py [TARGET…]`; 1 where a survivor is not explained on the page."""
    explained = PAGE.read_text("utf-8") if PAGE.exists() else ""
    wrong = 0
    for target in sys.argv[1:] or TARGETS:
        tried, left = run(target)
        new = [one for one in left if one.split(":")[0] not in explained]
        wrong += len(new) + (tried == 0)
        print(f"{target}: {tried} tried, {tried - len(left)} noticed, {len(left)} not", flush=True)
        for one in left:
            print(f"  {'explained' if one not in new else 'OPEN     '} {one}", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
