"""By which hash and which signature seals are made: exchangeable by name, so that an office whose authority asks for
the national algorithms (SM3, SM2) takes those without another form of seals."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from audit.rules.sealing import Hash, prefixed

Known = TypeVar("Known")


class UnknownAlgorithm(Exception):
    """No hash or signature of this name is known here."""


class BadKey(Exception):
    """A key file that holds no key."""


def _sha256(told: bytes) -> bytes:
    return hashlib.sha256(told).digest()


def _sm3(told: bytes) -> bytes:
    return hashlib.new("sm3", told).digest()


#: Hashes of 32 bytes by name. SM3 is GB/T 32905-2016.
HASHES: Final[dict[str, Hash]] = {"sha256": _sha256, "sm3": _sm3}


@dataclass(frozen=True)
class Signature:
    """One way to sign: make a secret, tell its public part, sign, and check."""

    make: Callable[[], bytes]
    public: Callable[[bytes], bytes]
    sign: Callable[[bytes, bytes], bytes]  # secret, told
    check: Callable[[bytes, bytes, bytes], bool]  # public, signature, told


def _check_ed25519(public: bytes, signature: bytes, told: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, told)
    except (InvalidSignature, ValueError):
        return False
    return True


ED25519: Final = Signature(
    make=lambda: Ed25519PrivateKey.generate().private_bytes_raw(),
    public=lambda secret: Ed25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw(),
    sign=lambda secret, told: Ed25519PrivateKey.from_private_bytes(secret).sign(told),
    check=_check_ed25519,
)

#: Ways to sign by name. SM2 (GB/T 32918-2016) is signed by a device or library of the office: it registers here.
SIGNATURES: Final[dict[str, Signature]] = {"ed25519": ED25519}


def register_hash(name: str, hashed: Hash) -> None:
    """Make a hash of 32 bytes known by its name."""
    HASHES[name] = hashed


def register_signature(name: str, way: Signature) -> None:
    """Make a way to sign known by its name."""
    SIGNATURES[name] = way


def hash_named(name: str) -> Hash:
    """The hash of this name. Raises UnknownAlgorithm."""
    return _known(HASHES, name)


def signature_named(name: str) -> Signature:
    """The way to sign of this name. Raises UnknownAlgorithm."""
    return _known(SIGNATURES, name)


def _known(among: Mapping[str, Known], name: str) -> Known:
    if name not in among:
        raise UnknownAlgorithm(name)
    return among[name]


@dataclass(frozen=True)
class Key:
    """A key that signs seals."""

    algorithm: str
    secret: bytes

    @property
    def public(self) -> bytes:
        """What everybody may know of it."""
        return signature_named(self.algorithm).public(self.secret)

    @property
    def fingerprint(self) -> str:
        """By which it is named on checkpoints."""
        return fingerprint(self.algorithm, self.public)

    def sign(self, told: bytes) -> bytes:
        """The signature of some bytes."""
        return signature_named(self.algorithm).sign(self.secret, told)


def fingerprint(algorithm: str, public: bytes) -> str:
    """The SHA-256 of a public key with the name of its algorithm, in hexadecimal."""
    return hashlib.sha256(prefixed(algorithm.encode()) + prefixed(public)).hexdigest()


def written(key: Key) -> str:
    """A key as its file holds it."""
    return f"{key.algorithm}:{key.secret.hex()}\n"


def read(text: str) -> Key:
    """The key in a file's text. Raises BadKey, UnknownAlgorithm."""
    algorithm, _colon, secret = text.strip().partition(":")
    way = signature_named(algorithm)
    try:
        key = Key(algorithm, bytes.fromhex(secret))
        way.public(key.secret)
    except ValueError as refusal:
        raise BadKey(algorithm) from refusal
    return key


def made(algorithm: str = "ed25519") -> Key:
    """A new key."""
    return Key(algorithm, signature_named(algorithm).make())
