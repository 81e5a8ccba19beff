"""Forwarding: everything, in order, once it can be; and nothing back to where it came from."""

import json
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import func, select

from lms.core.clock import utc_now
from lms.flow.models import Letter, RemoteStore
from lms.flow.outcomes import Kind, Trouble
from lms.flow.services.forwarding import BATCH, MOST_REFUSALS
from lms.flow.services.managing import Said, change, retry, try_letters
from lms.flow.transport import Failed
from tests.factories.learning import make_course
from tests.lms.flow.conftest import SAID, Flow
from tests.lms.flow.fakes import COMPLETED, VOIDED, FakeStore, answer, statement
from tracking.record.models import Statement

PASSED = "http://adlnet.gov/expapi/verbs/passed"


def made(number: int = 0, **changes):
    """A statement of our own making."""
    return statement(number, stored=None, authority=None, **changes)


def voiding(target):
    return made(9, verb={"id": VOIDED}, object={"objectType": "StatementRef", "id": target["id"]})


def away(_request):
    raise Failed(Trouble(Kind.AWAY, "The connection with %(host)s broke off in the middle.", {"host": "x"}))


def test_everything_goes_out_in_its_order_byte_for_byte(flow: Flow, there: FakeStore):
    sent = [made(number, result={"duration": "PT0.50S", "score": {"scaled": 1.0}}) for number in (2, 0, 1)]
    flow.store(*sent)
    destination = flow.destination()
    report = flow.forward(destination)
    assert (report.new, report.refused, report.finished) == (3, 0, True)
    assert there.order == [each["id"] for each in sent]
    (request,) = there.asked
    assert json.loads(request.body) == list(flow.kept().values())
    assert b'"duration":"PT0.50S"' in request.body
    assert b'"scaled":1.0' in request.body
    assert request.headers["Content-Type"] == "application/json"
    assert flow.look(destination).moved == 3


def test_nothing_is_sent_twice_and_what_comes_later_goes_out_later(flow: Flow, there: FakeStore):
    flow.store(made(0))
    destination = flow.destination()
    flow.forward(destination)
    flow.store(made(1))
    assert flow.forward(destination).new == 1
    assert flow.forward(destination).new == 0
    assert len(there.asked) == 2


def test_from_now_on_means_that_what_was_there_stays(flow: Flow, there: FakeStore):
    flow.store(made(0))
    destination = flow.destination(from_beginning=False)
    later = made(1)
    flow.store(later)
    flow.forward(destination)
    assert there.order == [later["id"]]


def test_many_go_out_in_batches(flow: Flow, there: FakeStore):
    sent = [made(number) for number in range(BATCH + 3)]
    flow.store(*sent)
    flow.forward(flow.destination())
    assert there.order == [each["id"] for each in sent]
    assert [len(json.loads(request.body)) for request in there.asked] == [BATCH, 3]


def test_a_destination_that_was_away_gets_everything_in_order(flow: Flow, there: FakeStore):
    sent = [made(number) for number in range(3)]
    flow.store(*sent)
    destination = flow.destination()
    there.then(away, answer(500), answer(502, b"<html>"))
    for failures, pause in ((1, 30), (2, 60), (3, 120)):
        report = flow.forward(destination)
        assert report.trouble is not None
        row = flow.look(destination)
        assert row.failures == failures
        assert timedelta(seconds=pause - 10) < row.next_try - utc_now() <= timedelta(seconds=pause)
    assert row.problem == "Something is wrong there (%(status)s)."
    assert flow.forward(destination).new == 3
    assert there.order == [each["id"] for each in sent]
    row = flow.look(destination)
    assert (row.failures, row.problem) == (0, None)


def test_an_acknowledgement_that_was_lost_is_made_up_for(flow: Flow, there: FakeStore):
    sent = [made(number) for number in range(3)]
    flow.store(*sent)
    destination = flow.destination()

    def takes_it_and_breaks_off(request):
        there._take(request)
        away(request)

    there.then(takes_it_and_breaks_off)
    flow.forward(destination)
    assert flow.look(destination).moved == 0
    flow.forward(destination)
    assert there.order == [each["id"] for each in sent]


