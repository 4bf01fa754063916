"""The one shape of a seal's CMS container (RFC 5652), written by hand so that it can be rebuilt.

A container is a function of four things: the seal's certificate, the school's certificate, the
digest of the document and the signature's value. `seal` writes it; `verify` writes it again from
what it found and compares bytes, so no bit of a container is free. The profile is PAdES B-B
(ETSI EN 319 142-1): detached, SHA-256, ECDSA on P-256, signing-certificate-v2, no signing-time
attribute (the time stands in the signature dictionary).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.serialization import Encoding

_INTEGER, _OCTETS, _OID, _SEQUENCE, _SET = 0x02, 0x04, 0x06, 0x30, 0x31
_CONTEXT_0 = 0xA0

# Order of the group of P-256 (SEC 2, 2.4.2). Of the two valid `s` we write the lower one.
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551

_MOST_CERTIFICATES = 2
"""The seal's and the school's: a container with millions of empty ones is not walked through."""


class NotOurContainer(ValueError):
    """The bytes are not a container as we write it."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What a container holds: the certificates in the order found, and the signature's value."""

    certificates: tuple[bytes, ...]
    signature: bytes
    length: int


# --- writing -------------------------------------------------------------------------------------


def _tlv(tag: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    if len(body) < 0x80:
        return bytes((tag, len(body))) + body
    length = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + body


def _integer(value: int) -> bytes:
    return _tlv(_INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def _oid(dotted: str) -> bytes:
    first, second, *rest = (int(arc) for arc in dotted.split("."))
    body = bytearray((first * 40 + second,))
    for arc in rest:
        groups = [arc & 0x7F]
        while arc := arc >> 7:
            groups.append(0x80 | (arc & 0x7F))
        body.extend(reversed(groups))
    return _tlv(_OID, bytes(body))


_DATA = _oid("1.2.840.113549.1.7.1")
_SIGNED_DATA = _oid("1.2.840.113549.1.7.2")
_CONTENT_TYPE = _oid("1.2.840.113549.1.9.3")
_MESSAGE_DIGEST = _oid("1.2.840.113549.1.9.4")
_SIGNING_CERTIFICATE_V2 = _oid("1.2.840.113549.1.9.16.2.47")
_SHA256 = _tlv(_SEQUENCE, _oid("2.16.840.1.101.3.4.2.1"))
_ECDSA_SHA256 = _tlv(_SEQUENCE, _oid("1.2.840.10045.4.3.2"))


def signed_attributes(document_digest: bytes, seal_certificate: bytes) -> bytes:
    """The bytes that the seal signs: three attributes as a DER SET OF.

    `document_digest` is the SHA-256 of the file without its container; `seal_certificate` is DER.
    The hash algorithm of ESSCertIDv2 is left out because SHA-256 is its default (RFC 5035).
    """
    certificate_id = _tlv(_SEQUENCE, _tlv(_OCTETS, hashlib.sha256(seal_certificate).digest()))
    attributes = (
        _tlv(_SEQUENCE, _CONTENT_TYPE, _tlv(_SET, _DATA)),
        _tlv(_SEQUENCE, _MESSAGE_DIGEST, _tlv(_SET, _tlv(_OCTETS, document_digest))),
        _tlv(
            _SEQUENCE,
            _SIGNING_CERTIFICATE_V2,
            _tlv(_SET, _tlv(_SEQUENCE, _tlv(_SEQUENCE, certificate_id))),
        ),
    )
    return _tlv(_SET, *sorted(attributes))


def container(
    document_digest: bytes, seal: x509.Certificate, school_certificate: bytes, signature: bytes
) -> bytes:
    """The whole container as DER. `signature` is a DER ECDSA value over `signed_attributes`."""
    seal_certificate = seal.public_bytes(Encoding.DER)
    attributes = signed_attributes(document_digest, seal_certificate)
    signer = _tlv(
        _SEQUENCE,
        _integer(1),
        _tlv(_SEQUENCE, seal.issuer.public_bytes(), _integer(seal.serial_number)),
        _SHA256,
        bytes((_CONTEXT_0,)) + attributes[1:],  # [0] IMPLICIT in place of SET's own tag
        _ECDSA_SHA256,
        _tlv(_OCTETS, signature),
    )
    signed_data = _tlv(
        _SEQUENCE,
        _integer(1),
        _tlv(_SET, _SHA256),
        _tlv(_SEQUENCE, _DATA),
        _tlv(_CONTEXT_0, *sorted((seal_certificate, school_certificate))),
        _tlv(_SET, signer),
    )
    return _tlv(_SEQUENCE, _SIGNED_DATA, _tlv(_CONTEXT_0, signed_data))


def low_s(signature: bytes) -> bytes:
    """The same ECDSA P-256 signature with the lower of its two `s`, as DER."""
    r, s = decode_dss_signature(signature)
    return encode_dss_signature(r, min(s, _ORDER - s))


# --- reading -------------------------------------------------------------------------------------


def _read(data: bytes, at: int, end: int, tag: int) -> tuple[int, int]:
    """Start and end of the body of the element at `at`; DER lengths only, inside `end`."""
    if at + 2 > end or data[at] != tag:
        raise NotOurContainer
    length, start = data[at + 1], at + 2
    if length >= 0x80:
        count = length & 0x7F
        if not 1 <= count <= 3 or start + count > end:
            raise NotOurContainer
        length = int.from_bytes(data[start : start + count], "big")
        start += count
    if start + length > end:
        raise NotOurContainer
    return start, start + length


def open_container(data: bytes) -> Opened:
    """Read the certificates and the signature out of a container that may be followed by padding.

    Only walks as far as it must; the rest is compared by writing it again. Raises
    `NotOurContainer` where the bytes do not have our shape.
    """
    start, whole_end = _read(data, 0, len(data), _SEQUENCE)
    _, at = _read(data, start, whole_end, _OID)
    start, end = _read(data, at, whole_end, _CONTEXT_0)
    start, end = _read(data, start, end, _SEQUENCE)
    _, at = _read(data, start, end, _INTEGER)
    _, at = _read(data, at, end, _SET)
    _, at = _read(data, at, end, _SEQUENCE)
    certificates_at, certificates_end = _read(data, at, end, _CONTEXT_0)
    certificates: list[bytes] = []
    while certificates_at < certificates_end:
        if len(certificates) == _MOST_CERTIFICATES:
            raise NotOurContainer
        _, after = _read(data, certificates_at, certificates_end, _SEQUENCE)
        certificates.append(data[certificates_at:after])
        certificates_at = after
    start, end = _read(data, certificates_end, end, _SET)
    start, end = _read(data, start, end, _SEQUENCE)
    at = start
    for tag in (_INTEGER, _SEQUENCE, _SEQUENCE, _CONTEXT_0, _SEQUENCE):
        _, at = _read(data, at, end, tag)
    start, end = _read(data, at, end, _OCTETS)
    return Opened(tuple(certificates), data[start:end], whole_end)


def is_low_s(signature: bytes) -> bool:
    """Whether `signature` is a DER ECDSA value as we write it: canonical, with the lower `s`."""
    try:
        return low_s(signature) == signature
    except ValueError:
        return False
