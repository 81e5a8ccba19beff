"""An attempt at a cmi5 unit: what it told the record, found from its statements."""

import re
from datetime import timedelta

from tests.lms.cmi5.conftest import import_course, open_unit, speaker
from tests.lms.cmi5.devices import device_of

__all__ = ["import_course", "open_unit", "speaker"]


def test_an_attempt_at_a_cmi5_unit_shows_what_it_told(speaker, signed_in, person):
    speaker.say("initialized")
    client = signed_in("administrator")
    attempts = client.get(f"/support/people/{person.id}").get_data(as_text=True)
    (address,) = re.findall(r'href="(/support/attempts/[-0-9a-f]{36})"', attempts)
    page = client.get(address).get_data(as_text=True)
    assert "told the record: initialized" in page
    statements = re.findall(r'href="(/record/[-0-9a-f]{36})"', page)
    assert len(statements) >= 2  # launched, initialized
    assert f'href="{address}"' in client.get(statements[-1]).get_data(as_text=True)
    assert "waited in the device" not in page
    assert "LMS.LaunchData" in page
    assert "contextTemplate" in page


def test_what_a_device_delivered_late_stands_there_with_what_was_not_taken(app, speaker, signed_in, person):
    device = device_of(app, speaker, ago=timedelta(hours=5))
    assert device.say("initialized", "initialized") == ["taken", "refused"]
    client = signed_in("administrator")
    attempts = client.get(f"/support/people/{person.id}").get_data(as_text=True)
    (address,) = re.findall(r'href="(/support/attempts/[-0-9a-f]{36})"', attempts)
    page = client.get(address).get_data(as_text=True)
    assert "2 messages that waited in the device" in page
    assert "not all taken" in page
    assert "PUT statements: initialized" in page
    assert "chỉ gửi “initialized” một lần" in page, "why it was not taken"
    assert "&#34;id&#34;: &#34;" in page, "and what it was"
