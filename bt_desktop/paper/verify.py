"""Whether a PDF is a copy that this school made, to the last bit.

A common validator lets bits flip unseen inside the signature's own container (unsigned parts of
the CMS, the padding, upper and lower case of its hex). Here the container is written again from
what it holds and must be the same bytes; everything outside it is under the digest. So a file is
genuine only if it is exactly the file that the school's seal key signed.

Nothing of a PDF is interpreted before its bytes are known to be ours: a hostile file meets a few
linear searches and a strict reader of lengths. pyHanko is asked last, as a second opinion.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Literal

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bt_desktop.paper import cms
from bt_desktop.paper.marks import pdf_date, read_marks

Kind = Literal["genuine", "changed", "not_ours", "cannot_tell"]

LARGEST = 256 * 1024 * 1024
"""Bytes. No copy comes near it; a larger file is not read at all."""

_LARGEST_PEM = 1024 * 1024

_SEAL = re.compile(
    rb"/Contents <([0-9A-F]{2,65536})>\s{1,4}/ByteRange \[0 (\d{1,10}) (\d{1,10}) (\d{1,10})\]"
    rb" {0,80}\s{1,4}/Type /Sig\s{1,4}/Filter /Adobe\.PPKLite\s{1,4}"
    rb"/SubFilter /ETSI\.CAdES\.detached\s{1,4}/M \(([^()]{1,80})\)\s{1,4}"
    rb"/Reference \[ <<\s{1,4}/Type /SigRef\s{1,4}/TransformMethod /DocMDP\s{1,4}"
    rb"/TransformParams <<\s{1,4}/Type /TransformParams\s{1,4}/V /1\.2\s{1,4}/P 1\s{1,4}>>"
)
_FIELD = b"(SchoolSeal)"
_END = b"%%EOF"


class Finding(Enum):
    """Every outcome: its kind and the sentence that says it."""

    GENUINE = ("genuine", "This copy is genuine and unchanged.")
    ALTERED = ("changed", "This file was changed after the school sealed it.")
    ADDED = ("changed", "Something was added to this file after the school sealed it.")
    NO_SEAL = ("not_ours", "This PDF carries no seal of a school.")
    OTHER_SEAL = ("not_ours", "This PDF is signed, but not with a school's seal as we make it.")
    OTHER_SCHOOL = ("not_ours", "This PDF was not sealed by this school.")
    OUT_OF_TIME = ("not_ours", "The seal was not valid on the day this file says it was sealed.")
    NOT_A_PDF = ("not_ours", "This is not a PDF.")
    TOO_LARGE = ("not_ours", "This file is too large to be a copy of a record.")
    NO_AUTHORITY = ("cannot_tell", "The school's certificate to check against cannot be read.")
    DISAGREEMENT = (
        "cannot_tell",
        "Two ways of checking this file do not agree. Keep it and show it to an administrator.",
    )

    @property
    def kind(self) -> Kind:
        """Genuine, changed, not ours, or cannot tell."""
        return self.value[0]

    @property
    def code(self) -> str:
        """Stable and safe to log."""
        return self.name.lower().replace("_", "-")

    @property
    def sentence(self) -> str:
        """One plain sentence."""
        return self.value[1]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome, and (for a genuine copy only) what the copy says of itself.

    `sealed_at` is aware, in the offset of the school's clock; `record_digest` and `audit_head`
    are as the copy's mark gave them; an office compares them with its own records.
    """

    kind: Kind
    code: str
    sentence: str
    sealed_at: datetime | None = None
    record_number: str | None = None
    copy_number: int | None = None
    record_digest: str | None = None
    audit_head: str | None = None
    audit_seq: int | None = None


class _Found(Exception):  # not an error: carries a finding out of a chain of checks
    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.code)
        self.finding = finding


@dataclass(frozen=True, slots=True)
class _Seal:
    """Where the container lies in the file, what it holds, and when it says it was made."""

    start: int
    end: int
    opened: cms.Opened
    container: bytes
    sealed_at: datetime


