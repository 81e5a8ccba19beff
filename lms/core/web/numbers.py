"""Numbers in addresses: what is larger than a database can hold leads to no page, and not to an error."""

from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

_LARGEST = 2**63 - 1


class DatabaseNumber(IntegerConverter):
    """`<int:…>` in a route."""

    def __init__(self, map: Map, *args: Any, **options: Any) -> None:  # noqa: A002  (Werkzeug's name for it)
        super().__init__(map, *args, **{"max": _LARGEST, **options})


def init_app(app: Flask) -> None:
    app.url_map.converters["int"] = DatabaseNumber
