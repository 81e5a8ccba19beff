"""Where packages run: each on an origin of its own, so that none can reach what another one keeps.

`LMS_CONTENT_URL` may hold `{package}`, which stands for a name made of the package's SHA-256: 32 hex digits
in a host name, three numbers in a loopback address (`http://127.{package}:8000`). Without it all packages
share one origin.
"""

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from urllib.parse import urlsplit

from lms.settings import PACKAGE, Settings

_LOOPBACK = f"127.{PACKAGE}"
_DIGITS = 32


@dataclass(frozen=True)
class Origins:
    """The content origins of one installation."""

    content_url: str
    public_url: str
    former_url: str | None = None

    @property
    def shared(self) -> bool:
        """Whether all packages run on one origin."""
        return PACKAGE not in self.content_url

    @property
    def beside(self) -> bool:
        """Whether packages have another host than the application, with its sign-in cookie."""
        return urlsplit(self.content_url).netloc != self.application

    @cached_property
    def application(self) -> str:
        """The application's host, with its port."""
        return urlsplit(self.public_url).netloc

    @cached_property
    def general(self) -> str | None:
        """The origin on which all packages run, or ran before they had origins of their own."""
        if self.shared:
            return self.content_url
        if self._is_loopback:
            return self.content_url.replace(PACKAGE, "0.0.1")
        return self.former_url

    def of(self, sha256: str) -> str:
        """The origin of a package."""
        return self.content_url.replace(PACKAGE, self._name(sha256))

    def is_content(self, host: str) -> bool:
        """Whether this is the host (with its port) of some package, or of all of them."""
        if not self.beside or host == self.application:
            return False
        return self.is_general(host) or self._pattern.fullmatch(host) is not None

    def runs(self, origin: str) -> bool:
        """Whether lessons run on this origin, or ran there before they had origins of their own."""
        scheme, _, host = origin.partition("://")
        here = self.is_content(host) or (not self.beside and host == self.application)
        return origin == self.general or (here and scheme == urlsplit(self.content_url).scheme)

    def is_general(self, host: str) -> bool:
        return self.general is not None and host == urlsplit(self.general).netloc

    def is_of(self, host: str, sha256: str) -> bool:
        """Whether this is the host of just this package."""
        return host == urlsplit(self.of(sha256)).netloc

    @cached_property
    def sources(self) -> str:
        """All content origins, as a content security policy names them (CSP 3, 2.3.1)."""
        if self.shared:
            return self.content_url
        scheme, host, port = self._parts
        # A policy knows no pattern for addresses: any host, but on this port alone.
        wide = "*" if self._is_loopback else "*." + host.split(".", 1)[1]
        return " ".join(filter(None, (f"{scheme}://{wide}{port}", self.general)))

    @property
    def _is_loopback(self) -> bool:
        return self._parts[1] == _LOOPBACK

    @cached_property
    def _parts(self) -> tuple[str, str, str]:
        """Scheme, host, and port with its colon."""
        scheme, _, rest = self.content_url.partition("://")
        host, colon, port = rest.partition(":")
        return scheme, host, colon + port

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        name = r"\d{1,3}(\.\d{1,3}){2}" if self._is_loopback else f"[0-9a-f]{{{_DIGITS}}}"
        before, _, after = urlsplit(self.content_url).netloc.partition(PACKAGE)
        return re.compile(re.escape(before) + (name + re.escape(after) if not self.shared else ""))

    def _name(self, sha256: str) -> str:
        if not self._is_loopback:
            return sha256[:_DIGITS]
        first, second, third = bytes.fromhex(sha256[:6])
        # Never 0.0.1, which is the application's neighbour, and no first or last address of a network.
        return f"{1 + first % 254}.{second}.{1 + third % 254}"


@lru_cache(maxsize=8)
def origins_of(settings: Settings) -> Origins:
    return Origins(settings.content_url, settings.public_url, settings.former_content_url)
