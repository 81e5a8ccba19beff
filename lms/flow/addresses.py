"""The addresses of remote stores: which may be entered, and which machines they may lead to.

Whoever enters an address makes this server ask it. It must not become a way to ask machines that only this
server can reach (server-side request forgery): by the name, by what the name resolves to when it is asked, or
by an address that the other store gives as its next page.
"""

import ipaddress
import re
import socket
import string
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from lms.core.errors import Refused

DEFAULT_PORTS = {"https": 443, "http": 80}
LONGEST = 1000

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_PRINTED = string.punctuation  # with "%": what is escaped already stays as it is
_ODD = re.compile(r"[\s\x00-\x1f\x7f\\]")


class Blocked(Refused):
    """An address that this server must not ask."""


def read_endpoint(text: str, *, inside: bool) -> str:
    """The address of a record store in one spelling, ending with a slash. Raises Refused.

    https anywhere; http only `inside`, where the administrator has said that the store stands in a network of
    their own (`machines` holds it to that).
    """
    text = text.strip()
    parts = _split(text)
    if parts is None or parts.scheme not in DEFAULT_PORTS or not parts.hostname or len(text) > LONGEST:
        raise Refused("This is not the address of a record store. Type it as in https://lrs.example.vn/xapi/")
    if parts.username is not None or parts.password is not None:
        raise Refused("Leave key and secret out of the address; they have fields of their own.")
    if parts.query or parts.fragment or "?" in text or "#" in text:
        raise Refused("The address must end with the path, without “?” or “#”.")
    if parts.scheme == "http" and not inside:
        raise Refused(
            "Without https everybody on the way could read the secret. Use an address that begins with "
            "https://, or say that the store stands in your own network."
        )
    path = quote(parts.path.rstrip("/"), safe="/%:@!$&'()*+,;=~-._") + "/"
    return f"{origin(parts)}{path}"


def origin(parts: SplitResult) -> str:
    """Scheme, host and port in one spelling: what two addresses must share to lead to the same server."""
    host = _ascii(parts.hostname or "")
    shown = f"[{host}]" if ":" in host else host
    port = parts.port
    return f"{parts.scheme}://{shown}" + (f":{port}" if port and port != DEFAULT_PORTS[parts.scheme] else "")


def following(endpoint: str, more: str) -> str:
    """The whole address of the next page that a store gave: absolute, or relative to its host or itself.

    Raises Blocked where it leads to another server: it would be sent our credentials.
    """
    parts = _split(quote(urljoin(endpoint, more), safe=_PRINTED))
    if parts is None or parts.scheme not in DEFAULT_PORTS or origin(parts) != origin(urlsplit(endpoint)):
        raise Blocked("It names a next page on another server. That is not followed.")
    return parts.geturl()


def machines(host: str, port: int, *, scheme: str, inside: bool) -> list[tuple[str, int]]:
    """The addresses that a host name stands for now, all of them such as may be asked.

    Raises Blocked, and OSError where the name is not known. The caller connects to one of these, not to the
    name: it could stand for something else a moment later.
    """
    found = dict.fromkeys(
        str(entry[4][0]).split("%", 1)[0] for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    )
    for each in found:
        _check(ipaddress.ip_address(each), scheme=scheme, inside=inside)
    return [(each, port) for each in found]


def _check(address: Address, *, scheme: str, inside: bool) -> None:
    mapped = getattr(address, "ipv4_mapped", None)
    if mapped is not None:
        address = mapped
    # Link-local addresses are where hosting platforms hand out their own credentials.
    if address.is_link_local or address.is_multicast or address.is_unspecified:
        raise Blocked(
            "The address leads to a machine that is never asked (%(address)s).", address=str(address)
        )
    private = not address.is_global
    if private and not inside:
        raise Blocked(
            "The address leads into a private network (%(address)s). If the store stands in your own "
            "network, say so in its settings.",
            address=str(address),
        )
    if scheme == "http" and not private:
        raise Blocked(
            "The address leads out of your own network (%(address)s). There it must begin with https://.",
            address=str(address),
        )


def _split(text: str) -> SplitResult | None:
    """The parts of an address; None for what no client should try to understand."""
    if _ODD.search(text):
        return None
    try:
        parts = urlsplit(text)
        _ = parts.port, _ascii(parts.hostname or "")
    except ValueError:
        return None
    return parts


def _ascii(host: str) -> str:
    return host.lower() if host.isascii() else host.encode("idna").decode("ascii")
