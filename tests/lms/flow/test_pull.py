"""Pulling a source: every statement once, whatever happens on the way."""

import json
from datetime import timedelta

from sqlalchemy import select

from lms.core.clock import utc_now
from lms.flow.letters import Refusal, put_aside
from lms.flow.models import Arrival, Letter, RemoteStore
from lms.flow.outcomes import Kind, Trouble
from lms.flow.services.managing import Said, change, drop_letters, pause, try_letters
from lms.flow.transport import Failed
from tests.lms.flow.conftest import SAID, Flow
from tests.lms.flow.fakes import COMPLETED, ENDPOINT, MORNING, FakeStore, answer, statement, written


def test_every_statement_comes_in_once_page_after_page(flow: Flow, there: FakeStore):
    there.statements = [statement(number) for number in range(5)]
    source = flow.source()
    report = flow.pull(source)
    assert (report.new, report.known, report.refused, report.finished) == (5, 0, 0, True)
    assert list(flow.kept()) == [each["id"] for each in there.statements]
    assert len(there.asked) == 3
    assert there.queries[0] == {"ascending": "true", "limit": "200"}
    row = flow.look(source)
    assert (row.moved, row.problem, row.walk) == (5, None, None)
    assert row.succeeded is not None
    assert timedelta(seconds=290) < row.next_try - utc_now() <= timedelta(seconds=300)


def test_the_next_walk_asks_for_what_came_since(flow: Flow, there: FakeStore):
    there.statements = [statement(number) for number in range(3)]
    source = flow.source()
    flow.pull(source)
    there.statements += [statement(3), statement(4)]
    there.asked.clear()
    report = flow.pull(source)
    assert (report.new, report.known) == (2, 0)
    assert there.queries[0]["since"] == "2026-03-02T01:02:00.000000Z"


def test_what_a_source_commits_late_is_not_missed(flow: Flow, there: FakeStore):
    """It bears an earlier time than what was seen already, and was not to be seen then."""
    there.now = MORNING + timedelta(minutes=10)
    early, late, last = statement(8), statement(9), statement(10)
    there.statements = [early, last]
    source = flow.source()
    flow.pull(source)
    there.statements.insert(1, late)
    report = flow.pull(source)
    assert report.new == 1
    assert late["id"] in flow.kept()


def test_until_when_a_source_is_complete_is_told_by_its_own_clock(flow: Flow, there: FakeStore):
    there.consistent = False  # then the Date of its answer tells
    there.now = MORNING + timedelta(minutes=10)
    there.statements = [statement(8), statement(10)]
    source = flow.source()
    flow.pull(source)
    assert flow.look(source).since == there.now - timedelta(minutes=5)


def test_our_authority_vouches_and_the_sources_own_words_are_noted(flow: Flow, there: FakeStore):
    (sent,) = there.statements = [statement()]
    source = flow.source()
    flow.pull(source)
    kept = flow.kept()[sent["id"]]
    assert kept["authority"] == {
        "objectType": "Agent",
        "name": "One Touch",
        "account": {"homePage": "http://localhost:8000", "name": f"source:{source}"},
    }
    assert kept["stored"] != sent["stored"]
    assert {name: kept[name] for name in ("actor", "verb", "object", "timestamp", "version")} == {
        name: sent[name] for name in ("actor", "verb", "object", "timestamp", "version")
    }
    with flow.database.snapshot() as session:
        arrival = session.scalars(select(Arrival)).one()
    assert (str(arrival.statement_id), arrival.remote_id) == (sent["id"], source)
    assert json.loads(arrival.said) == {"stored": sent["stored"], "authority": sent["authority"]}


def test_what_is_refused_is_put_aside_and_the_rest_goes_on(flow: Flow, there: FakeStore):
    wrong = statement(1, actor={"mbox": "an@example.org"})
    there.statements = [statement(0), wrong, statement(2), "nothing", statement(4, id=None)]
    there.page = 5
    source = flow.source()
    report = flow.pull(source)
    assert (report.new, report.refused, report.finished) == (2, 3, True)
    first, second, third = flow.letters(source)
    assert "actor.mbox" in first.message % first.params
    assert json.loads(first.raw) == wrong
    assert (first.mark, first.state, first.tries) == (wrong["id"], Letter.WAITING, 1)
    assert "not a JSON object" in second.message % second.params
    assert "has no id" in third.message % third.params


def test_what_is_refused_is_put_aside_once_however_often_it_is_read(flow: Flow, there: FakeStore):
    there.now = MORNING
    there.statements = [statement(0, verb={"id": "no IRI"})]
    source = flow.source()
    for _ in range(3):
        assert flow.pull(source).finished
    assert len(flow.letters(source)) == 1


