"""57 completions sent by an independent xAPI client are 57 of 57."""

import uuid
from datetime import UTC, datetime

import pytest
from tincan import Activity, Agent, AgentAccount, RemoteLRS, Statement, Verb

from tests.functional.roster import OFFICERS, import_course, load_roster
from tests.functional.serving import Installation


def completed(installation: Installation, code: str, iri: str) -> Statement:
    return Statement(
        id=str(uuid.uuid4()),
        timestamp=datetime.now(UTC),
        actor=Agent(account=AgentAccount(home_page=installation.address, name=code)),
        verb=Verb(id="http://adlnet.gov/expapi/verbs/completed"),
        object=Activity(id=iri),
    )


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
def test_57_completions_from_another_platform_are_57_of_57(installation: Installation):
    load_roster(installation)
    course = import_course(installation)
    client = installation.json("clients", "add", "One Touch", "--scope", "statements/write")
    installation.start()
    remote = RemoteLRS(
        endpoint=f"{installation.address}/xapi/",
        version="1.0.3",
        username=client["key"],
        password=client["secret"],
    )
    for code in OFFICERS[:-1]:
        answer = remote.save_statement(completed(installation, code, course["iri"]))
        assert answer.success, answer.data
    before = installation.json("rates", "--course", "one-touch", "--unit", "10549", "--audience", "officer")
    assert (before["completed"], before["members"], before["percent"]) == (56, 57, 98.2)
    answer = remote.save_statements([completed(installation, OFFICERS[-1], course["iri"])] * 1)
    assert answer.success, answer.data
    rate = installation.json("rates", "--course", "one-touch", "--unit", "10549", "--audience", "officer")
    assert (rate["completed"], rate["members"], rate["percent"]) == (57, 57, 100.0)
    explained = installation.json("explain", "--course", "one-touch", "--unit", "10549")
    assert {person["code"] for person in explained["people"] if person["statement"]} == set(OFFICERS)
    assert installation.json("tracking", "rebuild", "--check")["differences"] == 0
    assert installation.stop() == 0
