"""A few words for what a browser says of itself (User-Agent); nothing that tells one phone from another."""

from functools import lru_cache

# The first that is found is it: those that name others too come before these.
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
_BROWSERS = (
    ("Zalo", "Zalo"),
    ("FBAN", "Facebook"),
    ("FBAV", "Facebook"),
    ("coc_coc", "Cốc Cốc"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("UCBrowser/", "UC Browser"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)


@lru_cache(maxsize=512)
def device_words(user_agent: str) -> str:
    """`Chrome, Android`; "" where neither is known."""
    found = [
        next((word for sign, word in signs if sign in user_agent), "") for signs in (_BROWSERS, _SYSTEMS)
    ]
    return ", ".join(word for word in found if word)