def test_an_id_that_is_taken_by_another_statement_is_put_aside(flow: Flow, there: FakeStore):
    ours = statement(0)
    flow.store(ours)
    other = statement(0, id=ours["id"], verb={"id": "http://example.org/another"})
    there.statements = [other, statement(1)]
    source = flow.source()
    report = flow.pull(source)
    assert (report.new, report.refused) == (1, 1)
    (letter,) = flow.letters(source)
    assert "says something else" in letter.message
    assert json.loads(letter.raw)["verb"] == other["verb"]
    assert flow.kept()[ours["id"]]["verb"] == ours["verb"]


def test_two_statements_of_one_page_that_contradict_each_other_are_told_apart(flow: Flow, there: FakeStore):
    one = statement(0)
    there.statements = [one, statement(0, id=one["id"], verb={"id": "http://example.org/another"})]
    source = flow.source()
    report = flow.pull(source)
    assert (report.new, report.refused) == (1, 1)
    assert flow.kept()[one["id"]]["verb"] == one["verb"]


def test_what_only_the_record_refuses_is_found_one_by_one(flow: Flow, there: FakeStore):
    """An identifier too long for the dictionaries: the validator lets it pass."""
    long = statement(1, object={"id": "http://example.org/" + "x" * 3000})
    there.statements = [statement(0), long, statement(2)]
    there.page = 3
    source = flow.source()
    report = flow.pull(source)
    assert (report.new, report.refused, report.finished) == (2, 1, True)
    assert [letter.mark for letter in flow.letters(source)] == [long["id"]]
    assert flow.look(source).moved == 2


def test_text_that_cannot_be_kept_is_put_aside_and_does_not_stop_the_page(flow: Flow, there: FakeStore):
    """Half a character, which JSON can write and UTF-8 cannot."""
    there.statements = [statement(0, result={"response": "xin \ud83d chào"}), statement(1)]
    source = flow.source()
    report = flow.pull(source)
    assert (report.new, report.refused) == (1, 1)
    assert "xin \\ud83d chào".encode() in flow.letters(source)[0].raw


def test_statements_of_both_versions_of_xapi_are_taken(flow: Flow, there: FakeStore):
    agents = [{"objectType": "contextAgent", "agent": {"mbox": "mailto:a@example.org"}}]
    new = statement(1, version="2.0.0", context={"contextAgents": agents})
    there.statements = [statement(0), new]
    source = flow.source(version="2.0.0")
    report = flow.pull(source)
    assert (report.new, report.refused) == (2, 0)
    assert flow.kept()[new["id"]]["context"] == {"contextAgents": agents}
    assert there.asked[0].headers["X-Experience-API-Version"] == "2.0.0"


def test_filters_are_passed_on(flow: Flow, there: FakeStore):
    agent = {"mbox": "mailto:an@example.org"}
    source = flow.source(
        filters={"verb": COMPLETED, "activity": "http://example.org/c", "agent": agent}, since=MORNING
    )
    flow.pull(source)
    (query,) = there.queries
    assert json.loads(query.pop("agent")) == agent
    assert query == {
        "ascending": "true",
        "limit": "200",
        "verb": COMPLETED,
        "activity": "http://example.org/c",
        "since": "2026-03-02T01:00:00.000000Z",
    }


def test_credentials_are_sent_and_kept_sealed(flow: Flow, there: FakeStore):
    source = flow.source()
    flow.pull(source)
    assert there.asked[0].headers["Authorization"] == "Basic aGFpLXBob25nOmtow7RuZyBhaSBiaeG6v3Q="
    assert "không" not in flow.look(source).secret


def test_a_more_that_is_absolute_is_followed_on_the_same_server(flow: Flow, there: FakeStore):
    first, second = statement(0), statement(1)
    there.then(
        answer(body={"statements": [first], "more": f"{ENDPOINT}statements?place=1"}),
        answer(body={"statements": [second], "more": ""}),
    )
    report = flow.pull(flow.source())
    assert report.new == 2
    assert there.asked[1].url == f"{ENDPOINT}statements?place=1"


def test_a_more_that_leads_elsewhere_is_not_followed(flow: Flow, there: FakeStore):
    there.then(answer(body={"statements": [statement(0)], "more": "https://evil.example.org/xapi/"}))
    source = flow.source()
    report = flow.pull(source)
    assert "another server" in str(report.trouble)
    assert len(there.asked) == 1
    assert flow.look(source).stopped


def test_pages_that_lead_in_a_circle_end_the_walk(flow: Flow, there: FakeStore):
    def page(number: int, more: str):
        return answer(body={"statements": [statement(number)], "more": more})

    there.then(*(page(number, f"/xapi/statements?page={'ab'[number % 2]}") for number in range(8)))
    source = flow.source()
    report = flow.pull(source)
    assert "lead back" in str(report.trouble)
    assert len(there.asked) < 6
    assert flow.look(source).failures == 1


def test_a_next_page_that_is_gone_begins_the_walk_anew_from_where_it_was(flow: Flow, there: FakeStore):
    there.statements = [statement(number) for number in range(4)]
    there.then(None, answer(404))
    source = flow.source()
    assert "404" in str(flow.pull(source).trouble)
    row = flow.look(source)
    assert row.since == MORNING + timedelta(minutes=1) - timedelta(milliseconds=1)
    report = flow.pull(source)
    assert report.finished
    assert list(flow.kept()) == [each["id"] for each in there.statements]


