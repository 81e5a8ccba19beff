"""What keeps the log readable while something happens to every request."""

from lms.core.logs import Seldom


def test_one_line_a_second_is_let_through_and_tells_how_many_were_not():
    now = [100.0]
    seldom = Seldom(lambda: now[0])
    assert [seldom.count("away") for _ in range(4)] == [0, None, None, None]
    assert seldom.count("full") == 0, "another one"
    now[0] += 0.9
    assert seldom.count("away") is None
    now[0] += 0.2
    assert [seldom.count("away"), seldom.count("away")] == [4, None]
    now[0] += 60
    assert seldom.count("away") == 1
