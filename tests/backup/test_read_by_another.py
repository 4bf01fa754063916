"""A backup is read by a program that knows docs/backup-format.md and nothing of ours.

`read` and what stands above it may import libraries of others only; the story holds it to that.
"""

from __future__ import annotations

import ast
import base64
import hashlib
import json
import unicodedata
from pathlib import Path
from typing import Any

import argon2
import rfc8785
from cryptography.hazmat.primitives import hashes, hpke
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlcipher3 import dbapi2

from tests.factory import PASSWORD, School, signed_report
from tests.services.picture_maker import png

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
OURS = ("bt_desktop", "tests")


def hkdf(secret: bytes, vault: str, name: bytes) -> bytes:
    info = b"bt-sub-v1\0" + name
    return HKDF(hashes.SHA256(), 32, salt=vault.encode("ascii"), info=info).derive(secret)


def by_password(body: dict[str, Any], name: str, password: str) -> bytes:
    """The database key of whoever signs in as `name`."""
    user = next(one for one in body["users"] if one["name"] == name)
    salt, kdf = base64.b64decode(user["salt"]), user["kdf"]
    secret = argon2.low_level.hash_secret_raw(
        unicodedata.normalize("NFKC", password).encode(),
        salt,
        time_cost=kdf["t"],
        memory_cost=kdf["m"],
        parallelism=kdf["p"],
        hash_len=32,
        type=argon2.low_level.Type.ID,
    )
    bound = {
        "what": "bt-bundle-v1",
        "vault": body["vault"],
        "user": user["id"],
        **kdf,
        "salt": salt.hex(),
        **{key: base64.b64decode(user[key]).hex() for key in ("x25519", "ed25519")},
    }
    nonce, bundle = base64.b64decode(user["nonce"]), base64.b64decode(user["bundle"])
    seeds = AESGCM(secret).decrypt(nonce, bundle, rfc8785.dumps(bound))
    return opened(body, X25519PrivateKey.from_private_bytes(seeds[:32]), user["sealed"], user["id"])


def by_recovery_key(body: dict[str, Any], printed: str) -> bytes:
    """The database key of whoever holds the sheet."""
    number = 0
    for letter in printed.replace("-", "")[:32]:
        number = number * 32 + LETTERS.index(letter)
    private = hkdf(number.to_bytes(20, "big"), body["vault"], b"bt-recovery-v1")
    own = X25519PrivateKey.from_private_bytes(private)
    return opened(body, own, body["recovery"]["sealed"], "recovery")


def opened(body: dict[str, Any], own: X25519PrivateKey, sealed: dict[str, str], who: str) -> bytes:
    """The database key out of a box."""
    info = f"bt-dek|{body['vault']}|{body['generation']}|{who}".encode()
    return SUITE.decrypt(base64.b64decode(sealed[str(body["generation"])]), own, info)


def read(folder: Path, key_of: Any) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The manifest and every signed part; what does not hold stops it with an AssertionError."""
    told = json.loads((folder / "backup.json").read_bytes())
    manifest = told["manifest"]
    assert manifest["format"] == "bt-desktop-backup"
    assert manifest["version"] == 1
    signer = base64.b64decode(manifest["key"])
    Ed25519PublicKey.from_public_bytes(signer).verify(
        base64.b64decode(told["signature"]), b"bt-backup-v1\0" + rfc8785.dumps(manifest)
    )
    for name, file in manifest["files"].items():
        data = (folder / name).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (file["bytes"], file["sha256"])
    envelope = json.loads((folder / "vault.keys.json").read_bytes())
    summed = {key: value for key, value in envelope.items() if key != "sum"}
    assert envelope["sum"] == hashlib.sha256(rfc8785.dumps(summed)).hexdigest()
    body = envelope["body"]
    key = hkdf(key_of(body), body["vault"], b"backup")
    database = dbapi2.connect(str(folder / "records.db"))
    try:
        database.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        assert database.execute("PRAGMA cipher_integrity_check").fetchall() == []
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        keys = dict(database.execute("SELECT key_id, public FROM audit_key"))
        assert signer in keys.values()
        check_trail(database, keys, manifest)
        return manifest, [part for part in signed_parts(database)]
    finally:
        database.close()


def check_trail(database: Any, keys: dict[str, bytes], manifest: dict[str, Any]) -> None:
    """Every entry names the one before and was signed; the last is the manifest's head."""
    before = bytes(32)
    seq = 0
    for number, entry, sig, digest in database.execute(
        "SELECT seq, body, sig, hash FROM audit ORDER BY seq"
    ):
        seq += 1
        said = json.loads(entry)
        assert number == seq == said["seq"]
        assert said["prev"] == before.hex()
        Ed25519PublicKey.from_public_bytes(keys[said["key"]]).verify(sig, b"bt-audit-v1\0" + entry)
        before = hashlib.sha256(b"bt-audit-v1\0" + entry + sig).digest()
        assert before == digest
    assert manifest["head"] == {"seq": seq, "hash": before.hex()}


