"""A school's authority, its sealed copies, and one small page, made once."""

from __future__ import annotations

import pytest

from bt_desktop.paper.content import Narrative, Title
from bt_desktop.paper.layout import Sheet, build
from bt_desktop.paper.parent_copy import parent_copy
from bt_desktop.paper.report import school_copy
from bt_desktop.paper.seal import Authority, make_school_authority, seal
from tests.paper import story


def sealed(pdf: bytes, by: Authority) -> bytes:
    """The PDF, sealed the morning after the event."""
    made = story.at(9, 40, day=13)
    return seal(pdf, by.seal_cert_pem, by.seal_key_pem, by.ca_cert_pem, made)


def small_page(text: str = "One line.") -> bytes:
    """A page with next to nothing on it, and no square code."""
    sheet = Sheet("BER-2026-0001", record_number="BER-2026-0001", record_digest=story.DIGEST)
    blocks = [Title("Small"), Narrative(text)]
    return build(blocks, story.HEAD, story.mark(qr_payload=""), sheet)


@pytest.fixture(scope="session")
def authority() -> Authority:
    """The seal of the school in the story."""
    return make_school_authority(story.HEAD.school_name, story.at(7, 40))


@pytest.fixture(scope="session")
def school_pdf() -> bytes:
    """The school's copy, not sealed."""
    return school_copy(story.document(), story.HEAD, story.mark())


@pytest.fixture(scope="session")
def parent_pdf() -> bytes:
    """The mother's copy, not sealed."""
    mark = story.mark("parent")
    return parent_copy(story.document(), story.HEAD, mark, story.PARENT_TEXT, story.CONTACT)


@pytest.fixture(scope="session")
def sealed_small(authority: Authority) -> bytes:
    """A small page, sealed."""
    return sealed(small_page(), authority)


@pytest.fixture(scope="session")
def sealed_school(school_pdf: bytes, authority: Authority) -> bytes:
    """The school's copy, sealed."""
    return sealed(school_pdf, authority)
