"""What nobody may read in a backup, encrypted: password hashes and what second factors are made of.

A key is stretched from a passphrase (scrypt) and encrypts with AES-256-GCM, which also tells a changed byte. The file:
`MARK`, 16 bytes of salt, 12 of nonce, the encrypted text.
"""

from __future__ import annotations

import secrets
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

MARK: Final = b"PIRAMIDE-SEALED-1\n"
_SALT: Final = 16
_NONCE: Final = 12


class WrongKeyError(Exception):
    """Another key sealed it, or a byte of it changed."""


def seal(text: bytes, passphrase: str) -> bytes:
    """`text` as only `passphrase` opens it; never the same twice."""
    salt, nonce = secrets.token_bytes(_SALT), secrets.token_bytes(_NONCE)
    return MARK + salt + nonce + AESGCM(_key(passphrase, salt)).encrypt(nonce, text, MARK)


def unseal(sealed: bytes, passphrase: str) -> bytes:
    """What `seal` was given. Raises `WrongKeyError`."""
    rest = sealed.removeprefix(MARK)
    salt, nonce, body = rest[:_SALT], rest[_SALT : _SALT + _NONCE], rest[_SALT + _NONCE :]
    if not sealed.startswith(MARK) or not body:
        raise WrongKeyError
    try:
        return AESGCM(_key(passphrase, salt)).decrypt(nonce, body, MARK)
    except InvalidTag as error:
        raise WrongKeyError from error


def _key(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(passphrase.encode())
