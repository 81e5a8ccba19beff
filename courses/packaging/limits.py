"""How much an archive may hold."""

from dataclasses import dataclass

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Upper bounds for one package; sizes are bytes as really read and written, never as the headers claim.

    `ratio` is what all files unpacked may be, as a multiple of the archive itself; it is looked at only
    beyond `ratio_from` bytes, because a handful of small text files may well shrink a hundredfold.
    """

    archive_bytes: int = 1024 * MEBIBYTE
    files: int = 20_000
    file_bytes: int = 1024 * MEBIBYTE
    total_bytes: int = 2048 * MEBIBYTE
    ratio: int = 100
    ratio_from: int = 32 * MEBIBYTE
    name_bytes: int = 240
    path_bytes: int = 1_000
    depth: int = 32


DEFAULT_LIMITS = Limits()
