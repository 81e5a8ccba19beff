"""What the documents refuse beside faults of form; `status` is the HTTP status that says so."""

from tracking.errors import Refused


class PreconditionFailed(Refused):
    """The document is not, or is no longer, the one that the request meant."""

    status = 412


class Unconditional(Refused):
    """A document is there, and the request does not say which one it wants to replace."""

    status = 409


class TooLarge(Refused):
    """The document, or what it would become, is larger than this installation keeps."""

    status = 413
