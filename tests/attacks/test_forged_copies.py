"""Files that would like to be taken for a genuine copy, and what is said of each."""

from __future__ import annotations

import io
import random
import re
import subprocess
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

from bt_desktop.cli import main
from bt_desktop.paper import cms
from bt_desktop.paper.seal import RESERVED, Authority, make_school_authority
from bt_desktop.paper.seal_writer import embed
from bt_desktop.paper.verify import LARGEST, verify
from tests.attacks.conftest import Released
from tests.paper import story
from tests.paper.conftest import sealed, small_page

_CONTENTS = re.compile(rb"/Contents <([0-9A-F]+)>")
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
DER, PEM = serialization.Encoding.DER, serialization.Encoding.PEM


@pytest.fixture(scope="session")
def authority() -> Authority:
    """A school whose keys the attacker of a story holds, as far as the story says."""
    return make_school_authority(story.HEAD.school_name, story.at(7, 40))


def kind(pdf: bytes, ca: bytes) -> str:
    """The verdict in one word."""
    return verify(pdf, ca).kind


def container_of(pdf: bytes) -> tuple[int, int]:
    """Where the hex digits of the container begin and end."""
    found = _CONTENTS.search(pdf)
    assert found is not None
    return found.span(1)


def with_container(pdf: bytes, der: bytes) -> bytes:
    """The file with another container of the same room."""
    start, end = container_of(pdf)
    digits = der.hex().upper().encode()
    return pdf[:start] + digits + b"0" * (end - start - len(digits)) + pdf[end:]


def held(pdf: bytes) -> bytes:
    """The container as DER, its padding left off."""
    start, end = container_of(pdf)
    padded = bytes.fromhex(pdf[start:end].decode())
    return padded[: cms.open_container(padded).length]


# --- one bit -------------------------------------------------------------------------------------


def test_the_mothers_copy_is_genuine_to_begin_with(released: Released) -> None:
    for pdf in (released.mother, released.again, released.schools):
        assert kind(pdf, released.ca) == "genuine"


def structure(pdf: bytes) -> list[int]:
    """Every place of the container, and of what frames the file: xref, trailer, objects' ends."""
    start, end = container_of(pdf)
    places = set(range(start - 60, min(start + 2900, end)))
    places |= set(range(end - 40, end + 700))
    places |= set(range(len(pdf) - 700, len(pdf)))
    places |= set(range(40))
    for word in (b"startxref", b"trailer", b"/ByteRange", b"%%EOF", b"/Prev", b"/Root"):
        for found in re.finditer(re.escape(word), pdf):
            places |= set(range(found.start(), found.end() + 24))
    return sorted(place for place in places if place < len(pdf))


def test_no_bit_of_the_frame_of_the_mothers_copy_can_flip_unseen(released: Released) -> None:
    bits = random.Random(4)  # places to try, no secret
    file = bytearray(released.mother)
    places = structure(released.mother)
    assert len(places) > 3000
    for place in places:
        flip = 1 << bits.randrange(8)
        file[place] ^= flip
        assert kind(bytes(file), released.ca) != "genuine", place
        file[place] ^= flip


def test_no_bit_of_the_pages_of_the_mothers_copy_can_flip_unseen(released: Released) -> None:
    file = bytearray(released.mother)
    for place in random.Random(5).sample(range(len(file)), 1500):  # as above
        file[place] ^= 1 << (place % 8)
        # Most often "changed"; "not ours" where the flip makes another certificate or header of it.
        assert kind(bytes(file), released.ca) in ("changed", "not_ours"), place
        file[place] ^= 1 << (place % 8)


def test_a_digit_written_in_another_way_is_seen(released: Released) -> None:
    pdf = released.mother
    start, end = container_of(pdf)
    spaced = pdf[:start] + b" " + pdf[start : end - 1] + pdf[end:]
    one_less = pdf[: end - 2] + pdf[end:]
    for attempt in (spaced, one_less, pdf[:start] + pdf[start:end].lower() + pdf[end:]):
        assert kind(attempt, released.ca) == "changed"


# --- added, cut, mixed ---------------------------------------------------------------------------


@pytest.mark.parametrize("more", [b"\n", b"\x00", b"\r\n%%EOF\n", b"startxref\n0\n%%EOF\n"])
def test_bytes_after_the_end_are_seen(released: Released, more: bytes) -> None:
    assert kind(released.mother + more, released.ca) == "changed"


@pytest.mark.parametrize("junk", [b"\n", b"\xef\xbb\xbf", b"MZ", b"%PDF-1.7\n"])
def test_bytes_before_the_beginning_are_seen(released: Released, junk: bytes) -> None:
    assert kind(junk + released.mother, released.ca) == "changed"


