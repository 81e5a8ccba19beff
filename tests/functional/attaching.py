"""Sending statements with files to a real server, and seeing afterwards what it has of them."""

import http.client
import json
import os
import socket
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from tests.functional.serving import Installation
from tests.lms.xapi.conftest import basic, statement
from tests.lms.xapi.mixing import TYPE, body_of, files_of, header_of, parts_of, sha256

PATH = "/xapi/statements"


@dataclass
class Sender:
    """One client: what it was told is kept (files by id), and what it was not."""

    installation: Installation
    headers: dict[str, str]
    kept: dict[str, bytes] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)
    sentences: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, installation: Installation) -> "Sender":
        client = installation.json("clients", "add", "Files", "--scope", "all")
        headers = {"X-Experience-API-Version": "1.0.3"} | basic(client["key"], client["secret"])
        headers.pop("key")
        return cls(installation, headers)

    def request(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Any:
        """Status, type and body of the answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.installation.port, timeout=60)
        try:
            connection.request(method, path, body, self.headers | headers)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def send(self, size: int) -> int:
        """A statement with a file of so many random bytes, or without one; the status of the answer."""
        content, statement_id = os.urandom(size), str(uuid4())
        if size:
            sent = statement(id=statement_id, attachments=[header_of(content)])
            status, _, body = self.request("POST", PATH, body_of(sent, [content]), **{"Content-Type": TYPE})
        else:
            sent = json.dumps(statement(id=statement_id)).encode()
            status, _, body = self.request("POST", PATH, sent, **{"Content-Type": "application/json"})
        if status == 200:
            assert json.loads(body) == [statement_id]
            self.kept[statement_id] = content
        else:
            self.refused[statement_id] = status
            self.sentences.add(json.loads(body)["error"])
        return status

    def found(self, statement_id: str) -> dict[str, bytes] | None:
        """The files of a statement, by hash, in a GET that asks for them; None where it is not there."""
        path = f"{PATH}?statementId={statement_id}&attachments=true"
        status, headers, body = self.request("GET", path)
        if status == 404:
            return None
        assert status == 200, (status, body)
        kept = json.loads(parts_of(headers["Content-Type"], body)[0].get_payload(decode=True))
        assert kept["id"] == statement_id
        return files_of(headers["Content-Type"], body)

    def missing(self) -> list[str]:
        """What was acknowledged and is not there, whole and with the file as it was sent."""
        return [
            statement_id
            for statement_id, content in self.kept.items()
            if not self._has(statement_id, content)
        ]

    def _has(self, statement_id: str, content: bytes) -> bool:
        return self.found(statement_id) == ({sha256(content): content} if content else {})

    def break_off(self, body: bytes, sent: int, *, reset: bool = False) -> None:
        """Send so many bytes of a body and hang up; `reset` as a lost connection does."""
        with self._begin(body, sent) as connection:
            if reset:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")

    def stop_half_way(self, body: bytes) -> socket.socket:
        """Send half of a body and nothing more, without hanging up."""
        return self._begin(body, len(body) // 2)

    def _begin(self, body: bytes, sent: int) -> socket.socket:
        lines = self.headers | {"Host": "localhost", "Content-Type": TYPE, "Content-Length": str(len(body))}
        head = f"POST {PATH} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        connection = socket.create_connection(("127.0.0.1", self.installation.port), 10)
        connection.sendall(head.encode() + b"\r\n" + body[:sent])
        return connection


def files_on_disk(installation: Installation) -> list[str]:
    return sorted(name for _, _, names in os.walk(installation.data / "attachments") for name in names)


def drafts_on_disk(installation: Installation) -> list[str]:
    """The server takes folders away meanwhile, which os.walk does not mind."""
    walked = os.walk(installation.data / "tmp")
    return [name for folder, _, names in walked for name in names if "draft-" in folder]
