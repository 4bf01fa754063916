"""The school's seal: its own small certificate authority, and the signature on a PDF.

The seal says that the school made exactly this file, at this time; people sign the record
itself. One authority (P-256, 20 years) vouches for one seal certificate (10 years), because
without a trusted time stamp a signature cannot outlive its certificate. The file is certified
with "no changes allowed" (DocMDP P=1), so anything added later breaks it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bt_desktop.errors import KnownError
from bt_desktop.paper import cms

AUTHORITY_LIFE = timedelta(days=7305)  # 20 years
SEAL_LIFE = timedelta(days=3652)  # 10 years
RESERVED = 8192
"""Hex digits kept free for the container; ours needs 2,800, 5,400 with the longest school name."""

_NAME_LIMIT = 64  # ub-organization-name of RFC 5280


class SealUnusable(KnownError):
    """The school's seal key and certificate do not fit, are damaged or have run out."""

    def __init__(self) -> None:
        super().__init__(
            "seal-unusable",
            "The school's seal cannot be used, so this copy was not sealed.",
            "An administrator can make a new seal under Settings; the record itself is safe.",
        )


@dataclass(frozen=True, slots=True)
class Authority:
    """A school's certificate authority and its seal, all as PEM; the keys are not encrypted."""

    ca_cert_pem: bytes
    ca_key_pem: bytes
    seal_cert_pem: bytes
    seal_key_pem: bytes


def _name(common: str, school_name: str) -> x509.Name:
    attributes = [x509.NameAttribute(NameOID.COMMON_NAME, common)]
    if school := school_name.strip()[:_NAME_LIMIT]:
        attributes.insert(0, x509.NameAttribute(NameOID.ORGANIZATION_NAME, school))
    return x509.Name(attributes)


def _key_usage(*, signs_documents: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=signs_documents,
        content_commitment=signs_documents,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=not signs_documents,
        crl_sign=not signs_documents,
        encipher_only=False,
        decipher_only=False,
    )


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def make_school_authority(school_name: str, at: datetime) -> Authority:
    """A new authority for a school, and its seal, valid from an hour before `at` (aware).

    No extended key usage stands on the seal: poppler trusts a seal marked for documents alone
    less than one without a mark, so there is none.
    """
    begin = at.astimezone(UTC).replace(microsecond=0) - timedelta(hours=1)
    ca_key = ec.generate_private_key(ec.SECP256R1())
    ca_name = _name("School records authority", school_name)
    ca_id = x509.SubjectKeyIdentifier.from_public_key(ca_key.public_key())
    ca = (
        x509.CertificateBuilder()
        .subject_name(ca_name)
        .issuer_name(ca_name)
        .public_key(ca_key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + AUTHORITY_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(signs_documents=False), critical=True)
        .add_extension(ca_id, critical=False)
        .sign(ca_key, hashes.SHA256())
    )
    seal_key = ec.generate_private_key(ec.SECP256R1())
    seal_cert = (
        x509.CertificateBuilder()
        .subject_name(_name("School records seal", school_name))
        .issuer_name(ca_name)
        .public_key(seal_key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + SEAL_LIFE)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(signs_documents=True), critical=True)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(ca_id), critical=False
        )
        .add_extension(
            x509.SubjectKeyIdentifier.from_public_key(seal_key.public_key()), critical=False
        )
        .sign(ca_key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    return Authority(
        ca.public_bytes(pem), _key_pem(ca_key), seal_cert.public_bytes(pem), _key_pem(seal_key)
    )


def fingerprint(ca_pem: bytes) -> str:
    """SHA-256 of the school's certificate as 64 hex digits: what the school publishes."""
    return x509.load_pem_x509_certificate(ca_pem).fingerprint(hashes.SHA256()).hex()


def seal(
    pdf: bytes, seal_cert_pem: bytes, seal_key_pem: bytes, ca_cert_pem: bytes, at: datetime
) -> bytes:
    """`pdf` with the school's seal, certified at `at` (aware; printed in its own offset).

    The same input gives the same bytes. Raises `SealUnusable` where key and certificates do not
    belong together, are damaged, or the seal is not valid at `at`.
    """
    from bt_desktop.paper import seal_writer  # deferred: brings pyHanko

    key, certificate, authority = _checked(seal_cert_pem, seal_key_pem, ca_cert_pem, at)
    der = serialization.Encoding.DER

    def contain(digest: bytes) -> bytes:
        attributes = cms.signed_attributes(digest, certificate.public_bytes(der))
        # Deterministic (RFC 6979): the same copy sealed twice is the same file.
        value = key.sign(attributes, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
        return cms.container(digest, certificate, authority.public_bytes(der), cms.low_s(value))

    return seal_writer.embed(pdf, at, RESERVED, contain)


def _checked(
    seal_cert_pem: bytes, seal_key_pem: bytes, ca_cert_pem: bytes, at: datetime
) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate, x509.Certificate]:
    """The key and both certificates, known to fit each other."""
    try:
        key = serialization.load_pem_private_key(seal_key_pem, password=None)
        certificate = x509.load_pem_x509_certificate(seal_cert_pem)
        authority = x509.load_pem_x509_certificate(ca_cert_pem)
        certificate.verify_directly_issued_by(authority)
    except Exception as problem:  # damaged PEM has as many exceptions as ways to be damaged
        raise SealUnusable from problem
    in_time = certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc
    if (
        not isinstance(key, ec.EllipticCurvePrivateKey)
        or key.public_key() != certificate.public_key()
        or not in_time
    ):
        raise SealUnusable
    return key, certificate, authority
