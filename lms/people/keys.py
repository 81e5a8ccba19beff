"""Keys under which a person is found in spite of how a name or an address was written."""

from lms.core.names import fold

_GMAIL = frozenset({"gmail.com", "googlemail.com"})


def name_key(name: str) -> str:
    """The words of a name without accents, in alphabetical order: `An Nguyen Van` is `Nguyễn Văn An`."""
    return " ".join(sorted(fold(name).split()))


def email_key(address: str) -> str:
    """The mailbox behind an address: what stands after a plus is left out, and at Gmail the dots."""
    local, _, domain = address.strip().lower().rpartition("@")
    local = local.partition("+")[0] or local
    if domain in _GMAIL:
        return f"{local.replace('.', '')}@gmail.com"
    return f"{local}@{domain}"
