"""No changed bit is ever genuine, and no file, however hostile, breaks the check."""

from __future__ import annotations

import io
import random
import re
import zlib
from datetime import timedelta

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers

from bt_desktop.paper import cms
from bt_desktop.paper import verify as verify_module
from bt_desktop.paper.marks import Marks, pdf_date, read_marks
from bt_desktop.paper.seal import RESERVED, Authority, make_school_authority
from bt_desktop.paper.seal_writer import embed
from bt_desktop.paper.verify import Finding, verify
from tests.paper import story
from tests.paper.conftest import sealed, small_page

_CONTENTS = re.compile(rb"/Contents <([0-9A-F]+)>")


def code(pdf: bytes, authority: Authority) -> str:
    return verify(pdf, authority.ca_cert_pem).code


# --- genuine -------------------------------------------------------------------------------------


def test_a_sealed_copy_is_genuine_and_says_which_it_is(
    sealed_school: bytes, authority: Authority
) -> None:
    verdict = verify(sealed_school, authority.ca_cert_pem)

    assert (verdict.kind, verdict.code) == ("genuine", "genuine")
    assert verdict.sealed_at == story.at(9, 40, day=13)
    assert (verdict.record_number, verdict.copy_number) == ("BER-2026-0001", 1)
    assert verdict.record_digest == story.DIGEST
    assert (verdict.audit_seq, verdict.audit_head) == (42, story.AUDIT_HEAD)


def test_a_copy_stays_genuine_after_its_seal_has_run_out(authority: Authority) -> None:
    assert code(sealed(small_page(), authority), authority) == "genuine"


def test_every_school_checks_only_its_own(sealed_small: bytes, authority: Authority) -> None:
    forged = make_school_authority(story.HEAD.school_name, story.at(7, 40))

    verdict = verify(sealed(small_page(), forged), authority.ca_cert_pem)

    assert (verdict.kind, verdict.code) == ("not_ours", "other-school")
    assert verdict.record_number is None
    assert code(sealed_small, forged) == "other-school"


# --- one bit -------------------------------------------------------------------------------------


@pytest.mark.slow
def test_no_bit_of_a_small_file_can_flip_unseen(sealed_small: bytes, authority: Authority) -> None:
    file = bytearray(sealed_small)
    bits = random.Random(2026)  # places to try, no secret
    for place in range(len(file)):
        flip = 1 << bits.randrange(8)
        file[place] ^= flip
        assert verify(bytes(file), authority.ca_cert_pem).kind != "genuine", place
        file[place] ^= flip
    assert code(bytes(file), authority) == "genuine"


@pytest.mark.slow
def test_no_bit_of_the_container_can_flip_unseen(sealed_small: bytes, authority: Authority) -> None:
    found = _CONTENTS.search(sealed_small)
    assert found is not None
    file = bytearray(sealed_small)
    for place in range(found.start(), found.end() + 80):
        for bit in range(8):
            file[place] ^= 1 << bit
            assert verify(bytes(file), authority.ca_cert_pem).kind != "genuine", (place, bit)
            file[place] ^= 1 << bit


def test_no_bit_of_a_real_copy_can_flip_unseen(sealed_school: bytes, authority: Authority) -> None:
    places = random.Random(14).sample(range(len(sealed_school)), 400)  # as above
    for place in places:
        file = bytearray(sealed_school)
        file[place] ^= 1 << (place % 8)
        assert verify(bytes(file), authority.ca_cert_pem).kind != "genuine", place


def changed_container(pdf: bytes, change: bytes, at: int) -> bytes:
    found = _CONTENTS.search(pdf)
    assert found is not None
    start = found.start(1) + at
    return pdf[:start] + change + pdf[start + len(change) :]


def test_small_letters_in_the_container_are_a_change(
    sealed_small: bytes, authority: Authority
) -> None:
    found = _CONTENTS.search(sealed_small)
    assert found is not None
    lower = sealed_small.replace(found[1], found[1].lower())

    assert code(lower, authority) == "altered"


def test_padding_that_is_not_zero_is_a_change(sealed_small: bytes, authority: Authority) -> None:
    assert code(changed_container(sealed_small, b"01", RESERVED - 2), authority) == "altered"


