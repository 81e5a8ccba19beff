"""What a bare Flask endpoint does that writes one row: the least that taking in a commit can cost.

Run by granian like the product; `BENCH_URL` is its own database.
"""

import os
from functools import cache
from typing import Any

from flask import Flask, request
from sqlalchemy import JSON, Column, Engine, Integer, MetaData, Table, insert
from sqlalchemy.exc import OperationalError

from lms.core.database import Database

metadata = MetaData()
row = Table("bare_commit", metadata, Column("id", Integer, primary_key=True), Column("body", JSON))
application = Flask("bare")


@cache
def engine() -> Engine:
    return Database(os.environ["BENCH_URL"]).engine


@application.get("/healthz")
def health() -> str:
    return "up"


@application.post("/commit")
def commit() -> dict[str, Any] | tuple[str, int]:
    try:
        with engine().begin() as connection:
            connection.execute(insert(row).values(body=request.get_json()))
    except OperationalError:
        return "busy", 503
    return {"answer": "saved"}
