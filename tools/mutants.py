"""Change the code one small thing at a time and see whether a story notices: `make mutants`.

mutmut makes the changes of each file, `mutants_warm` tries them on the stories that are about it.
What survives is compared with docs/mutants.md, where each survivor that cannot be told apart is
named with its reason; any other is a finding. A few kinds of changes are left out by rule (RULES);
the page says why, and how many.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from mutants_warm import ENDLESS, KEPT, NOTICED, ROOT, Changed, attempt, changed

PAGE = ROOT / "docs" / "mutants.md"
RESULTS = KEPT / "results"

DOOR = ["key_file", "vault_door", "vault_accounts", "key_edges", "vault_edges"]
NAMES = ["tests/services/test_privacy_net.py", "tests/services/test_privacy_tokens.py",
         "tests/services/test_privacy_edges.py",
         "tests/services/test_privacy_net_edges.py"]  # fmt: skip
TARGETS: dict[str, list[str]] = {
    "security/slots.py": [*DOOR, "signatures"],
    "security/keys.py": [*DOOR, "keys_in_memory", "keys_gone"],
    "security/keyfile.py": ["key_file_edges", *DOOR],
    "security/signing.py": ["signatures", "key_edges"],
    "security/audit.py": ["audit_edges", "audit_chain", "trail_edges"],
    "security/anchors.py": ["anchors_outside", "trail_edges"],
    "security/watermark.py": ["trail_edges", "tests/trail/test_tampering.py"],
    "security/rotation.py": [
        "rotation_edges",
        "turning_edges",
        "tests/services/test_key_change.py",
    ],
    "security/recovery.py": ["recovery_sheet", "key_edges", "vault_accounts"],
    "security/pin.py": ["pin_edges", "tests/services/test_pin.py"],
    "security/kdf.py": ["hardening", "kdf_edges"],
    "security/throttle.py": ["throttle_edges", "throttle_clock", "vault_door"],
    "security/device.py": ["keyring", "device_edges"],
    "security/vault.py": [*DOOR, "pin_edges"],
    "security/accounts.py": ["account_edges", *DOOR],
    "security/permissions.py": ["permissions_table", "permission_edges"],
    "security/health_keys.py": ["health_edges"],
    "security/emergency.py": ["emergency", "emergency_edges"],
    "security/backup.py": ["backup_edges", "problem_edges"],
    "security/replacing.py": ["backup_edges", "turning_edges", "problem_edges"],
    "security/atomic.py": ["atomic_writes", "atomic_edges"],
    "security/passwords.py": ["new_passwords", "password_edges"],
    "security/problems.py": [*DOOR, "problem_edges"],
    "services/privacy_net.py": NAMES,
    "services/privacy_tokens.py": NAMES,
    "services/privacy_words.py": NAMES,
    "services/privacy_near.py": NAMES,
    "services/privacy.py": NAMES,
    "services/privacy_settle.py": NAMES,
    "services/privacy_people.py": ["tests/services/test_privacy_people_edges.py"],
    "services/privacy_offers.py": NAMES,
    "services/privacy_joins.py": NAMES,
    "services/privacy_index.py": NAMES,
}


def _only_case(lines: Sequence[str], what: str) -> bool:
    """One line differs, in nothing but capitals, and says `what`."""
    return (
        len(lines) == 2
        and lines[0][1:].lower() == lines[1][1:].lower()
        and re.search(what, lines[0]) is not None
    )


def _only_text_of(lines: Sequence[str], what: str) -> bool:
    """One line differs, in the text of a string alone, and says `what`."""
    if len(lines) != 2 or not re.search(what, lines[0]):
        return False
    bare = [re.sub(r'"[^"]*"', '""', one[1:]).replace("(None)", '("")') for one in lines]
    return bare[0] == bare[1]


def _quiet(line: str) -> str:
    """The line without what Python takes anyway: `strict=False`, and "big" since 3.11."""
    return re.sub(r',\s*(strict=(False|None)|"big")?\s*\)', ")", line[1:])


def _without_number(lines: Sequence[str]) -> bool:
    """32 random bytes, asked for without saying how many."""
    if len(lines) != 2:
        return False
    bare = re.sub(r"token_bytes\((_KEY_BYTES|32)\)", "token_bytes(None)", lines[0][1:])
    return bare == lines[1][1:] and bare != lines[0][1:]


RULES: dict[str, Callable[[Sequence[str]], bool]] = {
    "codec": lambda lines: _only_case(lines, r'"(utf-8|ascii|sha256|surrogatepass)"'),
    "sql": lambda lines: _only_case(lines, r'"(SELECT|PRAGMA|ATTACH|DETACH|INSERT|UPDATE|DELETE)'),
    "bug": lambda lines: _only_text_of(lines, r"raise (ValueError|RuntimeError|TypeError)\("),
    "elsewhere": lambda lines: (
        _only_text_of(lines, r"sys\.platform == ") or any("msvcrt." in one for one in lines)
    ),
    "said aloud": lambda lines: len(lines) == 2 and _quiet(lines[0]) == _quiet(lines[1]),
    "chance": _without_number,
    "at once": lambda lines: any("yield_per=" in one for one in lines),
}
"""Changes that are not tried: what the page says about each, under "By rule"."""


def rule_for(file: Changed, name: str) -> str | None:
    """The rule that leaves a change out."""
    if "pragma: no cover" in file.form(name).split("\n", 1)[0]:
        return "elsewhere"
    lines = file.difference(name)
    return next((rule for rule, fits in RULES.items() if fits(lines)), None)


def stories(targets: Iterable[str]) -> list[str]:
    """The files of stories that look at these files of the program."""
    short = dict.fromkeys(one for target in targets for one in TARGETS[target])
    paths = [one if "/" in one else f"tests/security/test_{one}.py" for one in short]
    return [one for one in paths if (ROOT / one).exists()]


class Kept:
    """What former runs found: a change that was noticed stays noticed while its function stays."""

    def __init__(self, files: Iterable[Changed]) -> None:
        self._states: dict[str, dict[str, list[str]]] = {}
        for file in files:
            path = RESULTS / f"{file.module}.json"
            known = json.loads(path.read_text("utf-8")) if path.exists() else {}
            self._states[file.module] = known

    def state(self, file: Changed, name: str) -> str | None:
        """What was found of this change of this function."""
        known = self._states[file.module].get(name)
        return known[1] if known is not None and known[0] == file.digest(name) else None

    def put(self, file: Changed, name: str, state: str) -> None:
        """Written at once: a run may be stopped."""
        states = self._states[file.module]
        states[name] = [file.digest(name), state]
        RESULTS.mkdir(parents=True, exist_ok=True)
        path = RESULTS / f"{file.module}.json"
        part = path.with_suffix(".part")
        part.write_text(json.dumps(states, indent=0, sort_keys=True), "utf-8")
        part.replace(path)


def report(files: dict[str, Changed], kept: Kept, explained: str) -> int:
    """Print what was found for each file; how many survivors nobody explained."""
    wrong = 0
    for target, file in files.items():
        ruled: Counter[str] = Counter()
        states: Counter[str] = Counter()
        lines: list[str] = []
        for name in file.names:
            rule = rule_for(file, name)
            if rule is not None:
                ruled[rule] += 1
                continue
            state = kept.state(file, name) or "not tried"
            states[state] += 1
            if state in (NOTICED, ENDLESS):
                continue
            known = f"`{name}`" in explained
            states["explained" if known else "open"] += 1
            lines.append(f"  {'explained' if known else 'OPEN'} {name}: {state}")
            lines += [] if known else [f"      {one}" for one in file.difference(name)]
        wrong += states["open"] + (not file.names and target != "security/problems.py")
        noticed = states[NOTICED] + states[ENDLESS]
        by_rule = ", ".join(f"{rule} {count}" for rule, count in sorted(ruled.items()))
        print(
            f"{target}: {len(file.names)} changes, {sum(ruled.values())} by rule ({by_rule}), "
            f"{noticed} noticed, {states['explained']} explained, {states['open']} open"
        )
        print("\n".join(lines), flush=True)
    return wrong


def shared(files: dict[str, Changed], explained: str) -> list[str]:
    """Explained changes that go by the same name in two files: the reason holds for one of them."""
    times = Counter(name for file in files.values() for name in file.names)
    return [name for name, count in times.items() if count > 1 and f"`{name}`" in explained]


def main() -> int:
    """`mutants.py [TARGET…]`; 1 where a survivor is not explained on the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="security/slots.py …")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--left", action="store_true", help="only what was not noticed before")
    parser.add_argument("--told", action="store_true", help="only tell what former runs found")
    parser.add_argument("--stories", nargs="*", help="these files of stories instead")
    asked = parser.parse_args()
    targets = asked.targets or list(TARGETS)
    files = {target: changed(target) for target in targets}
    kept = Kept(files.values())
    by_module = {file.module: file for file in files.values()}
    wanted: dict[str, list[str]] = {}
    for file in files.values():
        for name in file.names:
            known = kept.state(file, name) if asked.left else None
            if known not in (NOTICED, ENDLESS) and rule_for(file, name) is None:
                wanted.setdefault(file.module, []).append(name)

    def tell(module: str, name: str, state: str) -> None:
        kept.put(by_module[module], name, state)

    if wanted and not asked.told:
        chosen = asked.stories or stories(targets)
        every = [files.get(target) or changed(target) for target in TARGETS]
        unfit = attempt(every, wanted, chosen, asked.workers, tell)
        for one in unfit:
            print(f"does not pass under the switch: {one}")
    explained = PAGE.read_text("utf-8")
    ambiguous = shared(files, explained)
    for one in ambiguous:
        print(f"explained, but in two files: {one}")
    return 1 if report(files, kept, explained) or ambiguous else 0


if __name__ == "__main__":
    raise SystemExit(main())