def test_what_the_destination_refuses_is_put_aside_and_the_rest_goes_on_in_order(
    flow: Flow, there: FakeStore
):
    sent = [made(number) for number in range(5)]
    flow.store(*sent)
    there.refuse = lambda each: 400 if each["id"] == sent[2]["id"] else None
    destination = flow.destination()
    report = flow.forward(destination)
    assert (report.new, report.refused, report.finished) == (4, 1, True)
    assert there.order == [each["id"] for each in sent if each is not sent[2]]
    (letter,) = flow.letters(destination)
    assert (letter.mark, letter.status, letter.raw) == (sent[2]["id"], 400, None)
    assert letter.answer == '{"error": "I do not want it."}'
    assert letter.message % letter.params == "It refused the statement (400)."
    flow.store(made(6), made(7))
    there.asked.clear()
    flow.forward(destination)
    assert len(there.asked) == 1, "after the batch that was refused, batches again"


def test_an_answer_that_is_not_about_the_statement_puts_nothing_aside(flow: Flow, there: FakeStore):
    flow.store(made(0), made(1))
    there.then(answer(404))
    destination = flow.destination()
    report = flow.forward(destination)
    assert report.trouble is not None
    assert flow.letters(destination) == []
    assert flow.forward(destination).new == 2


def test_a_conflict_about_what_the_destination_has_already_is_none(flow: Flow, there: FakeStore):
    sent = made(0)
    flow.store(sent)
    there.kept[sent["id"]] = flow.kept()[sent["id"]] | {"stored": "2026-03-02T09:00:00Z"}
    there.refuse = lambda _each: 409
    destination = flow.destination()
    report = flow.forward(destination)
    assert (report.new, report.refused) == (1, 0)
    assert flow.letters(destination) == []


def test_a_conflict_with_another_statement_is_put_aside(flow: Flow, there: FakeStore):
    sent = made(0)
    flow.store(sent)
    there.kept[sent["id"]] = made(0, verb={"id": PASSED})
    there.refuse = lambda _each: 409
    destination = flow.destination()
    assert flow.forward(destination).refused == 1


def test_a_destination_that_refuses_everything_is_asked_no_more(flow: Flow, there: FakeStore):
    flow.store(*(made(number) for number in range(MOST_REFUSALS + 5)))
    there.refuse = lambda _each: 400
    destination = flow.destination()
    report = flow.forward(destination)
    assert report.refused == MOST_REFUSALS
    row = flow.look(destination)
    assert row.stopped
    assert "20 statements" in row.problem % row.problem_params
    there.refuse = lambda _each: None
    with flow.database.transaction() as session:
        remote = session.get_one(RemoteStore, destination)
        retry(session, remote, actor=None)
        try_letters(session, remote, None, actor=None)
    assert flow.forward(destination).new == MOST_REFUSALS + 5
    assert len(there.kept) == MOST_REFUSALS + 5
    assert flow.letters(destination) == []


def test_credentials_that_are_not_accepted_stop_it(flow: Flow, there: FakeStore):
    flow.store(made(0))
    there.then(answer(401))
    destination = flow.destination()
    flow.forward(destination)
    row = flow.look(destination)
    assert row.stopped
    assert "(401)" in row.problem % row.problem_params


def test_a_busy_destination_is_asked_again_when_it_says(flow: Flow, there: FakeStore):
    flow.store(made(0))
    there.then(answer(503, Retry_After="7200"))
    destination = flow.destination()
    flow.forward(destination)
    row = flow.look(destination)
    assert not row.stopped
    assert abs((row.next_try - utc_now()).total_seconds() - 7200) < 60


def test_a_letter_that_is_tried_again_gets_through_or_keeps_the_new_reason(flow: Flow, there: FakeStore):
    sent = [made(number) for number in range(2)]
    flow.store(*sent)
    there.refuse = lambda _each: 400
    destination = flow.destination()
    flow.forward(destination)
    there.refuse = lambda each: 413 if each["id"] == sent[1]["id"] else None
    with flow.database.transaction() as session:
        try_letters(session, session.get_one(RemoteStore, destination), None, actor=None)
    report = flow.forward(destination)
    assert (report.new, report.refused) == (1, 1)
    (letter,) = flow.letters(destination)
    assert (letter.mark, letter.state, letter.status, letter.tries) == (sent[1]["id"], Letter.WAITING, 413, 2)


def test_a_letter_waits_while_the_destination_is_away(flow: Flow, there: FakeStore):
    flow.store(made(0))
    there.refuse = lambda _each: 400
    destination = flow.destination()
    flow.forward(destination)
    with flow.database.transaction() as session:
        try_letters(session, session.get_one(RemoteStore, destination), None, actor=None)
    there.then(away)
    assert flow.forward(destination).trouble is not None
    assert flow.letters(destination)[0].state == Letter.AGAIN


