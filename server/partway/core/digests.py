"""Digests, as hashlib hands them on, without loading OpenSSL for the rest of it: that takes longer than to read some
twenty migrations. A Python that has them elsewhere is asked through hashlib."""

from __future__ import annotations

__all__ = ["blake2b", "md5", "sha256"]

try:
    from _blake2 import blake2b
except ImportError:
    from hashlib import blake2b

try:
    from _md5 import md5  # type: ignore[import-not-found] # it has no stub
except ImportError:
    from hashlib import md5

try:
    from _sha2 import sha256  # type: ignore[import-not-found] # Python 3.12 and later; it has no stub
except ImportError:
    try:
        from _sha256 import sha256  # type: ignore[import-not-found] # Python 3.11; it has no stub
    except ImportError:
        from hashlib import sha256
