"""Two taps on the button, two statements at the same time: one registration, and each rule once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID, uuid4

from sqlalchemy import func, select

from lms.cmi5.models import Launch, Registration
from lms.cmi5.services.ending import abandon
from lms.cmi5.services.launching import Opening, open_unit
from lms.explorer.services import take_back
from tests.lms.cmi5.devices import device_of, outcome
from tests.lms.player.playing import verbs

AT_ONCE = 4


def at_once(act: Callable[[int], object]) -> list[object]:
    barrier = Barrier(AT_ONCE)

    def wait_and_act(number: int) -> object:
        barrier.wait(10)
        return act(number)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(wait_and_act, range(AT_ONCE)))


def test_several_taps_make_one_registration_and_leave_one_session_open(import_course, database, settings):
    lesson = import_course().version.lessons[0]
    learner = uuid4()

    def tap(_number: int) -> UUID:
        with database.transaction() as session:
            own = session.merge(lesson, load=False)
            opened = open_unit(session, own, learner, Opening(), is_guest=False, settings=settings)
            return opened.launch.registration_id

    assert len(set(at_once(tap))) == 1
    with database.snapshot() as session:
        assert session.scalar(select(func.count()).select_from(Registration)) == 1
        still_open = select(func.count()).select_from(Launch).where(Launch.ended.is_(None))
        assert session.scalar(still_open) == 1
        assert verbs(session).count("abandoned") == AT_ONCE - 1


def test_of_statements_at_the_same_time_each_rule_takes_one(speaker, app, database):
    speaker.say("initialized")
    given = [speaker.statement("passed") for _number in range(AT_ONCE)]

    def send(number: int) -> int:
        return send_alone(app, speaker, given[number])

    assert sorted(map(int, map(str, at_once(send)))) == [200, 403, 403, 403]
    with database.snapshot() as session:
        assert verbs(session).count("passed") == 1


def test_a_unit_speaks_while_statements_of_it_are_taken_back(speaker, app, database, settings):
    speaker.say("initialized")
    given = [speaker.statement("experienced") for _number in range(6)]
    assert speaker.send(*given).status_code == 200
    more = [speaker.statement("experienced") for _number in range(AT_ONCE)]

    def act(number: int) -> int:
        if number % 2:
            return send_alone(app, speaker, more[number])
        for one in given[3 * (number // 2) :][:3]:
            with database.transaction() as session:
                take_back(session, UUID(one["id"]), "Nhầm", settings=settings, actor=None)
        return 200

    assert at_once(act) == [200] * AT_ONCE
    with database.snapshot() as session:
        assert verbs(session).count("experienced") == AT_ONCE // 2


def send_alone(app, speaker, statement) -> int:
    headers = {"X-Experience-API-Version": "1.0.3", "Authorization": speaker.auth}
    answer = app.test_client().post(
        "/xapi/statements", json=statement, base_url=speaker.base, headers=headers
    )
    return answer.status_code


def test_what_a_device_delivers_from_several_pages_at_once_is_taken_once(speaker, app, database, settings):
    device = device_of(app, speaker)
    device.say("initialized")
    with database.transaction() as session:
        abandon(session, session.query(Launch).one(), settings=settings)
    given = [speaker.statement(verb) for verb in ("experienced", "terminated")]
    kept = [device.kept("PUT", "statements", {"statementId": one["id"]}, one) for one in given]

    def deliver(_number: int) -> list[str]:
        return [outcome(device.deliver(one)) for one in kept]

    assert at_once(deliver) == [["taken", "taken"]] * AT_ONCE
    with database.snapshot() as session:
        told = verbs(session)
        assert [told.count(verb) for verb in ("experienced", "terminated", "voided")] == [1, 1, 1]