def test_out_of_order_statements_all_come_in_and_nothing_is_passed_over(flow: Flow, there: FakeStore):
    there.statements = [statement(3), statement(1), statement(2), statement(0)]
    there.then(None, answer(404))
    source = flow.source()
    flow.pull(source)
    assert flow.look(source).since is None, "what was seen tells nothing of what was not"
    flow.pull(source)
    assert set(flow.kept()) == {each["id"] for each in there.statements}


def test_a_page_that_is_too_large_is_asked_for_in_smaller_parts(flow: Flow, there: FakeStore):
    def too_large(_request):
        raise Failed(Trouble(Kind.ODD, "Too much.", too_large=True))

    there.statements = [statement(0)]
    there.then(too_large, too_large)
    report = flow.pull(flow.source())
    assert report.finished
    assert [query["limit"] for query in there.queries] == ["200", "50", "12"]


def test_a_pull_that_is_paused_stops_and_goes_on_where_it_was(flow: Flow, there: FakeStore):
    there.statements = [statement(number) for number in range(4)]
    source = flow.source()

    def paused(_request):
        with flow.database.transaction() as session:
            pause(session, session.get_one(RemoteStore, source), actor=None)
        there.asked.pop()
        return there(_request, None)

    there.then(None, paused)
    report = flow.pull(source)
    assert (report.new, report.finished, report.trouble) == (2, False, None)
    assert len(flow.kept()) == 2


def test_two_pulls_of_one_source_at_once_keep_everything_once(flow: Flow, there: FakeStore):
    there.statements = [statement(number) for number in range(4)]
    source = flow.source()

    def meanwhile(request):
        there.asked.pop()
        page = there(request, None)
        assert flow.pull(source).new == 4
        return page

    there.then(meanwhile)
    report = flow.pull(source)
    assert (report.new, report.finished) == (0, False)
    assert len(flow.kept()) == 4
    assert flow.look(source).moved == 4


def test_what_was_forwarded_and_comes_back_is_known(flow: Flow, there: FakeStore):
    ours = statement(0)
    flow.store(ours)
    flow.forward(flow.destination())
    there.statements = [there.kept[ours["id"]] | {"stored": written(MORNING)}]
    report = flow.pull(flow.source())
    assert (report.new, report.known, report.refused) == (0, 1, 0)


def test_a_refused_statement_that_is_tried_again_gets_through_once_it_can(flow: Flow, there: FakeStore):
    ours = statement(0)
    flow.store(ours)
    other = statement(0, id=ours["id"], verb={"id": "http://example.org/another"})
    there.statements = [other]
    source = flow.source()
    flow.pull(source)
    with flow.database.transaction() as session:
        remote = session.get_one(RemoteStore, source)
        assert try_letters(session, remote, None, actor=None) == 1
    flow.pull(source)
    (letter,) = flow.letters(source)
    assert (letter.state, letter.tries) == (Letter.WAITING, 2)


def test_a_statement_that_was_put_aside_without_need_is_taken_after_all(flow: Flow, there: FakeStore):
    there.statements = [statement(0)]
    source = flow.source()
    with flow.database.transaction() as session:
        remote = session.get_one(RemoteStore, source)
        sent = there.statements[0]
        refusal = Refusal(sent["id"], "An older version did not know this.", raw=json.dumps(sent).encode())
        put_aside(session, remote, [refusal], MORNING)
        try_letters(session, remote, None, actor=None)
    there.statements = []
    flow.pull(source)
    assert flow.letters(source) == []
    assert list(flow.kept()) == [sent["id"]]


def test_what_was_thrown_away_does_not_come_back(flow: Flow, there: FakeStore):
    there.now = MORNING
    there.statements = [statement(0, verb={"id": "no IRI"})]
    source = flow.source()
    flow.pull(source)
    with flow.database.transaction() as session:
        remote = session.get_one(RemoteStore, source)
        assert drop_letters(session, remote, None, actor=None) == 1
    flow.pull(source)
    (letter,) = flow.letters(source)
    assert (letter.state, letter.raw) == (Letter.DROPPED, None)


def test_a_change_of_filters_in_the_middle_of_a_page_is_not_run_over(flow: Flow, there: FakeStore):
    there.statements = [statement(number) for number in range(4)]
    source = flow.source()

    def changed(request):
        with flow.database.transaction() as session:
            remote = session.get_one(RemoteStore, source)
            said = Said(**SAID | {"secret": "", "filters": {"verb": COMPLETED}})
            change(session, remote, said, start_over=True, settings=flow.runtime.settings, actor=None)
        there.asked.pop()
        return there(request, None)

    there.then(None, changed)
    report = flow.pull(source)
    assert report.new == 2
    there.asked.clear()
    assert flow.pull(source).new == 2
    assert there.queries[0]["verb"] == COMPLETED