def beside(folder: Path, key_of: Any) -> dict[str, Any]:
    """Names, drafts, files and copies, read where nothing may be written: as the tables say."""
    body = json.loads((folder / "vault.keys.json").read_bytes())["body"]
    key = hkdf(key_of(body), body["vault"], b"backup")
    database = dbapi2.connect(f"{(folder / 'records.db').as_uri()}?immutable=1", uri=True)
    try:
        database.execute(f"PRAGMA key = \"x'{key.hex()}'\"")

        def rows(what: str) -> list[tuple[Any, ...]]:
            found: list[tuple[Any, ...]] = database.execute(f"SELECT {what}").fetchall()
            return found

        for digest, text in rows("digest, text FROM form_text"):
            assert hashlib.sha256(text.encode()).hexdigest() == digest
        for digest, data in rows("sha256, data FROM attachment UNION SELECT sha256, pdf FROM copy"):
            assert hashlib.sha256(data).hexdigest() == digest
        return {
            "students": dict(rows("id, given || ' ' || family FROM student")),
            "subjects": dict(rows("number, subject_id FROM record WHERE number IS NOT NULL")),
            "drafts": [json.loads(one) for (one,) in rows("answers FROM draft_part")],
            "files": [name for (name,) in rows("name FROM attachment")],
            "copies": [pdf[:5] for (pdf,) in rows("pdf FROM copy")],
            "calls": [json.loads(one) for (one,) in rows('"row" FROM notice')],
        }
    finally:
        database.close()


def check_letters(printed: str) -> str:
    """The last four letters of a recovery key, from the others."""
    number = 0
    for letter in printed.replace("-", "")[:32]:
        number = number * 32 + LETTERS.index(letter)
    told = hashlib.sha256(b"bt-recovery-check-v1\0" + number.to_bytes(20, "big")).digest()
    bits = int.from_bytes(told[:4], "big") >> 12
    return "".join(LETTERS[bits >> shift & 31] for shift in (15, 10, 5, 0))


def signed_parts(database: Any) -> Any:
    """The body of each signed part, whose signature was checked."""
    rows = database.execute("SELECT body, digest, signature, public_key FROM revision")
    for body, digest, signature, public in rows.fetchall():
        found = hashlib.sha256(body)
        assert found.hexdigest() == digest
        signed = b"bt-revision-v1\0" + found.digest()
        Ed25519PublicKey.from_public_bytes(public).verify(signature, signed)
        yield json.loads(body)


def test_a_stranger_reads_every_signed_word_of_a_backup(school: School) -> None:
    signed_report(school)
    tom = school.sign_in("tom")
    name, folder = tom.actor.name, tom.backups.make().folder
    tom.lock()

    manifest, parts = read(folder, lambda body: by_password(body, name, PASSWORD))
    assert manifest["counts"]["records"] == len({part["record"] for part in parts}) == 1
    assert any("Núñez" in json.dumps(part, ensure_ascii=False) for part in parts)
    assert read(folder, lambda body: by_recovery_key(body, school.recovery_key))[1] == parts


def test_a_stranger_reads_what_was_never_signed_without_leaving_a_trace(school: School) -> None:
    record = signed_report(school)
    tom = school.sign_in("tom")
    name = tom.actor.name
    draft = tom.records.start()
    tom.records.save_draft(draft, "report", {"location_detail": "Room 14"})
    tom.records.attach(record, "wall.png", "image/png", png(8, 8))
    tom.copies.school_copy(record)
    folder = tom.backups.make().folder
    tom.lock()
    before = sorted(folder.iterdir())

    found = beside(folder, lambda body: by_password(body, name, PASSWORD))
    subject = found["subjects"]["BER-2026-0001"]
    assert found["students"][subject.removeprefix("student:")] == "Mateo Núñez-Okafor"
    assert {"location_detail": "Room 14"} in found["drafts"]
    assert found["files"] == ["wall.png"]
    assert found["copies"] == [b"%PDF-"]
    assert all("notice_date" in call for call in found["calls"])
    assert sorted(folder.iterdir()) == before
    assert school.recovery_key.endswith(check_letters(school.recovery_key))


def test_the_stranger_knows_nothing_of_ours() -> None:
    tree = ast.parse(Path(__file__).read_text("utf-8"))
    borrowed = {
        name.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in OURS
        for name in node.names
    }
    assert borrowed == {"PASSWORD", "School", "png", "signed_report"}
    used = {
        inner.id
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("test_")
        for inner in ast.walk(node)
        if isinstance(inner, ast.Name)
    }
    assert not used & borrowed