def test_the_other_form_of_the_signature_is_a_change(
    sealed_small: bytes, authority: Authority
) -> None:
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551

    def other_form(signature: bytes) -> bytes:
        from cryptography.hazmat.primitives.asymmetric.utils import (
            decode_dss_signature,
            encode_dss_signature,
        )

        r, s = decode_dss_signature(signature)
        return encode_dss_signature(r, order - s)

    assert code(_resealed(authority, other_form), authority) == "altered"


def _resealed(authority: Authority, change, at=None) -> bytes:  # type: ignore[no-untyped-def]
    """A file sealed with the real key by other hands: the signature is passed through `change`."""
    key = serialization.load_pem_private_key(authority.seal_key_pem, None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    leaf = x509.load_pem_x509_certificate(authority.seal_cert_pem)
    der = serialization.Encoding.DER
    ca = x509.load_pem_x509_certificate(authority.ca_cert_pem).public_bytes(der)

    def contain(digest: bytes) -> bytes:
        signed = cms.signed_attributes(digest, leaf.public_bytes(der))
        value = cms.low_s(key.sign(signed, ec.ECDSA(hashes.SHA256(), deterministic_signing=True)))
        return cms.container(digest, leaf, ca, change(value))

    return embed(small_page(), at or story.at(9, 40, day=13), RESERVED, contain)


def test_a_seal_dated_before_its_certificate_is_not_ours(authority: Authority) -> None:
    early = _resealed(authority, lambda value: value, story.at(7, 40) - timedelta(days=2))

    verdict = verify(early, authority.ca_cert_pem)

    assert (verdict.kind, verdict.code) == ("not_ours", "out-of-time")


def test_a_signature_over_something_else_is_a_change(authority: Authority) -> None:
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

    assert code(_resealed(authority, lambda _: encode_dss_signature(5, 7)), authority) == "altered"


def _vouched(authority: Authority, *, ca: bool = False, curve: bool = True) -> Authority:
    """A seal that the real authority vouched for, but that is not fit to be one."""
    from cryptography.hazmat.primitives.asymmetric import ed25519

    ca_key = serialization.load_pem_private_key(authority.ca_key_pem, None)
    issuer = x509.load_pem_x509_certificate(authority.ca_cert_pem)
    key = ec.generate_private_key(ec.SECP256R1())
    public = key.public_key() if curve else ed25519.Ed25519PrivateKey.generate().public_key()
    leaf = (
        x509.CertificateBuilder()
        .subject_name(issuer.subject)
        .issuer_name(issuer.subject)
        .public_key(public)
        .serial_number(77)
        .not_valid_before(issuer.not_valid_before_utc)
        .not_valid_after(issuer.not_valid_after_utc)
    )
    if ca:
        leaf = leaf.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    assert isinstance(ca_key, ec.EllipticCurvePrivateKey)
    pem = serialization.Encoding.PEM
    return Authority(
        authority.ca_cert_pem,
        authority.ca_key_pem,
        leaf.sign(ca_key, hashes.SHA256()).public_bytes(pem),
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()),
    )


@pytest.mark.parametrize("ca", [True, False])
def test_a_certificate_that_is_no_seal_is_not_ours(authority: Authority, ca: bool) -> None:
    unfit = _vouched(authority, ca=ca)

    assert code(_resealed(unfit, lambda value: value), authority) == "other-school"


def test_a_seal_of_another_kind_of_key_is_a_change(authority: Authority) -> None:
    assert code(_resealed(_vouched(authority, curve=False), lambda v: v), authority) == "altered"


# --- additions -----------------------------------------------------------------------------------


def test_an_annotation_added_later_is_a_change(sealed_small: bytes, authority: Authority) -> None:
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.generic import pdf_name

    writer = IncrementalPdfFileWriter(io.BytesIO(sealed_small))
    note = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Annot"),
            pdf_name("/Subtype"): pdf_name("/FreeText"),
            pdf_name("/Rect"): generic.ArrayObject(map(generic.NumberObject, (9, 9, 99, 99))),
            pdf_name("/Contents"): generic.pdf_string("not so"),
        }
    )
    writer.root["/Pages"]["/Kids"][0]["/Annots"].append(writer.add_object(note))
    writer.update_container(writer.root["/Pages"]["/Kids"][0]["/Annots"])
    added = io.BytesIO()
    writer.write(added)

    assert code(added.getvalue(), authority) == "added"


