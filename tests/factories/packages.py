"""Packages made in memory, with every oddity that real tools and hostile people produce."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

STORED, DEFLATED = 0, 8
UTF8_FLAG = 0x0800
PAGE = b"<!doctype html><title>Lesson</title>"

CP12 = "http://www.imsproject.org/xsd/imscp_rootv1p1p2"
ADLCP12 = "http://www.adlnet.org/xsd/adlcp_rootv1p2"
CP2004 = "http://www.imsglobal.org/xsd/imscp_v1p1"
ADLCP2004 = "http://www.adlnet.org/xsd/adlcp_v1p3"
MD12 = "http://www.imsglobal.org/xsd/imsmd_rootv1p2p1"

METADATA12 = "<metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>"
ONE_ITEM = '<item identifier="I1" identifierref="R1"><title>Lesson one</title></item>'
ONE_RESOURCE = '<resource identifier="R1" type="webcontent" adlcp:scormtype="sco" href="index.html"/>'


@dataclass(frozen=True)
class RawEntry:
    """One file as written into a zip, with freedom to lie; `mode` is the Unix file mode.

    `packed` stands in the archive instead of the compressed `data`.
    """

    name: bytes
    data: bytes = b"content"
    flags: int = 0
    method: int = DEFLATED
    mode: int = 0
    extra: bytes = b""
    claimed_size: int | None = None
    claimed_crc: int | None = None
    packed: bytes | None = None
    claimed_packed_size: int | None = None
    version: int = 20


def raw_zip(*entries: RawEntry) -> bytes:
    """A zip written by hand (APPNOTE 4.3), because a well-behaved writer refuses to write a bad one."""
    body, directory = b"", b""
    for entry in entries:
        packed = _packed(entry)
        packed_size = len(packed) if entry.claimed_packed_size is None else entry.claimed_packed_size
        size = len(entry.data) if entry.claimed_size is None else entry.claimed_size
        crc = zlib.crc32(entry.data) if entry.claimed_crc is None else entry.claimed_crc
        common = struct.pack(
            "<HHHHHLLLHH",
            *(entry.version, entry.flags, entry.method, 0, 0x21, crc, packed_size, size, len(entry.name)),
            len(entry.extra),
        )
        directory += b"PK\x01\x02" + struct.pack("<H", 0x0314) + common
        directory += struct.pack("<HHHLL", 0, 0, 0, entry.mode << 16, len(body)) + entry.name + entry.extra
        body += b"PK\x03\x04" + common + entry.name + entry.extra + packed
    counts = (len(entries), len(entries), len(directory), len(body), 0)
    return body + directory + b"PK\x05\x06" + struct.pack("<HHHHLLH", 0, 0, *counts)


def _packed(entry: RawEntry) -> bytes:
    if entry.packed is not None:
        return entry.packed
    return _deflated(entry.data) if entry.method == DEFLATED else entry.data


def _deflated(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


def zipped(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def manifest12(
    *,
    items: str = ONE_ITEM,
    resources: str = ONE_RESOURCE,
    metadata: str = METADATA12,
    organizations: str | None = None,
    attributes: str = "",
    resources_attributes: str = "",
) -> str:
    """imsmanifest.xml of SCORM 1.2, valid unless a part says otherwise."""
    contents = organizations or (
        '<organizations default="O1"><organization identifier="O1"><title>Course</title>'
        f"{items}</organization></organizations>"
    )
    return (
        f'<manifest identifier="M1" xmlns="{CP12}" xmlns:adlcp="{ADLCP12}" xmlns:imsmd="{MD12}" {attributes}>'
        f"{metadata}{contents}<resources {resources_attributes}>{resources}</resources></manifest>"
    )


def manifest2004(*, items: str = ONE_ITEM, version: str = "2004 4th Edition", after: str = "") -> str:
    resource = ONE_RESOURCE.replace("scormtype", "scormType")
    return (
        f'<manifest identifier="M1" xmlns="{CP2004}" xmlns:adlcp="{ADLCP2004}" '
        'xmlns:imsss="http://www.imsglobal.org/xsd/imsss">'
        f"<metadata><schema>ADL SCORM</schema><schemaversion>{version}</schemaversion></metadata>"
        '<organizations default="O1"><organization identifier="O1"><title>Course</title>'
        f"{items}</organization></organizations><resources>{resource}</resources>{after}</manifest>"
    )


def cmi5_structure(contents: str) -> str:
    return (
        '<courseStructure xmlns="https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd">'
        '<course id="https://example.org/course"><title><langstring lang="vi">Khóa học</langstring></title>'
        '<description><langstring lang="vi">Mô tả</langstring></description></course>'
        f"{contents}</courseStructure>"
    )


def unpacked(folder: Path, files: Mapping[str, bytes | str]) -> Path:
    """The files written below `folder`, as if a package had been opened there."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def scorm12_folder(folder: Path, manifest: str | bytes | None = None, **files: bytes) -> Path:
    """A package with index.html, the given manifest, and more files (`__` in a name stands for a slash)."""
    more = {name.replace("__", "/").replace("_", "."): content for name, content in files.items()}
    return unpacked(folder, {"index.html": PAGE, "imsmanifest.xml": manifest or manifest12(), **more})


def zip64(files: Mapping[str, bytes]) -> bytes:
    """A zip in which every size, offset and count is written the wide way (APPNOTE 4.3.14, 4.5.3)."""
    body, directory = b"", b""
    for name, data in files.items():
        packed, title = _deflated(data), name.encode()
        head = struct.pack("<HHHHHL", 45, UTF8_FLAG, DEFLATED, 0, 0x21, zlib.crc32(data)) + b"\xff" * 8
        wide = struct.pack("<HHQQQ", 1, 24, len(data), len(packed), len(body))
        directory += b"PK\x01\x02\x2d\x03" + head + struct.pack("<HH", len(title), len(wide))
        directory += struct.pack("<HHHL", 0, 0, 0, 0) + b"\xff" * 4 + title + wide
        local = struct.pack("<HHQQ", 1, 16, len(data), len(packed))
        body += b"PK\x03\x04" + head + struct.pack("<HH", len(title), len(local)) + title + local + packed
    end = struct.pack(
        "<4sQHHLLQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, *[len(files)] * 2, len(directory), len(body)
    )
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, len(body) + len(directory), 1)
    return body + directory + end + locator + b"PK\x05\x06" + bytes(4) + b"\xff" * 12 + bytes(2)
