"""Files kept with a record: looked at, small pictures beside them, printed only when asked."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from bt_desktop.errors import Denied
from bt_desktop.paper.verify import verify
from bt_desktop.services import attachments
from bt_desktop.services.problems import AttachmentRefused, NoSuchRecord
from bt_desktop.services.workspace import Workspace
from tests.factory import School, fill, signed_report
from tests.services.picture_maker import LATITUDE, bomb, jpeg, png


def paper(text: str = "Slip signed by Rosa", pages: int = 1, turned: int = 0) -> bytes:
    """A PDF of our own."""
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(300, 420))
    for number in range(pages):
        canvas.drawString(40, 200, f"{text} {number + 1}")
        canvas.showPage()
    canvas.save()
    if not turned:
        return out.getvalue()
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(out.getvalue())))
    for page in writer.pages:
        page.rotate(turned)
    again = io.BytesIO()
    writer.write(again)
    return again.getvalue()


def texts(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


@pytest.fixture
def dana(school: School) -> Workspace:
    """The author of a record."""
    return school.sign_in("dana")


@pytest.fixture
def record(school: School, dana: Workspace) -> str:
    """Her draft."""
    made = dana.records.start()
    fill(school, dana, made)
    return made


def test_a_photo_is_kept_as_it_was_handed_in(dana: Workspace, record: str) -> None:
    data = jpeg(gps=True)
    kept = dana.records.attach(record, "door.jpg", "image/jpeg", data, "photo")
    assert dana.records.attachment_data(kept.id) == data  # evidence: to the byte
    [thumb] = dana.records.attachment_thumbs(record).values()
    assert LATITUDE not in thumb
    assert len(thumb) < len(data) + 5000


def test_thumbs_are_of_pictures_that_can_be_shown(dana: Workspace, record: str) -> None:
    dana.records.attach(record, "a.pdf", "application/pdf", paper(), "signed_slip")
    dana.records.attach(record, "broken.jpg", "image/jpeg", jpeg()[:300], "photo")
    good = dana.records.attach(record, "ok.png", "image/png", png(), "witness")
    assert list(dana.records.attachment_thumbs(record)) == [good.id]


def test_a_bomb_is_refused(dana: Workspace, record: str) -> None:
    with pytest.raises(AttachmentRefused) as refused:
        dana.records.attach(record, "x.png", "image/png", bomb(), "photo")
    assert refused.value.code == "attachment-pixels"


def test_a_record_has_a_limit(
    dana: Workspace, record: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attachments, "MOST_FILES", 2)
    for number in range(2):
        dana.records.attach(record, f"{number}.png", "image/png", png(), "photo")
    with pytest.raises(AttachmentRefused) as refused:
        dana.records.attach(record, "3.png", "image/png", png(), "photo")
    assert refused.value.code == "attachments-many"
    monkeypatch.setattr(attachments, "MOST_FILES", 9)
    monkeypatch.setattr(attachments, "MOST_TOGETHER", 100)
    with pytest.raises(AttachmentRefused) as refused:
        dana.records.attach(record, "4.png", "image/png", png(), "photo")
    assert refused.value.code == "attachments-heavy"


def test_others_neither_see_nor_open_it(school: School, dana: Workspace) -> None:
    record = dana.records.start()
    kept = dana.records.attach(record, "a.png", "image/png", png(), "photo")
    priya = school.sign_in("priya").records
    for look in (priya.attachments, priya.attachment_thumbs):
        with pytest.raises(NoSuchRecord):
            look(record)
    with pytest.raises(NoSuchRecord):
        priya.attachment_data(kept.id)


def test_opening_saving_and_printing_are_in_the_trail(
    school: School, dana: Workspace, record: str
) -> None:
    kept = dana.records.attach(record, "a.pdf", "application/pdf", paper(), "signed_slip")
    dana.records.attachment_data(kept.id)
    dana.records.attachment_data(kept.id, saving=True)
    dana.copies.draft_print(record, [kept.id])
    entries = school.sign_in("tom").log.entries(limit=20)
    deeds = [one.action for one in entries if one.object == f"attachment:{kept.id}"]
    assert sorted(deeds) == [
        "attachment.add", "attachment.open", "attachment.print", "attachment.save",
    ]  # fmt: skip


@pytest.mark.parametrize("form", ["restraint", "incident", "first_aid"])
def test_every_form_takes_attachments(school: School, form: str) -> None:
    w = school.sign_in("tom")
    if form not in {one.form for one in w.records.forms()}:
        pytest.skip("this form is not there yet")
    made = w.records.start(form)
    kept = w.records.attach(made, "a.pdf", "application/pdf", paper(), "witness")
    copy = w.copies.draft_print(made, [kept.id])
    assert "Slip signed by Rosa 1" in texts(copy.pdf)[-1]
    assert "Witness paper" in texts(copy.pdf)[-1]


def test_a_sealed_copy_with_and_without(school: School) -> None:
    record = signed_report(school)
    tom = school.sign_in("tom")
    records = tom.records
    slip = records.attach(record, "slip.pdf", "application/pdf", paper(pages=2), "signed_slip")
    photo = records.attach(record, "door.jpg", "image/jpeg", jpeg(gps=True), "photo")
    plain = tom.copies.school_copy(record)
    whole = tom.copies.school_copy(record, [slip.id, photo.id])
    before, after = texts(plain.pdf), texts(whole.pdf)
    assert len(after) == len(before) + 3
    assert not any("Slip signed" in text for text in before)
    assert "Slip signed by Rosa 1" in after[-3]
    assert "Slip signed by Rosa 2" in after[-2]
    assert "Attachment 2: door.jpg" in after[-1]
    for text in after[-3:]:
        assert f"of {len(after)}" in text.replace("\n", "")  # our foot, on every page
    assert LATITUDE not in whole.pdf
    assert verify(whole.pdf, tom.copies.school_ca_pem()).kind == "genuine"


def test_a_turned_page_prints_upright(dana: Workspace, record: str) -> None:
    kept = dana.records.attach(record, "t.pdf", "application/pdf", paper(turned=90), "other")
    copy = dana.copies.draft_print(record, [kept.id])
    page = PdfReader(io.BytesIO(copy.pdf)).pages[-1]
    assert (float(page.mediabox.width), float(page.mediabox.height)) == (612, 792)
    assert "Slip signed" in page.extract_text()


def test_what_annotations_show_is_printed_and_nothing_else_comes_along(
    dana: Workspace, record: str
) -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(paper())))
    writer.add_annotation(0, FreeText(text="Typed over it", rect=(20, 20, 200, 60)))
    script = {NameObject("/S"): NameObject("/JavaScript"),
              NameObject("/JS"): TextStringObject("app.alert('boo')")}  # fmt: skip
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(script)
    out = io.BytesIO()
    writer.write(out)
    kept = dana.records.attach(record, "n.pdf", "application/pdf", out.getvalue(), "other")
    copy = dana.copies.draft_print(record, [kept.id])
    assert b"app.alert" not in copy.pdf
    page = PdfReader(io.BytesIO(copy.pdf)).pages[-1]
    assert "/Annots" not in page


@pytest.mark.parametrize(
    "data",
    [b"%PDF-1.7 not really", b"%PDF-1.4\n" + b"\x00" * 500, jpeg()[:300]],
    ids=["words", "zeros", "half a photo"],
)
def test_what_cannot_be_printed_is_said_on_its_page(
    dana: Workspace, record: str, data: bytes
) -> None:
    kept = dana.records.attach(record, "odd", "application/pdf", data, "other")
    copy = dana.copies.draft_print(record, [kept.id])
    assert "could not be printed" in " ".join(texts(copy.pdf)[-1].split())


def test_a_locked_pdf_is_said_too(dana: Workspace, record: str) -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(paper())))
    writer.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    kept = dana.records.attach(record, "l.pdf", "application/pdf", out.getvalue(), "other")
    copy = dana.copies.draft_print(record, [kept.id])
    assert "locked or damaged" in " ".join(texts(copy.pdf)[-1].split())


def test_a_file_of_another_record_is_not_printed(
    school: School, dana: Workspace, record: str
) -> None:
    other = dana.records.start()
    kept = dana.records.attach(other, "a.png", "image/png", png(), "photo")
    with pytest.raises(NoSuchRecord):
        dana.copies.draft_print(record, [kept.id])


def test_the_front_office_prints_without_what_it_may_not_open(school: School) -> None:
    record = signed_report(school)
    kept = school.sign_in("tom").records.attach(record, "a.png", "image/png", png(), "photo")
    olga = school.sign_in("olga").copies
    assert olga.school_copy(record).sealed
    with pytest.raises(Denied):
        olga.school_copy(record, [kept.id])
