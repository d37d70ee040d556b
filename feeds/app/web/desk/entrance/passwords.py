"""The password of the desk: kept as an argon2id hash (RFC 9106), never as it is."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

FACT = "desk:password"  # under which the store keeps the hash
SHORTEST, LONGEST = 10, 256  # characters


def mistake(password: str) -> str | None:
    """Why this cannot be the password, or None."""
    if not SHORTEST <= len(password) <= LONGEST:
        return f"should be {SHORTEST} to {LONGEST} characters long"
    if len(set(password)) < 5:
        return "should have more than four different characters"
    return None


def hashed(password: str) -> str:
    """What is kept of a password. Takes a quarter of a second and 64 MB on purpose."""
    return PasswordHasher().hash(password)


def is_right(kept: str | None, password: str) -> bool:
    """Whether this is the password whose hash is kept. Takes as long as `hashed`, also without a hash."""
    if len(password) > LONGEST:
        return False
    if kept is None:
        hashed(password)  # how long it takes tells nothing of whether there is a password
        return False
    try:
        return PasswordHasher().verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False
