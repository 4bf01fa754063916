"""What can be done with a record besides filling it: check, sign, print, hand over, attach."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from bt_desktop.form_engine.definition import say
from bt_desktop.services.results.copies import CopyLogRow, PrintedCopy
from bt_desktop.services.results.records import Signed
from bt_desktop.views.attachment_view import AttachmentView
from bt_desktop.views.attachments_page import AttachmentsPage
from bt_desktop.views.check_answers import CheckAnswers, SignedPage
from bt_desktop.views.feedback import Tone, choose_open
from bt_desktop.views.form_dialogs import KINDS, ChooseStaff, CopiesMade, HandOver
from bt_desktop.views.form_notices import NoticePane
from bt_desktop.views.form_versions import VersionDeeds
from bt_desktop.views.log_call import open_log_call
from bt_desktop.views.preview import PdfPreview
from bt_desktop.views.print_again import PrintAgain
from bt_desktop.views.print_choice import PrintChoice
from bt_desktop.views.receipt_sheet import ReceiptSheet
from bt_desktop.views.release import ReleasePage
from bt_desktop.views.sign import SignDialog

if TYPE_CHECKING:
    from bt_desktop.services.results.records import Attachment
    from bt_desktop.views.form_draft import Draft
    from bt_desktop.views.form_page import FormPage

MEDIA = {
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
}


class Deeds(QObject):
    """The deeds of one page; each hands its work to a lane and comes back to the page."""

    def __init__(self, page: FormPage) -> None:
        super().__init__(page)
        self._page = page
        self.sign_dialog: SignDialog | None = None
        self.release_page: ReleasePage | None = None
        self.versions = VersionDeeds(page)

    @property
    def _draft(self) -> Draft:
        assert self._page.draft is not None  # noqa: S101 - the head is shown only with a record
        return self._page.draft

    def do(self, deed: str) -> None:
        """Do what the head, a key or the signed page asked for."""
        deeds: dict[str, Callable[[], None]] = {
            **self.versions.deeds(),
            "check": self.check,
            "print": self.print_record,
            "school_copy": self.print_record,
            "osha_301": self.print_301,
            "parent_copy": self.prepare_parent_copy,
            "copies": self.copies_made,
            "hand_over": self.hand_over,
            "reported_by": self.reported_by,
            "statement": self.add_statement,
            "attach": self.attach,
            "papers": self.papers,
            "notice": self.log_call,
            "join_event": self._page.event_side.join,
            "take_out": self._page.event_side.take_out,
            "copy_requested": self.copy_requested,
        }
        deeds[deed]()

    # --- check and sign --------------------------------------------------------------------------

    def check(self) -> None:
        """The answers in the look of the print, then the signature."""
        key = self._part_to_sign()
        if key is not None:
            self.check_part(key)

    def check_part(self, key: str) -> None:
        """The answers of one part, in place of the form."""
        page = self._page
        page.flush()
        sheet = self.check_sheet(key)
        page.show_over(sheet)
        sheet.back_link.setFocus(Qt.FocusReason.OtherFocusReason)

    def check_sheet(self, key: str) -> CheckAnswers:
        """The page before the signature of one part."""
        page, draft = self._page, self._draft
        sheet = CheckAnswers(page.desk, draft, key, page)
        sheet.back.connect(lambda: page.show_form(sheet))

        def change(path: str) -> None:
            page.show_form(sheet)
            page.jump(path)

        sheet.change.connect(change)
        sheet.sign_asked.connect(lambda: self._sign(sheet))
        self.versions.tell_changes(sheet)
        return sheet

    def _part_to_sign(self) -> str | None:
        """The part of the section on show, where one may fill it; else the page's own part."""
        draft = self._draft
        shown = draft.part_state(draft.part_of(self._page.section))
        if shown is not None and shown.state == "open" and shown.may_edit:
            return shown.key
        own = [
            p.key
            for p in draft.record.parts
            if p.state == "open" and p.may_edit and p.part != "override"
        ]
        return draft.part_key if draft.part_key in own else (own[0] if own else None)

    def _sign(self, sheet: CheckAnswers) -> None:
        page = self._page
        page.flush()
        meaning = sheet.meaning()
        dialog = SignDialog(
            page.desk, page.workspace, page.record_id, sheet.part_key, meaning, page
        )
        self.sign_dialog = dialog
        dialog.signed.connect(lambda signed: self.signed(sheet, signed))
        dialog.elsewhere.connect(lambda problem: self.versions.another_record(sheet, problem))
        dialog.unfinished.connect(
            lambda _issues: sheet.banner.tell(
                "Something is still open. Go back to the form; the list says what.", Tone.WARN
            )
        )
        dialog.open()
        dialog.signature.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def signed(self, sheet: QWidget, signed: Signed) -> None:
        """A part is signed: read the record again, and say what comes next."""
        page = self._page
        new, self.versions.written_anew = self.versions.written_anew, ""
        if new:
            page.other_asked.emit(new)
            return
        title = say(self._draft.record.form.title)

        def make(draft: Draft) -> SignedPage:
            done = SignedPage(page.desk, signed, title, draft.record.may, page)
            done.back.connect(lambda: page.show_form(done))
            done.next_asked.connect(lambda deed: go_on(done, deed))
            return done

        def go_on(done: SignedPage, deed: str) -> None:
            page.show_form(done)
            self.do(deed)

        page.show_form(sheet)
        page.show_over_after_reload(make)

    # --- copies ----------------------------------------------------------------------------------

    def print_record(self) -> None:
        """The school's copy; of an unsigned record a DRAFT that is not sealed. Papers and photos
        are printed along where the person says so."""
        page = self._page
        page.flush()
        records, record_id = page.workspace.records, page.record_id
        if "read_papers" not in self._draft.record.may:
            self._make_copy(())
            return

        def ask(kept: tuple[Attachment, ...]) -> None:
            if not kept:
                self._make_copy(())
                return
            draft = self._draft.record.number is None
            choice = PrintChoice(page.desk, kept, draft=draft, parent=page)
            choice.chosen.connect(self._make_copy)
            choice.open()

        page.desk.tasks.run(page, lambda: records.attachments(record_id), ask)

    def _make_copy(self, files: tuple[str, ...]) -> None:
        page = self._page
        copies, record_id = page.workspace.copies, page.record_id
        unsigned = self._draft.record.number is None
        work = copies.draft_print if unsigned else copies.school_copy
        title = "Draft" if unsigned else "The school's copy"

        def show(copy: PrintedCopy) -> None:
            self.preview(copy, title)

        page.desk.tasks.run(page, lambda: work(record_id, files), show)

    def papers(self) -> None:
        """The papers and photos kept with the record."""
        page = self._page
        page.flush()
        kept = AttachmentsPage(
            page.desk, page.workspace, page.record_id, self._draft.record.may, page
        )

        def view(one: Attachment, data: bytes) -> None:
            shown = AttachmentView(page.desk, one, data, page)

            def leave() -> None:
                page.show_form(shown)
                page.show_over(kept)

            shown.back.connect(leave)
            page.show_over(shown)
            shown.leave.setFocus(Qt.FocusReason.OtherFocusReason)

        kept.back.connect(lambda: page.show_form(kept))
        kept.view_asked.connect(view)
        page.show_over(kept)
        kept.leave.setFocus(Qt.FocusReason.OtherFocusReason)

    def print_301(self) -> None:
        """The paper equivalent to Cal/OSHA 301 of a staff injury report."""
        page = self._page
        copies, record_id = page.workspace.copies, page.record_id

        def show(copy: PrintedCopy) -> None:
            self.preview(copy, "Equivalent to Cal/OSHA 301")

        page.desk.tasks.run(page, lambda: copies.osha_301(record_id), show)

    def preview(self, copy: PrintedCopy, title: str, back: Any = None) -> PdfPreview:
        """Show a copy; what becomes of it is written down."""
        page = self._page
        shown = PdfPreview(page.desk, copy, title, parent=page)
        copies = page.workspace.copies

        def mark(what: Any) -> None:
            page.desk.tasks.run(page, lambda: copies.mark(copy.copy_id, what))

        shown.became.connect(mark)
        mark("previewed")

        def leave() -> None:
            page.show_form(shown)
            if back is not None:
                page.show_over(back)

        shown.back.connect(leave)
        page.show_over(shown)
        shown.print_button.setFocus(Qt.FocusReason.OtherFocusReason)
        return shown

    def prepare_parent_copy(self) -> None:
        """Prepare the parent's copy."""
        self.parent_copy()

    def parent_copy(self) -> ReleasePage:
        """Open the page on which the parent's copy is prepared; hands it over."""
        page = self._page
        page.flush()
        release = ReleasePage(page.desk, page.workspace, page.record_id, page)
        self.release_page = release

        def leave() -> None:
            self.release_page = None
            page.show_form(release)

        def released(copy: PrintedCopy) -> None:
            leave()
            self.preview(copy, release.paper.label)

        release.back.connect(leave)
        release.previewed.connect(
            lambda copy: self.preview(copy, f"{release.paper.label}, as a draft", release)
        )
        release.released.connect(released)
        page.show_over(release)
        return release

    def copies_made(self) -> None:
        """The log of copies."""
        page = self._page
        copies, record_id = page.workspace.copies, page.record_id
        page.desk.tasks.run(
            page,
            lambda: copies.log(record_id),
            self._show_copies,
        )

    def _show_copies(self, rows: tuple[CopyLogRow, ...]) -> None:
        page = self._page
        made = CopiesMade(page.desk, rows, self._draft.local, page)
        made.receipt_asked.connect(self.receive)
        made.again_asked.connect(self.print_again)
        made.open()

    def receive(self, row: CopyLogRow) -> None:
        """Say who received a copy."""
        page = self._page
        sheet = ReceiptSheet(page.desk, page.workspace, page.record_id, row, page)
        sheet.saved.connect(lambda _: page.banner.tell("It is in the log of copies.", Tone.OK))
        sheet.open_sheet()

    def print_again(self, row: CopyLogRow) -> None:
        """Say why, and see the very copy once more."""
        page = self._page
        sheet = PrintAgain(page.desk, page.workspace, row, page)
        sheet.saved.connect(lambda copy: self.preview(copy, f"{KINDS[row.kind]}, again"))
        sheet.open_sheet()

    # --- people and papers -----------------------------------------------------------------------

    def hand_over(self) -> None:
        """Give the draft to a colleague, with a reason."""
        page = self._page
        page.flush()
        accounts = page.workspace.accounts

        def show(people: Any) -> None:
            dialog = HandOver(page.desk, page.workspace, page.record_id, people, page)
            dialog.done.connect(page.left_page)
            dialog.open()

        page.desk.tasks.run(page, accounts.list, show)

    def reported_by(self) -> None:
        """Say whose account it is."""
        page = self._page
        page.flush()
        dialog = ChooseStaff(page.desk, page.workspace, page.record_id, page.context, page)
        dialog.done.connect(page.reload)
        dialog.open()

    def add_statement(self) -> None:
        """Begin one's own statement in a colleague's record."""
        page = self._page
        records, record_id = page.workspace.records, page.record_id

        def begun(key: str) -> None:
            page.open_part(key)

        page.desk.tasks.run(page, lambda: records.add_statement(record_id), begun)

    def attach(self) -> None:
        """Keep the scan of the signed paper with the record, encrypted."""
        page = self._page
        path = choose_open(page, "Attach a scan", "PDF or picture (*.pdf *.png *.jpg *.jpeg)")
        if path is None:
            return
        media = MEDIA.get(path.suffix.lower())
        if media is None:
            page.banner.tell("Only PDF, PNG and JPEG files can be attached.", Tone.WARN)
            return
        records, record_id = page.workspace.records, page.record_id

        def work() -> Any:
            return records.attach(record_id, path.name, media, _bytes_of(path), "signed_paper")

        page.desk.tasks.run(
            page,
            work,
            lambda kept: page.banner.tell(
                f"Attached ({kept.size // 1024 + 1} KB) and encrypted with the record. "
                "The file outside stays where it was; delete it if it should not lie there.",
                Tone.OK,
            ),
        )

    def copy_requested(self) -> None:
        """A parent asked for a copy: its clock starts now."""
        page = self._page
        deadlines, record_id = page.workspace.deadlines, page.record_id

        def tell(started: bool) -> None:
            page.banner.tell(
                "Written down. The day by which the parent must have it stands at the right."
                if started
                else "Written down nowhere: the rules in force set no day for a copy.",
                Tone.OK if started else Tone.INFO,
            )
            page.aside.deadlines.refresh()

        page.desk.tasks.run(page, lambda: deadlines.copy_requested(record_id), tell)

    def log_call(self) -> None:
        """Go to the log of calls, and log one."""
        page = self._page
        page.flush()
        for section in self._draft.sections():
            if self._draft.is_log(section.name):
                page.open_section(section.name)
                break
        if "add_notice" in self._draft.record.may:
            open_log_call(page.desk, page.workspace, page.record_id, page, self._logged)

    def _logged(self, _notice: object) -> None:
        pane = self._page.pane
        if isinstance(pane, NoticePane):
            pane.reload()


def _bytes_of(path: Path) -> bytes:
    from bt_desktop.errors import KnownError

    try:
        return path.read_bytes()
    except OSError:
        raise KnownError(
            "scan-not-read",
            "The chosen file could not be read.",
            "Check that it is still there, then attach it again.",
        ) from None