def test_an_update_that_covers_itself_is_seen(released: Released) -> None:
    """An update appended, and the seal's own range stretched over it."""
    pdf = released.mother
    update = b"\n9999 0 obj\n<< /Type /Annot >>\nendobj\nstartxref\n0\n%%EOF\n"
    longer = re.sub(
        rb"(/ByteRange \[0 \d+ \d+) (\d+)\]",
        lambda found: found[1] + b" %d]" % (int(found[2]) + len(update)),
        pdf,
    )
    assert longer != pdf
    assert kind(longer + update, released.ca) == "changed"


@pytest.mark.parametrize("settings", [{}, {"linearize": True}, {"qdf": True}])
def test_a_copy_saved_again_is_seen(released: Released, settings: dict[str, bool]) -> None:
    saved = io.BytesIO()
    with pikepdf.open(io.BytesIO(released.mother)) as document:
        document.save(saved, **settings)  # type: ignore[arg-type]  # each a plain flag
    assert kind(saved.getvalue(), released.ca) != "genuine"


def test_a_copy_through_qpdf_is_seen(released: Released, tmp_path: Path) -> None:
    (tmp_path / "in.pdf").write_bytes(released.mother)
    subprocess.run(["qpdf", "in.pdf", "out.pdf"], cwd=tmp_path, check=True)
    assert kind((tmp_path / "out.pdf").read_bytes(), released.ca) != "genuine"


@pytest.mark.filterwarnings("ignore:This document has:UserWarning")
def test_a_page_of_another_genuine_copy_is_seen(released: Released) -> None:
    swapped = io.BytesIO()
    with (
        pikepdf.open(io.BytesIO(released.mother)) as mother,
        pikepdf.open(io.BytesIO(released.schools)) as schools,
    ):
        mother.pages[0] = schools.pages[0]
        mother.save(swapped)
    assert kind(swapped.getvalue(), released.ca) != "genuine"


def test_genuine_copies_one_behind_the_other_are_seen(released: Released) -> None:
    one, two = released.mother, released.again
    for attempt in (one + two, two + one, one + one, one + b"\n" + two):
        assert kind(attempt, released.ca) == "changed"


def test_the_seal_of_another_genuine_copy_does_not_fit(released: Released) -> None:
    assert kind(with_container(released.mother, held(released.again)), released.ca) == "changed"


