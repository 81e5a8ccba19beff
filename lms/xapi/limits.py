"""How much one request may bring (docs/record-store.md); the whole body is bounded by LMS_MAX_UPLOAD_MB."""

from lms.core.errors import Refused

LARGEST_JSON = 50 * 1024 * 1024  # bytes of statements, alone or in the first part of multipart/mixed
MOST_FILES = 200  # parts behind the first


class TooLarge(Refused):
    """More bytes than this store takes at once."""

    status = 413


def refuse_large_json(size: int) -> None:
    """Raises TooLarge for so many bytes of statements."""
    if size > LARGEST_JSON:
        raise TooLarge(
            "The statements of one request may have %(most)s MB at most. Send them in several requests.",
            most=LARGEST_JSON >> 20,
        )