def verify(pdf: bytes, ca_pem: bytes) -> Verdict:
    """Whether `pdf` is, byte for byte, what the school whose certificate is `ca_pem` sealed.

    `ca_pem` may hold several schools' certificates; the one that the file names is asked.

    Never raises for any content of `pdf`, and takes time in proportion to its size. Certificates
    are judged at the moment of sealing, so a copy stays genuine after the seal has run out.
    """
    try:
        authorities = _authorities(ca_pem)
        seal = _locate(pdf)
        authority = _named(authorities, seal)
        certificate = _check_container(pdf, seal, authority)
        _check_certificates(certificate, authority, seal.sealed_at)
        _ask_again(pdf, authority, seal.sealed_at)
    except _Found as found:
        finding = found.finding
        return Verdict(finding.kind, finding.code, finding.sentence)
    good = Finding.GENUINE
    marks = read_marks(pdf)
    return Verdict(
        good.kind,
        good.code,
        good.sentence,
        sealed_at=seal.sealed_at,
        record_number=marks.record_number,
        copy_number=marks.copy_number,
        record_digest=marks.record_digest,
        audit_head=marks.audit_head,
        audit_seq=marks.audit_seq,
    )


def _authorities(ca_pem: bytes) -> list[x509.Certificate]:
    """The authorities in a PEM file. A seal's own certificate is none: nothing could be told."""
    if len(ca_pem) > _LARGEST_PEM:
        raise _Found(Finding.NO_AUTHORITY)
    try:
        found = x509.load_pem_x509_certificates(ca_pem)
        fit = [each for each in found if _is_authority(each)]
    except Exception:  # as in `_certificate`: as many exceptions as ways to be damaged
        raise _Found(Finding.NO_AUTHORITY) from None
    if not fit:
        raise _Found(Finding.NO_AUTHORITY)
    return fit


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints)
        return constraints.value.ca
    except x509.ExtensionNotFound:
        return False


def _named(authorities: list[x509.Certificate], seal: _Seal) -> x509.Certificate:
    """The authority that the container names; where it names none of them, the first."""
    der = serialization.Encoding.DER
    named = (each for each in authorities if each.public_bytes(der) in seal.opened.certificates)
    return next(named, authorities[0])


def _locate(pdf: bytes) -> _Seal:
    """The one seal of a file, lying as we write it: around it the whole file is covered."""
    if len(pdf) > LARGEST:
        raise _Found(Finding.TOO_LARGE)
    at = pdf.find(b"/ByteRange")
    ours = _FIELD in pdf
    if not ours:
        if not pdf.startswith(b"%PDF-"):
            raise _Found(Finding.NOT_A_PDF)
        raise _Found(Finding.NO_SEAL if at < 0 else Finding.OTHER_SEAL)
    found = _SEAL.match(pdf, max(0, pdf.rfind(b"/Contents", 0, max(at, 0))))
    if found is None or not pdf.startswith(b"%PDF-"):
        raise _Found(Finding.ALTERED)
    container_at, container_end = found.start(1) - 1, found.end(1) + 1
    first, second, length = (int(found[group]) for group in (2, 3, 4))
    if first != container_at or second != container_end or second + length > len(pdf):
        raise _Found(Finding.ALTERED)
    if second + length < len(pdf) or pdf.count(b"/ByteRange") != 1:
        raise _Found(Finding.ADDED)
    if pdf.count(_FIELD) != 1 or not pdf.rstrip(b"\n").endswith(_END):
        raise _Found(Finding.ALTERED)
    return _opened(found, container_at, container_end)


def _opened(found: re.Match[bytes], start: int, end: int) -> _Seal:
    try:
        padded = bytes.fromhex(found[1].decode("ascii"))
        opened = cms.open_container(padded)
        sealed_at = pdf_date(found[5])
    except ValueError:  # odd digits, not our container, not a date
        raise _Found(Finding.ALTERED) from None
    if any(padded[opened.length :]):
        raise _Found(Finding.ALTERED)
    return _Seal(start, end, opened, padded[: opened.length], sealed_at)