def test_a_copy_cut_short_is_seen(released: Released) -> None:
    pdf = released.mother
    start, _ = container_of(pdf)
    for length in (len(pdf) - 1, len(pdf) - 6, len(pdf) // 2, start + 9, start, 200, 9, 4, 0):
        assert kind(pdf[:length], released.ca) != "genuine"


# --- the container written in another way --------------------------------------------------------


def test_the_other_value_of_the_signature_is_seen(released: Released) -> None:
    der = held(released.mother)
    signature = cms.open_container(der).signature
    r, s = decode_dss_signature(signature)
    for other in (encode_dss_signature(r, _ORDER - s), encode_dss_signature(r, s + _ORDER)):
        room = len(other) - len(signature)
        changed = der.replace(signature, other)
        assert room in (0, 1, -1)
        assert kind(with_container(released.mother, changed), released.ca) == "changed"


def test_the_same_container_in_ber_is_seen(released: Released) -> None:
    der = held(released.mother)
    assert der[:2] == b"\x30\x82"
    body = der[4:]
    ways = (
        b"\x30\x80" + body + b"\x00\x00",  # of no given length
        b"\x30\x83\x00" + der[2:4] + body,  # a length in more bytes than it needs
        b"\x30\x84\x00\x00" + der[2:4] + body,
        der.replace(b"\x02\x01\x01", b"\x02\x02\x00\x01", 1),  # a number with a needless zero
    )
    for way in ways:
        assert kind(with_container(released.mother, way), released.ca) == "changed"


def test_certificates_in_the_other_order_are_seen(released: Released) -> None:
    der = held(released.mother)
    one, two = cms.open_container(der).certificates
    turned = der.replace(one + two, two + one)
    assert kind(with_container(released.mother, turned), released.ca) == "changed"


def resealed(
    authority: Authority,
    change: Callable[[bytes], bytes],
    *,
    days: int = 0,
    leaf: x509.Certificate | None = None,
) -> bytes:
    """A file sealed with the real key by other hands, its container passed through `change`."""
    key = serialization.load_pem_private_key(authority.seal_key_pem, None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    seal = leaf or x509.load_pem_x509_certificate(authority.seal_cert_pem)
    ca = x509.load_pem_x509_certificate(authority.ca_cert_pem).public_bytes(DER)

    def contain(digest: bytes) -> bytes:
        signed = cms.signed_attributes(digest, seal.public_bytes(DER))
        value = key.sign(signed, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
        return change(cms.container(digest, seal, ca, cms.low_s(value)))

    return embed(small_page(), story.at(9, 40, day=13) + timedelta(days=days), RESERVED, contain)


def test_a_third_certificate_in_the_container_is_seen(authority: Authority) -> None:
    def padded_out(der: bytes) -> bytes:
        school = cms.open_container(der).certificates[0]
        return der.replace(school, school + b"\x30\x00", 1)

    assert kind(resealed(authority, padded_out), authority.ca_cert_pem) == "changed"
    assert kind(resealed(authority, lambda der: der), authority.ca_cert_pem) == "genuine"


# --- certificates --------------------------------------------------------------------------------


def other_leaf(authority: Authority, signer_pem: bytes, **changes: object) -> x509.Certificate:
    """Another certificate for the seal's own key, signed with the key of `signer_pem`."""
    seal = x509.load_pem_x509_certificate(authority.seal_cert_pem)
    signer = serialization.load_pem_private_key(signer_pem, None)
    assert isinstance(signer, ec.EllipticCurvePrivateKey)
    builder = (
        x509.CertificateBuilder()
        .subject_name(seal.subject)
        .issuer_name(seal.issuer)
        .public_key(seal.public_key())
        .serial_number(seal.serial_number)
        .not_valid_before(seal.not_valid_before_utc)
        .not_valid_after(changes.get("until", seal.not_valid_after_utc))  # type: ignore[arg-type]  # a moment
    )
    for extension in seal.extensions:
        builder = builder.add_extension(extension.value, extension.critical)
    return builder.sign(signer, hashes.SHA256())


def test_a_certificate_for_the_same_key_that_the_school_did_not_sign(authority: Authority) -> None:
    for signer in (authority.seal_key_pem, make_school_authority("X", story.at(7, 40)).ca_key_pem):
        forged = other_leaf(authority, signer)
        assert kind(resealed(authority, lambda d: d, leaf=forged), authority.ca_cert_pem) == (
            "not_ours"
        )


def test_a_certificate_put_in_place_of_the_one_that_sealed(authority: Authority) -> None:
    """Even one that the school itself signed: the seal names the very certificate it used."""
    genuine = resealed(authority, lambda der: der)
    twin = other_leaf(authority, authority.ca_key_pem).public_bytes(DER)
    own = x509.load_pem_x509_certificate(authority.seal_cert_pem).public_bytes(DER)
    der = held(genuine)
    if len(twin) == len(own):  # else the lengths around it are wrong already
        assert kind(with_container(genuine, der.replace(own, twin)), authority.ca_cert_pem) == (
            "changed"
        )
    digest = bytes.fromhex(re.search(rb"0420([0-9a-f]{64})", der.hex().encode())[1].decode())  # type: ignore[index]  # it is there
    other = cms.container(
        digest,
        x509.load_der_x509_certificate(twin),
        x509.load_pem_x509_certificate(authority.ca_cert_pem).public_bytes(DER),
        cms.open_container(der).signature,
    )
    assert kind(with_container(genuine, other), authority.ca_cert_pem) == "changed"


@pytest.mark.parametrize("days", [-400, -2, 3653, 9000])
def test_a_date_at_which_the_seal_was_not_valid(authority: Authority, days: int) -> None:
    verdict = verify(resealed(authority, lambda der: der, days=days), authority.ca_cert_pem)
    assert (verdict.kind, verdict.code) == ("not_ours", "out-of-time")


def test_a_school_of_the_same_name_is_not_this_school(authority: Authority) -> None:
    twin = make_school_authority(story.HEAD.school_name, story.at(7, 40))
    forged = sealed(small_page(), twin)
    assert kind(forged, authority.ca_cert_pem) == "not_ours"
    assert kind(forged, twin.ca_cert_pem) == "genuine"


def test_several_certificates_in_one_file_are_each_asked(authority: Authority) -> None:
    other = make_school_authority("Elsewhere", story.at(7, 40))
    genuine = sealed(small_page(), authority)
    for bundle in (
        other.ca_cert_pem + authority.ca_cert_pem,
        authority.seal_cert_pem + authority.ca_cert_pem,
        b"Our certificate:\n" + authority.ca_cert_pem + b"\n",
    ):
        assert kind(genuine, bundle) == "genuine"
    assert kind(sealed(small_page(), other), authority.ca_cert_pem * 2) == "not_ours"


def test_the_seals_certificate_in_place_of_the_authoritys_tells_nothing(
    authority: Authority,
) -> None:
    """A good copy must not be called changed because the wrong file was named."""
    for ca in (authority.seal_cert_pem, authority.seal_key_pem, authority.ca_cert_pem[:-40]):
        verdict = verify(sealed(small_page(), authority), ca)
        assert (verdict.kind, verdict.code) == ("cannot_tell", "no-authority")


def test_a_file_of_endless_certificates_is_not_read(authority: Authority) -> None:
    began = time.perf_counter()
    assert kind(small_page(), authority.ca_cert_pem * 2000) == "cannot_tell"
    assert time.perf_counter() - began < 5


# --- hostile files -------------------------------------------------------------------------------


def seal_around(digits: bytes) -> bytes:
    """A file shaped as ours around these digits, every range as it should be."""
    head = b"%PDF-1.4\n(SchoolSeal)\n<< /Contents <"
    rest = (
        b"\n/Type /Sig\n/Filter /Adobe.PPKLite\n/SubFilter /ETSI.CAdES.detached\n"
        b"/M (D:20261113094000-08'00')\n/Reference [ <<\n/Type /SigRef\n/TransformMethod /DocMDP\n"
        b"/TransformParams <<\n/Type /TransformParams\n/V /1.2\n/P 1\n>> >> ] >>\n%%EOF\n"
    )
    first = len(head) - 1
    second = first + len(digits) + 2
    for size in range(1, 12):
        field = b"\n/ByteRange [0 %d %d %s]" % (first, second, b"0" * size)
        length = 0
        length = len(field) + len(rest)
        if len(str(length)) == size:
            field = b"\n/ByteRange [0 %d %d %d]" % (first, second, length)
            return head + digits + b">" + field + rest
    raise AssertionError


def tlv(tag: int, body: bytes) -> bytes:
    return bytes((tag, 0x83)) + len(body).to_bytes(3, "big") + body


def hostile_files() -> dict[str, Callable[[], bytes]]:
    def many_certificates() -> bytes:
        inner = b"\x02\x01\x01" + tlv(0x31, b"") + tlv(0x30, b"") + tlv(0xA0, b"0\x00" * 3_000_000)
        return seal_around(
            tlv(0x30, b"\x06\x00" + tlv(0xA0, tlv(0x30, inner))).hex().upper().encode()
        )

    return {
        "a container of millions of certificates": many_certificates,
        "a container of a hundred million zeros": lambda: seal_around(b"0" * 100_000_000),
        "a field a million times": lambda: b"%PDF-1.4\n" + b"(SchoolSeal)/ByteRange" * 1_000_000,
        "nested arrays": lambda: b"%PDF-1.4\n(SchoolSeal)/ByteRange" + b"[" * 20_000_000,
        "spaces": lambda: seal_around(b"AB").replace(b"\n", b" " * 4000),
        "contents in contents": lambda: b"%PDF-1.4 (SchoolSeal)" + b"/Contents <" * 2_000_000,
        "zeros": lambda: bytes(120_000_000),
    }


@pytest.mark.parametrize("name", hostile_files())
def test_a_hostile_file_gets_its_verdict_in_five_seconds(name: str, released: Released) -> None:
    file = hostile_files()[name]()
    began = time.perf_counter()
    verdict = verify(file, released.ca)
    assert time.perf_counter() - began < 5
    assert verdict.kind in ("changed", "not_ours")


def test_what_is_no_copy_at_all_is_a_finding_and_not_a_doubt(
    released: Released, monkeypatch: pytest.MonkeyPatch
) -> None:
    for file, code in ((b"Dear parent,", "not-a-pdf"), (b"", "not-a-pdf")):
        verdict = verify(file, released.ca)
        assert (verdict.kind, verdict.code) == ("not_ours", code)
    monkeypatch.setattr("bt_desktop.paper.verify.LARGEST", 10)
    verdict = verify(released.mother, released.ca)
    assert (verdict.kind, verdict.code) == ("not_ours", "too-large")
    assert LARGEST > 10_000_000


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda pdf: pdf, 0),
        (lambda pdf: pdf + b"\n", 1),
        (lambda pdf: b"Dear parent,", 1),
        (lambda pdf: b"", 1),
    ],
)
def test_the_command_says_the_same(
    released: Released,
    tmp_path: Path,
    change: Callable[[bytes], bytes],
    expected: int,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file, ca = tmp_path / "copy.pdf", tmp_path / "ca.pem"
    file.write_bytes(change(released.mother))
    ca.write_bytes(released.ca)
    assert main(["verify", str(file), "--ca", str(ca)]) == expected
    ca.write_bytes(b"no certificate")
    assert main(["verify", str(file), "--ca", str(ca)]) == 3
    assert "Traceback" not in capsys.readouterr().err
