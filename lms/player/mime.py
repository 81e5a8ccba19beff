"""The kinds of files that packages are made of; our own table, since the operating systems' differ."""

from pathlib import PurePosixPath

UNKNOWN = "application/octet-stream"

# Without a character set: a page says in its head which one it uses, and old ones use others than UTF-8.
_TYPES = {
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "application/xhtml+xml",
    ".css": "text/css",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".json": "application/json",
    ".xml": "application/xml",
    ".xsd": "application/xml",
    ".dtd": "application/xml-dtd",
    ".txt": "text/plain",
    ".csv": "text/csv",
    ".vtt": "text/vtt",
    ".srt": "text/plain",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".bmp": "image/bmp",
    ".ico": "image/x-icon",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".aac": "audio/aac",
    ".ogg": "audio/ogg",
    ".oga": "audio/ogg",
    ".opus": "audio/ogg",
    ".wav": "audio/wav",
    ".mp4": "video/mp4",
    ".m4v": "video/mp4",
    ".webm": "video/webm",
    ".ogv": "video/ogg",
    ".mov": "video/quicktime",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".ttf": "font/ttf",
    ".otf": "font/otf",
    ".eot": "application/vnd.ms-fontobject",
    ".flac": "audio/flac",
    ".weba": "audio/webm",
    ".mid": "audio/midi",
    ".mpg": "video/mpeg",
    ".mpeg": "video/mpeg",
    ".3gp": "video/3gpp",
    ".mkv": "video/x-matroska",
    ".avi": "video/x-msvideo",
    ".wmv": "video/x-ms-wmv",
    ".m3u8": "application/vnd.apple.mpegurl",
    ".ts": "video/mp2t",
    ".jfif": "image/jpeg",
    ".apng": "image/apng",
    ".cur": "image/x-icon",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".heic": "image/heic",
    ".xht": "application/xhtml+xml",
    ".xsl": "text/xsl",
    ".cjs": "text/javascript",
    ".map": "application/json",
    ".jsonld": "application/ld+json",
    ".webmanifest": "application/manifest+json",
    ".ttml": "application/ttml+xml",
    ".md": "text/plain",
    ".swf": "application/x-shockwave-flash",
    ".glb": "model/gltf-binary",
    ".gltf": "model/gltf+json",
    ".rtf": "application/rtf",
    ".epub": "application/epub+zip",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".odp": "application/vnd.oasis.opendocument.presentation",
    ".wasm": "application/wasm",
    ".pdf": "application/pdf",
    ".zip": "application/zip",
    ".doc": "application/msword",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xls": "application/vnd.ms-excel",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".ppt": "application/vnd.ms-powerpoint",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}


def type_of(path: str) -> str:
    return _TYPES.get(PurePosixPath(path).suffix.lower(), UNKNOWN)


# What grows smaller when it is compressed; pictures, sound and films are compressed already.
_COMPRESSIBLE = frozenset(
    ("application/json", "application/xml", "application/xml-dtd", "application/wasm", "image/bmp")
) | frozenset(("font/ttf", "font/otf", "application/vnd.ms-fontobject", "application/vnd.apple.mpegurl"))


def is_text(path: str) -> bool:
    """Whether the file is worth compressing: text, or what is packed like it."""
    kind = type_of(path)
    return kind.startswith("text/") or kind.endswith(("+xml", "+json")) or kind in _COMPRESSIBLE
