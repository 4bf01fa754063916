"""The README says what is there: commands, make targets, pictures, decisions."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from bt_desktop.cli import build_parser

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text("utf-8")


def _commands(parser: argparse.ArgumentParser, before: str = "") -> set[str]:
    """Every command of the command line, deeds with their command ("forms check")."""
    found: set[str] = set()
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, inner in action.choices.items():
                found |= _commands(inner, f"{before} {name}".strip()) or {
                    f"{before} {name}".strip()
                }
    return found


def test_every_command_stands_in_the_readme_and_the_other_way_round() -> None:
    there = _commands(build_parser())
    rows = re.findall(r"^\| `bt-desktop ([^`]+)`", README, re.MULTILINE)
    told = {command for command in there for row in rows if re.match(rf"\[?{command}\b", row)}
    assert told == there
    assert len(rows) == len(there), "a row of the README names no command"


def test_every_make_target_in_the_readme_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z]+)\b", README)) <= targets


def test_every_picture_and_page_that_is_linked_is_there() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_every_decision_has_its_four_parts() -> None:
    for page in (ROOT / "docs/decisions").glob("[0-9]*.md"):
        text = page.read_text("utf-8")
        for part in ("Context", "Decision", "Consequences", "Alternatives"):
            assert f"**{part}.**" in text or f"## {part}" in text, f"{page.name}: {part}"


def test_every_story_that_security_names_is_there() -> None:
    text = (ROOT / "SECURITY.md").read_text("utf-8")
    named = re.findall(r"`((?:tests/[\w/]+|test_\w+)(?:\.py)?)`", text)
    assert len(named) > 10
    known = {path.name for path in (ROOT / "tests").rglob("*.py")}
    lost = [one for one in named if not (ROOT / one).exists() and one not in known]
    assert lost == []
    links = re.findall(r"\]\(([^)#]+)\)", text)
    assert [link for link in links if not (ROOT / link).exists()] == []
