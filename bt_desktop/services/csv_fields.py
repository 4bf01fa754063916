"""What a column of a school's table can mean, and the headers by which it is guessed.

The headers are words that exports of student information systems commonly carry (Aeries,
PowerSchool, Infinite Campus, Synergy, and tables made by hand), gathered as facts and not taken
from any vendor's documents; a guess is always shown and can be changed. Unverified.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

TableKind = Literal["students", "contacts", "staff"]
KINDS: Mapping[TableKind, str] = {
    "students": "Students (with their guardians, where they stand beside them)",
    "contacts": "Guardians and contacts, a row for each",
    "staff": "Staff",
}
IGNORE = ""
"""The meaning of a column that is left alone."""


@dataclass(frozen=True, slots=True)
class CsvField:
    """A meaning: its key, its name, and the headers it is known by (letters and digits only)."""

    key: str
    label: str
    aliases: tuple[str, ...]


def _field(key: str, label: str, aliases: str) -> CsvField:
    return CsvField(key, label, tuple(aliases.split()))


_PERSON = (
    _field("name", "Whole name", "name fullname studentname student lastfirst lastnamefirstname "
           "lastcommafirst studentfullname displayname teachername staffname employeename"),
    _field("given", "First name", "firstname first fname fn givenname studentfirstname stufirst "
           "legalfirstname legalfirst"),
    _field("middle", "Middle name", "middlename middle mname mn mi middleinitial legalmiddle"),
    _field("family", "Last name", "lastname last lname ln familyname surname studentlastname "
           "stulast legallastname legallast"),
    _field("preferred", "Called", "nickname nick nn preferredname preferredfirstname goesby "
           "calledname preferred aka usualname"),
)  # fmt: skip
_STUDENT = (
    _field("student_number", "Student number", "studentnumber studentid permid permnum permno "
           "permanentid stuid studentno localid localstudentid sisnumber sisid id pupilid idnumber "
           "studentlocalid districtid lunchid"),
    *_PERSON,
    _field("birth_date", "Birth date", "birthdate dob dateofbirth birthday bd studentbirthdate "
           "born birth"),
    _field("grade", "Grade", "grade gradelevel gr grd currentgrade gradelvl"),
    _field("teacher", "Teacher", "teacher homeroomteacher hrteacher teacherlastname classteacher "
           "primaryteacher hrmteacher"),
    _field("homeroom", "Homeroom", "homeroom homerm hr advisory section room classroom"),
    _field("home_language", "Home language", "homelanguage homelang hmlang hl primarylanguage "
           "language homeprimarylanguage languagespokenathome corrlng correspondencelanguage"),
    _field("plans", "Plans (IEP, 504, BIP)", "plans plan programs sped specialeducationplan "
           "programstatus supports"),
    _field("plan_iep", "Has an IEP (yes or no)", "iep hasiep iepstatus spedstatus specialed "
           "specialeducation isiep sweds"),
    _field("plan_504", "Has a 504 plan (yes or no)", "504 section504 plan504 504plan has504 is504 "
           "504status"),
    _field("plan_bip", "Has a behavior plan (yes or no)", "bip hasbip behaviorplan bsp "
           "behaviorinterventionplan behaviorsupportplan"),
    _field("allergies", "Allergies", "allergies allergy allergens foodallergies allergylist"),
    _field("medical_alert", "Medical alert", "medicalalert alertmedical medalert medicalalerts "
           "healthalert medicalcondition medicalconditions medical"),
    _field("health_note", "Health note", "healthnote healthnotes medicalnotes healthcomment "
           "medicalcomments healthconcerns"),
    _field("custody_alert", "Custody", "custody custodyalert alertguardian guardianalert "
           "custodynote courtorder legalalert restrainingorder custodycode"),
    _field("sensitive", "Sensitive services (yes or no)", "sensitive sensitiveservices "
           "confidentialservices"),
    _field("phone", "Phone of the student or home", "phone homephone telephone tl studentphone "
           "primaryphone telephonenumber phonenumber tele"),
    _field("case_manager", "Case manager", "casemanager iepcasemanager casecarrier spedteacher "
           "casemgr cm specialeducationteacher"),
    _field("status", "Status (active or not)", "status enrollmentstatus enrollstatus "
           "studentstatus active isactive"),
    _field("left_on", "Day of leaving", "exitdate leavedate withdrawaldate lefton enddate "
           "dateleft withdrawdate"),
)  # fmt: skip
_GUARDIAN = (
    ("name", "whole name", "name fullname"),
    ("given", "first name", "firstname first fn givenname"),
    ("family", "last name", "lastname last ln familyname"),
    ("relation", "relation", "relation relationship rel rl relationtostudent type"),
    ("phone", "phone", "phone cell cellphone mobile homephone dayphone phone1 cp workphone tel "
     "primaryphone phonenumber telephone"),
    ("email", "email", "email emailaddress mail"),
    ("language", "language", "language lang primarylanguage correspondencelanguage"),
    ("needs_interpreter", "needs an interpreter (yes or no)", "interpreter needsinterpreter "
     "interpreterneeded"),
    ("no_contact", "no contact (yes or no)", "nocontact restricted donotcontact restraining "
     "restrainingorder"),
    ("may_receive", "may receive copies (yes or no)", "mayreceive receivecopies mailings "
     "receivesmail maypickup portal legalrights educationalrights edrights"),
)  # fmt: skip
GROUPS: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "guardian1": ("Guardian 1", "guardian", (
        "guardian1", "parent1", "parentguardian1", "guardian", "parent", "parentguardian", "pg")),
    "guardian2": ("Guardian 2", "guardian", ("guardian2", "parent2", "parentguardian2", "pg2")),
    "mother": ("Mother", "mother", ("mother", "mom", "mothers")),
    "father": ("Father", "father", ("father", "dad", "fathers")),
    "contact1": ("Contact 1", "", ("contact1", "emergcontact1", "emergencycontact1", "contact",
                                   "emergencycontact", "emerg1")),
    "contact2": ("Contact 2", "", ("contact2", "emergcontact2", "emergencycontact2", "emerg2")),
}  # fmt: skip
"""Groups of columns about one guardian: name, the relation that it implies, how headers begin."""


def _guardian_fields(groups: Sequence[str]) -> Iterator[CsvField]:
    for group in groups:
        title, _, heads = GROUPS[group]
        for key, label, ends in _GUARDIAN:
            aliases = tuple(head + end for head in heads for end in ends.split())
            bare = heads if key == "name" else ()
            also = tuple(f"{end}{head}" for head in heads for end in ends.split())
            yield CsvField(f"{group}.{key}", f"{title}: {label}", (*bare, *aliases, *also))


def _contact_fields() -> Iterator[CsvField]:
    for key, label, ends in _GUARDIAN:
        heads = ("", "contact", "guardian", "parent")
        aliases = tuple(head + end for head in heads for end in ends.split())
        yield CsvField(f"guardian1.{key}", f"Guardian: {label}", aliases)


FIELDS: Mapping[TableKind, tuple[CsvField, ...]] = {
    "students": (*_STUDENT, *_guardian_fields(tuple(GROUPS))),
    "contacts": (
        _STUDENT[0],
        _field("name", "Student: whole name", "studentname student studentfullname"),
        _field("given", "Student: first name", "studentfirstname stufirst"),
        _field("family", "Student: last name", "studentlastname stulast"),
        _field("birth_date", "Student: birth date", "studentbirthdate birthdate dob dateofbirth"),
        *_contact_fields(),
    ),
    "staff": (
        *_PERSON,
        _field("title", "Title", "title jobtitle position job role assignment classification"),
        _field("email", "Email", "email emailaddress workemail schoolemail mail"),
    ),
}  # fmt: skip
"""What a column can mean, by what the table holds, in the order in which it is offered."""

_STAFF_ONLY = frozenset(
    ["staffid", "employeeid", "employeenumber", "teacherid", "jobtitle", "position"]
)
_BEFORE = re.compile(r"^.*[.\]:]")
_NOT_PLAIN = re.compile(r"[^a-z0-9]")


def plain(header: str) -> str:
    """A header as it is compared: small letters and digits only."""
    return _NOT_PLAIN.sub("", header.lower())


def guesses(headers: Sequence[str], kind: TableKind) -> tuple[str, ...]:
    """The meaning of each column, `IGNORE` where none is known; each meaning once."""
    book: dict[str, str] = {}
    for one in FIELDS[kind]:
        for alias in one.aliases:
            book.setdefault(alias, one.key)
    found: list[str] = []
    for header in headers:
        key = book.get(plain(header)) or book.get(plain(_BEFORE.sub("", header)), IGNORE)
        found.append(key if key not in found else IGNORE)
    return tuple(found)


def kind_of_table(headers: Sequence[str]) -> TableKind:
    """What a table with these headers most likely holds."""
    names = {plain(header) for header in headers}
    if names & _STAFF_ONLY and not names & {"grade", "gradelevel", "studentnumber"}:
        return "staff"
    contacts = set(guesses(headers, "contacts"))
    relation = "guardian1.relation" in contacts and "student_number" in contacts
    if relation and not names & {"grade", "gradelevel", "gr"}:
        return "contacts"
    students = set(guesses(headers, "students"))
    about_children = students & {"student_number", "grade", "birth_date", "teacher", "homeroom"}
    return "students" if about_children else ("staff" if names & {"title", "email"} else "students")


def lacking(fields: Sequence[str], kind: TableKind) -> tuple[str, ...]:
    """What has to be chosen before the table can be read, in words; empty when nothing is."""
    have = set(fields)
    names = "name" in have or {"given", "family"} <= have
    missing = []
    if kind == "contacts":
        if "student_number" not in have and not names:
            missing.append("the student number, or the student's name")
        if not have & {"guardian1.name", "guardian1.family"}:
            missing.append("the guardian's name")
    elif not names and not (kind == "students" and "student_number" in have):
        missing.append("the whole name, or first and last name")
    return tuple(missing)


def label_of(key: str, kind: TableKind) -> str:
    """The name of a meaning."""
    return next((one.label for one in FIELDS[kind] if one.key == key), "")
