"""Which scene shows which page or sheet, where else one is shown, and what is excused, and why."""

from __future__ import annotations

EXCUSED = {
    "QPdfView": "Qt gives a view of a PDF no role; it is named, and the PDF itself is tagged text "
    "that a reader opens from Save.",
}
"""What a check may find all the same, by how its report begins."""

SHOWN: dict[str, tuple[str, ...]] = {
    "at_the_door": (
        "CoverPage",
        "KeyStep",
        "RecoveryPage",
        "UnlockPage",
    ),
    "backups": (
        "BackupsSection",
        "LeavingPage",
        "RestoreSheet",
        "SettingsPage",
    ),
    "board": (
        "EmergencyPage",
        "FinishEmergency",
        "TodaySection",
    ),
    "checking": ("VerifyWindow",),
    "counter": (
        "HealthPage",
        "VisitSheet",
        "VisitsSection",
    ),
    "deadlines": (
        "CalendarSection",
        "DeadlinesPage",
        "ImportSheet",
        "ReasonSheet",
    ),
    "dialogs": (
        "AddStaff",
        "BellSheet",
        "DoneSheet",
        "MoveSheet",
        "ReceiptSheet",
        "SignDialog",
        "TermSheet",
    ),
    "events": (
        "AlsoSheet",
        "JoinSheet",
        "StartSheet",
    ),
    "finding": ("RecordsPage",),
    "first_run": (
        "AdministratorStep",
        "ConfirmStep",
        "DoneStep",
        "HomePage",
        "RecoveryStep",
        "RosterStep",
        "RulesStep",
        "SchoolStep",
        "StudentsPage",
        "WelcomeStep",
    ),
    "form": (
        "LogCall",
        "NoticesPage",
    ),
    "gates": (
        "CopiesMade",
        "FormPage",
        "PrintAgain",
        "ReleasePage",
    ),
    "health_orders": (
        "ContainerSheet",
        "OrderSheet",
        "OrdersSection",
        "ParentSheet",
        "PrescriberSheet",
        "ReviewSheet",
        "StepSheet",
        "StudentHealthPage",
    ),
    "health_papers": (
        "CalledSheet",
        "GotSheet",
        "PacketSheet",
        "PaperSheet",
        "PapersSection",
        "TakeOutSheet",
        "WaiveSheet",
    ),
    "health_stock": (
        "CountSheet",
        "DestroySheet",
        "LotPage",
        "ReceiveSheet",
        "SetRightSheet",
        "StockSection",
    ),
    "health_trips": (
        "AwaySection",
        "AwaySheet",
        "CarrySection",
        "ComeBackSheet",
        "DelegationSection",
        "DelegationSheet",
        "DoseSheet",
        "ItemSheet",
        "SendSheet",
        "TripPage",
        "TripSheet",
        "TripsSection",
        "YearEndSection",
    ),
    "in_emergencies": (
        "CardPage",
        "CardSheet",
        "CardsSection",
        "FinishSheet",
        "GlassPage",
        "GlassSheet",
        "NotesSection",
        "ReviewGlassSheet",
    ),
    "inside": (
        "KeysSection",
        "AccountsSection",
        "ComputerSection",
        "DeadlinePanel",
        "HoldsSection",
        "KeysSheet",
        "LogSection",
        "MedicineSection",
        "RosterPage",
        "SchoolSection",
        "StaffSection",
    ),
    "held": ("HeldPage", "KnownSheet"),
    "keys": ("CloseAccountSheet", "KeySheet", "PinSheet"),
    "locked_note": (
        "AppWindow",
        "NightNotePage",
    ),
    "months": (
        "CloseAllSheet",
        "CloseSheet",
        "DosePanel",
        "MonthPage",
        "MonthsSection",
        "NoteSheet",
    ),
    "people": (
        "AttachmentsPage",
        "CaseloadSheet",
        "PrintChoice",
        "YearPage",
    ),
    "reviewed": (
        "AmendSheet",
        "ComparePage",
        "ReviewPage",
    ),
    "seen": (
        "AccessPage",
        "AccessSection",
        "ExportSheet",
        "PdfPreview",
        "PurposeSheet",
        "StudentPage",
        "ViewSheet",
    ),
    "sheets": (
        "AccountSheet",
        "CrashSheet",
        "GuardianSheet",
        "HealthSheet",
        "StaffSheet",
        "StudentSheet",
    ),
    "staff_injury": ("ViolenceSection",),
}
"""Each page or sheet by the act of `tools/screens.py` that must show it."""

BASES = frozenset(
    (
        "DaysSheet", "HintedSheet", "LedgerSheet", "Page", "PaperPage", "Sheet", "SignedSheet",
        "SigningSheet", "Step", "StepSheet",
    )
)  # fmt: skip
"""What is never shown itself."""

NO_SCENE_YET = {
    "PasswordAgainSheet": "tests/views/test_pin_window.py",
    "AddPerson": "tests/views/test_form_deeds.py",
    "AsideSheet": "tests/views/test_health_notes.py",
    "BackSheet": "tests/views/test_health_trips.py",
    "ChooseStaff": "tests/views/test_form_deeds.py",
    "EndSheet": "tests/views/test_health_delegation.py",
    "ExceptionSheet": "tests/views/test_import_people.py",
    "FindPanel": "tests/views/test_form_page.py",
    "HandOver": "tests/views/test_form_deeds.py",
    "LeaveOutSheet": "tests/views/test_health_trips.py",
    "ManualWindow": "tests/views/test_manual.py",
    "MoreSheet": "tests/views/test_health_trips.py",
    "OnceMore": "tests/views/test_health_papers_page.py",
    "PasswordSheet": "tests/views/test_settings.py",
    "ReturnSheet": "tests/views/test_health_stock.py",
    "RoleSheet": "tests/views/test_settings.py",
    "SignedPage": "tests/views/test_sign_and_release.py",
    "StrikeSheet": "tests/views/test_health_visits.py",
    "WasteSheet": "tests/views/test_health_stock.py",
    "WhoStep": "tests/views/test_unlock.py",
    "WhyPanel": "tests/views/test_form_page.py",
}
"""Small sheets and panels that no act opens: the story file that uses them (ManualWindow is walked
there). They are built of the same parts; each is to get a scene."""