def test_verbs_and_activities_choose_what_goes(flow: Flow, there: FakeStore):
    wanted = made(0, object={"id": "http://example.org/wanted"})
    flow.store(
        wanted,
        made(1, object={"id": "http://example.org/other"}),
        made(2, object={"id": "http://example.org/wanted"}, verb={"id": PASSED}),
    )
    filters = {"verbs": [COMPLETED], "activities": ["http://example.org/wanted"]}
    destination = flow.destination(filters=filters)
    assert flow.forward(destination).finished
    assert there.order == [wanted["id"]]
    assert flow.look(destination).seq == max_seq(flow)


def max_seq(flow: Flow) -> int:
    with flow.database.snapshot() as session:
        return session.scalar(select(func.max(Statement.seq)))


def test_a_course_is_chosen_with_all_its_lessons(flow: Flow, there: FakeStore):
    with flow.database.transaction() as session:
        course = make_course(session)
        iris = [course.iri, *(lesson.iri for version in course.versions for lesson in version.lessons)]
        slug = course.slug
    assert len(iris) > 1
    sent = [made(number, object={"id": iri}) for number, iri in enumerate(iris)]
    flow.store(*sent, made(9, object={"id": "http://example.org/other"}))
    flow.forward(flow.destination(filters={"courses": [slug]}))
    assert set(there.order) == {each["id"] for each in sent}


def test_a_course_that_is_gone_lets_nothing_through(flow: Flow, there: FakeStore):
    flow.store(made(0))
    flow.forward(flow.destination(filters={"courses": ["gone"]}))
    assert there.order == []


def test_a_voiding_goes_where_its_target_went_and_nowhere_else(flow: Flow, there: FakeStore):
    target, other = made(0), made(1, verb={"id": PASSED})
    flow.store(target, other)
    first, second = voiding(target), voiding(other)
    flow.store(first)
    flow.store(second)
    flow.forward(flow.destination(filters={"verbs": [COMPLETED]}))
    assert there.order == [target["id"], first["id"]]


def test_a_voiding_whose_target_is_not_known_here_goes_too(flow: Flow, there: FakeStore):
    sent = voiding(made(0))
    flow.store(sent)
    flow.forward(flow.destination(filters={"verbs": [COMPLETED]}))
    assert there.order == [sent["id"]]


def test_what_was_pulled_is_never_sent_back_to_where_it_came_from(flow: Flow, there: FakeStore):
    theirs, void = statement(0), statement(1)
    there.statements = [theirs, voiding(theirs) | {"id": void["id"], "stored": void["stored"]}]
    flow.pull(flow.source(endpoint="https://LRS.example.org:443/xapi"))
    ours = made(1)
    flow.store(ours)
    flow.forward(flow.destination())
    assert there.order == [ours["id"]]


def test_what_was_pulled_goes_to_others_unless_only_ours_is_wanted(flow: Flow, there: FakeStore):
    there.statements = [statement(0)]
    flow.pull(flow.source())
    ours = made(1)
    flow.store(ours)
    flow.forward(flow.destination(endpoint="https://other.example.org/", filters={"origin": "ours"}))
    assert there.order == [ours["id"]]
    flow.forward(flow.destination(endpoint="https://third.example.org/"))
    assert set(there.order) == {ours["id"], there.statements[0]["id"]}


def test_two_runs_at_once_keep_the_order(flow: Flow, there: FakeStore):
    sent = [made(number) for number in range(BATCH + 1)]
    flow.store(*sent)
    destination = flow.destination()

    def meanwhile(request):
        taken = there._take(request)
        assert flow.forward(destination).finished
        return taken

    there.then(meanwhile)
    report = flow.forward(destination)
    assert (report.new, report.finished) == (0, False)
    assert there.order == [each["id"] for each in sent]
    assert flow.look(destination).moved == len(sent)


def test_starting_over_sends_everything_again_and_harms_nothing(flow: Flow, there: FakeStore):
    flow.store(made(0))
    destination = flow.destination(from_beginning=False)
    flow.forward(destination)
    with flow.database.transaction() as session:
        remote = session.get_one(RemoteStore, destination)
        said = Said(**SAID | {"secret": ""})
        change(session, remote, said, start_over=True, settings=flow.runtime.settings, actor=None)
    assert flow.forward(destination).new == 1


def test_a_secret_of_another_key_is_asked_for_again(flow: Flow, there: FakeStore):
    flow.store(made(0))
    destination = flow.destination()
    flow.runtime.settings = replace(flow.runtime.settings, secret_key="another")
    report = flow.forward(destination)
    assert "LMS_SECRET_KEY" in str(report.trouble)
    assert there.asked == []
    assert flow.look(destination).stopped
