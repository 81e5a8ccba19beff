"""Requests that are ready to paste: for whoever connects a platform."""

from collections.abc import Collection
from dataclasses import dataclass

from lms.core.i18n import Message, lazy
from lms.xapi.models import Scope

# Known to everybody, and completing nothing.
_VERB = "http://adlnet.gov/expapi/verbs/experienced"


@dataclass(frozen=True)
class Example:
    """`name` names it in the page; `text` is what is pasted."""

    name: str
    title: Message
    text: str


def examples(address: str, key: str, secret: str, scopes: Collection[str]) -> list[Example]:
    """What a client with these scopes can try. `address` is that of this site, without a slash at its end."""
    everything = Scope.ALL in scopes
    found = []
    if everything or Scope.WRITE in scopes:
        found += [
            Example("curl-send", lazy("Send a statement with curl"), _send(address, key, secret)),
            Example("tincan", lazy("Send a statement with Python and tincan"), _tincan(address, key, secret)),
        ]
    if everything or Scope.READ in scopes or Scope.READ_MINE in scopes:
        found.append(Example("curl-read", lazy("Read statements with curl"), _read(address, key, secret)))
    if everything or Scope.RATES in scopes:
        found.append(Example("curl-rates", lazy("List the courses with curl"), _rates(address, key, secret)))
    if not found:
        found.append(Example("curl-about", lazy("See that the store answers"), f"curl {address}/xapi/about"))
    return found


def _send(address: str, key: str, secret: str) -> str:
    return f"""curl -u '{key}:{secret}' \\
  -H 'X-Experience-API-Version: 1.0.3' -H 'Content-Type: application/json' \\
  {address}/xapi/statements \\
  -d '{{"actor": {{"account": {{"homePage": "{address}", "name": "test-connection"}}}},
       "verb": {{"id": "{_VERB}"}},
       "object": {{"id": "{address}/test-connection"}}}}'"""


def _read(address: str, key: str, secret: str) -> str:
    return f"""curl -u '{key}:{secret}' -H 'X-Experience-API-Version: 1.0.3' \\
  '{address}/xapi/statements?limit=5'"""


def _rates(address: str, key: str, secret: str) -> str:
    return f"curl -u '{key}:{secret}' {address}/api/v1/courses"


def _tincan(address: str, key: str, secret: str) -> str:
    return f"""from datetime import UTC, datetime
from uuid import uuid4

from tincan import Activity, Agent, AgentAccount, RemoteLRS, Statement, Verb

lrs = RemoteLRS(
    endpoint="{address}/xapi/",
    version="1.0.3",
    username="{key}",
    password="{secret}",
)
statement = Statement(
    id=str(uuid4()),
    timestamp=datetime.now(UTC),
    actor=Agent(account=AgentAccount(home_page="{address}", name="test-connection")),
    verb=Verb(id="{_VERB}"),
    object=Activity(id="{address}/test-connection"),
)
answer = lrs.save_statement(statement)
print(answer.success, answer.data)"""
