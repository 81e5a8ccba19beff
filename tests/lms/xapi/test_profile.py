"""Our vocabulary is published (xAPI Profiles part 2, 6.0)."""

from flask.testing import FlaskClient

from lms.core.vocabulary import iris
from lms.core.vocabulary.document import profile
from tests.lms.xapi.asking import ROOT, VERSION
from tests.profiles.structure import structural_faults

ADDRESS = "http://localhost:8000/xapi/profile"


def test_everybody_reads_it_without_credentials_or_a_version(visitor: FlaskClient):
    answer = visitor.get(f"{ROOT}/profile")
    assert (answer.status_code, answer.content_type) == (200, "application/ld+json")
    assert structural_faults(answer.json) == []
    assert (answer.json["id"], answer.json["seeAlso"]) == (iris.PROFILE, ADDRESS)
    assert answer.json == profile(ADDRESS)
    assert answer.headers[VERSION] == "1.0.3"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_it_is_kept_by_caches_and_sent_again_only_when_it_changed(visitor: FlaskClient):
    answer = visitor.get(f"{ROOT}/profile")
    assert answer.headers["Cache-Control"] == "public, max-age=86400"
    again = visitor.get(f"{ROOT}/profile", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert visitor.head(f"{ROOT}/profile").status_code == 200


def test_it_takes_no_parameters_and_about_tells_where_it_is(visitor: FlaskClient):
    assert visitor.get(f"{ROOT}/profile?version=1").status_code == 400
    assert visitor.post(f"{ROOT}/profile").status_code == 405
    assert visitor.get(f"{ROOT}/about").json["extensions"]["http://localhost:8000/xapi/vocabulary"] == ADDRESS
