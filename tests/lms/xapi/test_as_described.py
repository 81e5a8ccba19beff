"""The store answers as its description says: statuses, types, schemas and headers, whatever is asked."""

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]
EACH = settings(
    max_examples=6,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_every_operation_answers_as_it_is_described(app: Flask, client_of):
    headers = {"Authorization": client_of("all")["Authorization"]}
    schema = schemathesis.openapi.from_wsgi("/xapi/openapi.json", app)
    schema.config.generation.update(with_security_parameters=False)
    operations = [result.ok() for result in schema.get_all_operations()]
    assert len(operations) > 25
    statuses = set()
    for operation in operations:

        @EACH
        @given(case=operation.as_strategy())
        def answers(case):
            answer = case.call(headers=headers)
            statuses.add(answer.status_code)
            case.validate_response(answer, checks=CHECKS)

        answers()
    assert {200, 204, 400} <= statuses