def _check_container(pdf: bytes, seal: _Seal, authority: x509.Certificate) -> x509.Certificate:
    """The file's digest is signed, and the container is the only way to write that down."""
    school = authority.public_bytes(serialization.Encoding.DER)
    if school not in seal.opened.certificates:
        raise _Found(_whose(pdf, seal))
    return _rebuilt(pdf, seal, school)


def _rebuilt(pdf: bytes, seal: _Seal, school: bytes) -> x509.Certificate:
    """The seal's certificate, once the container written again from its contents is the same."""
    opened = seal.opened
    issued = [each for each in opened.certificates if each != school]
    if len(opened.certificates) != 2 or len(issued) != 1 or not cms.is_low_s(opened.signature):
        raise _Found(Finding.ALTERED)
    digest = _digest(pdf, seal)
    certificate = _certificate(issued[0])
    rebuilt = cms.container(digest, certificate, school, opened.signature)
    key = certificate.public_key()
    if rebuilt != seal.container or not isinstance(key, ec.EllipticCurvePublicKey):
        raise _Found(Finding.ALTERED)
    signed = cms.signed_attributes(digest, issued[0])
    try:
        key.verify(opened.signature, signed, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        raise _Found(Finding.ALTERED) from None
    return certificate


def _certificate(der: bytes) -> x509.Certificate:
    """A certificate of which all can be read that is read here; damage is a finding."""
    try:
        certificate = x509.load_der_x509_certificate(der)
        # These are parsed when they are first asked for: here, where damage is expected.
        certificate.public_key()
        certificate.issuer.public_bytes()
    except Exception:  # cryptography has as many exceptions as ways for a certificate to be odd
        raise _Found(Finding.ALTERED) from None
    return certificate


def _digest(pdf: bytes, seal: _Seal) -> bytes:
    view = memoryview(pdf)
    digest = hashlib.sha256(view[: seal.start])
    digest.update(view[seal.end :])
    return digest.digest()


def _whose(pdf: bytes, seal: _Seal) -> Finding:
    """The school's certificate is not in the container: another school's copy, or damage?

    It is another school's if the container is whole in itself.
    """
    for school in seal.opened.certificates[:2]:
        try:
            authority = _certificate(school)
            certificate = _rebuilt(pdf, seal, school)
            _check_certificates(certificate, authority, seal.sealed_at)
        except _Found:
            continue
        return Finding.OTHER_SCHOOL
    return Finding.ALTERED


def _check_certificates(
    certificate: x509.Certificate, authority: x509.Certificate, at: datetime
) -> None:
    """The seal was issued by the school, for sealing, and both were valid at `at`."""
    try:
        authority.verify_directly_issued_by(authority)
        certificate.verify_directly_issued_by(authority)
        fit = _fit(certificate, authority)
    except Exception:  # as in `_certificate`: an odd certificate, a signature that is not there
        raise _Found(Finding.OTHER_SCHOOL) from None
    if not fit:
        raise _Found(Finding.OTHER_SCHOOL)
    for each in (certificate, authority):
        if not each.not_valid_before_utc <= at <= each.not_valid_after_utc:
            raise _Found(Finding.OUT_OF_TIME)


def _fit(certificate: x509.Certificate, authority: x509.Certificate) -> bool:
    def constraints(of: x509.Certificate) -> x509.BasicConstraints:
        return of.extensions.get_extension_for_class(x509.BasicConstraints).value

    def usage(of: x509.Certificate) -> x509.KeyUsage:
        return of.extensions.get_extension_for_class(x509.KeyUsage).value

    seal_usage = usage(certificate)
    return (
        constraints(authority).ca
        and constraints(authority).path_length == 0
        and not constraints(certificate).ca
        and usage(authority).key_cert_sign
        and seal_usage.digital_signature
        and seal_usage.content_commitment
        and not seal_usage.key_cert_sign
    )


def _ask_again(pdf: bytes, authority: x509.Certificate, at: datetime) -> None:
    from bt_desktop.paper import second_opinion  # deferred: brings pyHanko

    der = authority.public_bytes(serialization.Encoding.DER)
    if not second_opinion.agrees(pdf, der, at):
        raise _Found(Finding.DISAGREEMENT)