def test_a_second_signature_is_a_change(sealed_small: bytes, authority: Authority) -> None:
    from asn1crypto import keys
    from asn1crypto import x509 as asn1

    other = make_school_authority("Other", story.at(7, 40))
    der = serialization.Encoding.DER
    key = serialization.load_pem_private_key(other.seal_key_pem, None).private_bytes(
        der, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    leaf = x509.load_pem_x509_certificate(other.seal_cert_pem).public_bytes(der)
    signer = signers.SimpleSigner(asn1.Certificate.load(leaf), keys.PrivateKeyInfo.load(key), None)
    # pyHanko itself refuses after a certification; an attacker does not.
    base = embed(small_page(), story.at(9, 0), RESERVED, lambda _: b"\x30\x00")
    base = base.replace(b"/DocMDP", b"/DocXXP")
    twice = signers.sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(base)),
        signers.PdfSignatureMetadata(field_name="Second"),
        signer=signer,
        new_field_spec=fields.SigFieldSpec("Second"),
    ).getvalue()
    grafted = sealed_small + twice[len(base) :]

    assert code(grafted, authority) == "added"
    assert code(twice, authority) == "altered"


def test_bytes_after_the_end_are_a_change(sealed_small: bytes, authority: Authority) -> None:
    for more in (b"\n", b" ", b"%%EOF\n", b"\x00"):
        assert code(sealed_small + more, authority) == "added"


def test_a_file_cut_short_is_a_change(sealed_small: bytes, authority: Authority) -> None:
    for length in (len(sealed_small) - 1, len(sealed_small) - 700, len(sealed_small) - 8000):
        assert verify(sealed_small[:length], authority.ca_cert_pem).kind != "genuine"


def test_a_copy_saved_again_by_another_program_is_not_genuine(
    sealed_small: bytes, authority: Authority
) -> None:
    saved = io.BytesIO()
    with pikepdf.open(io.BytesIO(sealed_small)) as document:
        document.save(saved)

    assert verify(saved.getvalue(), authority.ca_cert_pem).kind != "genuine"


# --- hostile and strange files -------------------------------------------------------------------


def strange_files() -> dict[str, bytes]:
    bomb = zlib.compress(b"\x00" * 20_000_000)
    return {
        "nothing": b"",
        "text": b"Dear parent,",
        "a picture": b"\x89PNG\r\n\x1a\n" + bytes(100),
        "only a head": b"%PDF-1.7",
        "a zip bomb": b"%PDF-1.7\n1 0 obj <</Filter/FlateDecode/Length 9>> stream\n" + bomb,
        "a huge xref": b"%PDF-1.7\nxref\n0 99999999\n" + b"0000000000 65535 f \n" * 50_000,
        "deep": b"%PDF-1.7\n" + b"<<" * 500_000 + b"[" * 500_000,
        "byte ranges": b"%PDF-1.7\n(SchoolSeal)" + b"/Contents <AB> /ByteRange [0 1 2 3]" * 20_000,
        "contents": b"%PDF-1.7\n(SchoolSeal)" + b"/Contents <" * 200_000 + b"/ByteRange",
        "a long number": b"%PDF-1.7\n(SchoolSeal)/ByteRange [0 " + b"9" * 500_000,
        "the name alone": b"%PDF-1.7\n(SchoolSeal)\n%%EOF\n",
        "spaces": b"%PDF-1.7\n(SchoolSeal)/Contents <AB>/ByteRange" + b" " * 500_000,
    }


