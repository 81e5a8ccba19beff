"""Names in zips are bytes; this guesses in which encoding they were written."""

import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Sequence

_UTF8_FLAG = 0x0800
_UNICODE_PATH = 0x7075
# Of the 128 upper places of code page 437 these are letters of Western languages; most others draw boxes.
_CP437_LETTERS = frozenset([*range(0x80, 0x9B), *range(0x9F, 0xA6), 0xE1])
_VIETNAMESE = frozenset(
    "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ"
    "ÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬĐÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ"
)


def decoded_names(infos: Sequence[zipfile.ZipInfo]) -> tuple[list[str], str]:
    """The name of each entry: flagged UTF-8, the Unicode Path extra field (APPNOTE 4.6.9), or guessed.

    With them comes the encoding guessed: one for all names, because one tool on one computer wrote them.
    """
    encoding = guessed_encoding([_raw(info) for info in infos if not info.flag_bits & _UTF8_FLAG])
    return [_name(info, encoding) for info in infos], encoding


def guessed_encoding(names: Sequence[bytes]) -> str:
    """UTF-8 without its flag (macOS), Western letters, Vietnamese or Chinese Windows, else code page 437."""
    together = b"\n".join(names)
    if _decodes(together, "utf-8"):
        return "utf-8"
    upper = {byte for byte in together if byte >= 0x80}  # noqa: PLR2004  (the upper half of a byte)
    if upper <= _CP437_LETTERS:
        return "cp437"
    if is_vietnamese(together):
        return "cp1258"
    return "gbk" if _decodes(together, "gbk") else "cp437"


def is_vietnamese(raw: bytes) -> bool:
    """Whether all letters beyond ASCII are Vietnamese; the code page writes tones behind their letters."""
    if not _decodes(raw, "cp1258"):
        return False
    letters = unicodedata.normalize("NFC", raw.decode("cp1258"))
    return all(letter in _VIETNAMESE for letter in letters if not letter.isascii())


def _decodes(raw: bytes, encoding: str) -> bool:
    try:
        raw.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _raw(info: zipfile.ZipInfo) -> bytes:
    """The name's bytes: without the flag, zipfile decoded them as code page 437, which loses nothing."""
    return info.orig_filename.encode("cp437")


def _name(info: zipfile.ZipInfo, encoding: str) -> str:
    if info.flag_bits & _UTF8_FLAG:
        return info.orig_filename
    raw = _raw(info)
    return _unicode_path(info.extra, raw) or raw.decode(encoding)


def _unicode_path(extra: bytes, raw: bytes) -> str:
    """The field's name, if it belongs to this one: it holds a version, the CRC of the plain name, UTF-8."""
    while len(extra) >= 4:  # noqa: PLR2004  (a field's head: kind and length, two bytes each)
        kind, length = struct.unpack("<HH", extra[:4])
        field, extra = extra[4 : 4 + length], extra[4 + length :]
        if kind == _UNICODE_PATH and len(field) > 5:  # noqa: PLR2004  (version and CRC)
            version, crc = struct.unpack("<BL", field[:5])
            if version == 1 and crc == zlib.crc32(raw) and _decodes(field[5:], "utf-8"):
                return field[5:].decode()
    return ""
