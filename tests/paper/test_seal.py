"""The seal as other programs see it, and as the school can use it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519

from bt_desktop.paper import cms
from bt_desktop.paper.seal import (
    Authority,
    SealUnusable,
    fingerprint,
    make_school_authority,
    seal,
)
from tests.paper import pdf, story
from tests.paper.conftest import sealed, small_page


def test_pdfsig_finds_it_valid_total_and_trusted(
    sealed_school: bytes, authority: Authority, tmp_path: Path
) -> None:
    said = pdf.signatures(sealed_school, pdf.trust(authority.ca_cert_pem, tmp_path))

    assert "Signature is Valid." in said
    assert "Total document signed" in said
    assert "Certificate is Trusted." in said
    assert "Signature Field Name: SchoolSeal" in said
    assert "ETSI.CAdES.detached" in said


def test_another_school_of_the_same_name_is_not_trusted(
    school_pdf: bytes, authority: Authority, tmp_path: Path
) -> None:
    forged = make_school_authority(story.HEAD.school_name, story.at(7, 40))

    said = pdf.signatures(sealed(school_pdf, forged), pdf.trust(authority.ca_cert_pem, tmp_path))

    assert "Certificate is Trusted." not in said


def test_sealing_twice_gives_the_same_file(school_pdf: bytes, authority: Authority) -> None:
    assert sealed(school_pdf, authority) == sealed(school_pdf, authority)


def test_the_page_stays_as_it_was_and_the_field_is_out_of_sight(
    school_pdf: bytes, sealed_school: bytes
) -> None:
    assert sealed_school.startswith(school_pdf)
    assert b"/Rect [ -60 -60 -10 -10 ]" in sealed_school
    assert pdf.words(sealed_school) == pdf.words(school_pdf)


def test_the_authority_lives_twenty_years_and_may_vouch_for_seals_only(
    authority: Authority,
) -> None:
    ca = x509.load_pem_x509_certificate(authority.ca_cert_pem)
    leaf = x509.load_pem_x509_certificate(authority.seal_cert_pem)

    assert (ca.not_valid_after_utc - ca.not_valid_before_utc).days == 7305
    assert (leaf.not_valid_after_utc - leaf.not_valid_before_utc).days == 3652
    limits = ca.extensions.get_extension_for_class(x509.BasicConstraints).value
    assert (limits.ca, limits.path_length) == (True, 0)
    with pytest.raises(x509.ExtensionNotFound):
        leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    assert len(fingerprint(authority.ca_cert_pem)) == 64


@pytest.mark.parametrize("name", ["", "  ", "Ł" * 300, "<b>&\"'", "Nuestra Señora 學校"])
def test_any_school_name_can_have_a_seal(name: str) -> None:
    made = make_school_authority(name, story.at(7, 40))

    assert sealed(small_page(), made)


def test_a_seal_is_refused_before_and_after_its_life(authority: Authority) -> None:
    keys = (authority.seal_cert_pem, authority.seal_key_pem, authority.ca_cert_pem)
    for wrong in (story.at(7, 40) - timedelta(hours=2), story.at(7, 40) + timedelta(days=3653)):
        with pytest.raises(SealUnusable):
            seal(small_page(), *keys, wrong)


def test_a_key_that_does_not_fit_is_refused(authority: Authority) -> None:
    other = make_school_authority("Other", story.at(7, 40))
    strange = ed25519.Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    for cert, key, ca in (
        (authority.seal_cert_pem, other.seal_key_pem, authority.ca_cert_pem),
        (authority.seal_cert_pem, authority.seal_key_pem, other.ca_cert_pem),
        (authority.seal_cert_pem, strange, authority.ca_cert_pem),
        (b"damaged", authority.seal_key_pem, authority.ca_cert_pem),
        (authority.seal_cert_pem, b"damaged", authority.ca_cert_pem),
    ):
        with pytest.raises(SealUnusable) as problem:
            seal(small_page(), cert, key, ca, story.at(9, 0))
        assert problem.value.code == "seal-unusable"


def test_a_signature_has_one_form_only() -> None:
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    low, high = encode_dss_signature(5, 7), encode_dss_signature(5, order - 7)

    assert cms.low_s(high) == cms.low_s(low) == low
    assert cms.is_low_s(low)
    assert not cms.is_low_s(high)
    assert not cms.is_low_s(b"no signature")