@pytest.mark.parametrize("name", strange_files())
@pytest.mark.timeout(20)
def test_a_strange_file_gets_a_verdict(name: str, authority: Authority) -> None:
    verdict = verify(strange_files()[name], authority.ca_cert_pem)

    assert verdict.kind in ("not_ours", "changed", "cannot_tell")
    assert verdict.sentence.endswith(".")


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=3000))
def test_random_bytes_never_break_the_check(data: bytes) -> None:
    ca = _HYPOTHESIS_AUTHORITY.ca_cert_pem

    assert verify(data, ca).kind != "genuine"
    assert verify(b"%PDF-1.4\n(SchoolSeal)" + data, ca).kind != "genuine"


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_random_containers_never_break_the_check(data: st.DataObject) -> None:
    known = _HYPOTHESIS_SEALED
    found = _CONTENTS.search(known)
    assert found is not None
    at = data.draw(st.integers(0, 2600))
    change = data.draw(st.binary(min_size=1, max_size=40)).hex().upper().encode()
    mutated = changed_container(known, change, at)

    verdict = verify(mutated, _HYPOTHESIS_AUTHORITY.ca_cert_pem)

    assert (verdict.kind == "genuine") == (mutated == known)


_HYPOTHESIS_AUTHORITY = make_school_authority("Hypothesis", story.at(7, 40))
_HYPOTHESIS_SEALED = sealed(small_page(), _HYPOTHESIS_AUTHORITY)


def test_a_file_too_large_is_not_read(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify_module, "LARGEST", 10)

    assert code(b"%PDF-1.7 and more", authority) == "too-large"


@pytest.mark.parametrize("ca", [b"", b"damaged", b"-----BEGIN CERTIFICATE-----\nAA==\n"])
def test_without_a_certificate_nothing_can_be_told(sealed_small: bytes, ca: bytes) -> None:
    verdict = verify(sealed_small, ca)

    assert (verdict.kind, verdict.code) == ("cannot_tell", "no-authority")


def test_a_pdf_without_a_seal_is_not_ours(authority: Authority) -> None:
    assert code(small_page(), authority) == "no-seal"


def test_a_contract_signed_elsewhere_is_not_ours(authority: Authority) -> None:
    signed = embed(small_page(), story.at(9, 0), RESERVED, lambda _: b"\x30\x00")
    elsewhere = signed.replace(b"(SchoolSeal)", b"(Signature1)")

    assert code(elsewhere, authority) == "other-seal"


def test_a_container_of_nothing_is_a_change(authority: Authority) -> None:
    empty = embed(small_page(), story.at(9, 0), RESERVED, lambda _: b"\x30\x00")

    assert code(empty, authority) == "altered"


def test_both_opinions_must_agree(
    sealed_small: bytes, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bt_desktop.paper import second_opinion

    def disagree(*_: object) -> bool:
        raise RuntimeError

    assert second_opinion.agrees(b"no pdf", b"no certificate", story.at(9, 0)) is False
    monkeypatch.setattr(second_opinion, "_judge", disagree)

    verdict = verify(sealed_small, authority.ca_cert_pem)

    assert (verdict.kind, verdict.code) == ("cannot_tell", "disagreement")


def test_every_finding_has_its_own_sentence() -> None:
    assert len({finding.sentence for finding in Finding}) == len(Finding)
    assert {finding.kind for finding in Finding} == {
        "genuine", "changed", "not_ours", "cannot_tell",
    }  # fmt: skip


# --- marks ---------------------------------------------------------------------------------------


def test_marks_are_read_as_written() -> None:
    marks = read_marks(small_page())

    assert marks == Marks("BER-2026-0001", 1, story.DIGEST, story.AUDIT_HEAD, 42)
    assert list(marks.entries()) == ["BTRecord", "BTCopy", "BTDigest", "BTHead", "BTSeq"]
    assert Marks().entries() == {}


def test_marks_that_stand_twice_or_strangely_are_not_believed() -> None:
    twice = b"/BTRecord (BER-2026-0001) /BTRecord (BER-2026-0002)"

    assert read_marks(twice) == Marks()
    assert read_marks(b"/BTRecord (<script>) /BTCopy (many)") == Marks()
    assert read_marks(b"/BTRecord (BER\\0552026\\-0001)").record_number == "BER-2026-0001"


def test_dates_of_pdf_are_read_with_their_offset() -> None:
    assert pdf_date(b"D\\07220261113094000\\05508\\04700\\047") == story.at(9, 40, day=13)
    assert pdf_date(b"D:20261113174000Z") == story.at(9, 40, day=13)
    assert pdf_date(b"D:20261113184000+01'00'") == story.at(9, 40, day=13)
    with pytest.raises(ValueError, match="not a PDF date"):
        pdf_date(b"yesterday")
