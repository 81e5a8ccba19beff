"""Commands that say who actors are and which records are one person; `cli` puts them under `lms people`."""

from typing import Any

import click

from lms.core.commands import Answer, json_option, runtime
from lms.core.errors import Conflict
from lms.people import linking, merging
from lms.people.actors import guests_of
from lms.people.queries import person_of_code, record_of_code
from lms.people.same import standing_person
from lms.people.suggesting import Suggestion, suggestions
from tracking.identities.unmatched import Unmatched, Wanted, unmatched

_MOST = 1_000


@click.command("unmatched")
@click.option("--limit", type=click.IntRange(1, _MOST), default=100, help="How many at most (default 100).")
@json_option
def unmatched_command(limit: int, answer: Answer) -> None:
    """List actors of the record who are nobody yet, the newest first, with whom they may be."""
    guests = guests_of(runtime().settings.public_url)
    with runtime().database.snapshot() as session:
        agents = unmatched(session, Wanted(guests=guests), limit=limit)
        found = suggestions(session, agents)
        documents = [_actor(agent, found[agent.id]) for agent in agents]
    lines = [_line(document) for document in documents]
    answer(documents, "\n".join(lines) or "everybody is known")


@click.command()
@click.argument("identifier")
@click.argument("code")
@json_option
def link(identifier: str, code: str, answer: Answer) -> None:
    """Say that the actor with this IDENTIFIER is the person with this CODE; its statements count at once."""
    home_page = runtime().settings.public_url
    with runtime().database.transaction() as session:
        agent = linking.agent_of_identifier(session, identifier)
        person = person_of_code(session, code)
        effect = linking.effect_of(session, agent, person)
        linking.link_agent(session, agent, person, home_page=home_page, actor=None)
    statements, completions = effect.tally.statements, [each.activity for each in effect.completions]
    answer(
        {"identifier": identifier, "code": person.code, "statements": statements, "completions": completions},
        f"{statements} statements count for {person.code} from now on, with {len(completions)} completions",
    )


@click.command()
@click.argument("identifier")
@json_option
def unlink(identifier: str, answer: Answer) -> None:
    """Take back what `link` said of the actor with this IDENTIFIER."""
    home_page = runtime().settings.public_url
    with runtime().database.transaction() as session:
        agent = linking.agent_of_identifier(session, identifier)
        linking.unlink_agent(session, agent, home_page=home_page, actor=None)
    answer({"identifier": identifier, "linked": False}, f"{identifier} is linked to nobody")


@click.command()
@click.argument("code")
@click.argument("into_code")
@json_option
def merge(code: str, into_code: str, answer: Answer) -> None:
    """Say that the records CODE and INTO_CODE are one person; everything counts for INTO_CODE."""
    home_page = runtime().settings.public_url
    with runtime().database.transaction() as session:
        person, into = record_of_code(session, code), record_of_code(session, into_code)
        merging.merge_people(session, person, into, home_page=home_page, actor=None)
        standing = standing_person(session, into)
    answer(
        {"code": person.code, "into": into.code, "counts_for": standing.code},
        f"{person.code} counts for {standing.code} from now on",
    )


@click.command()
@click.argument("code")
@json_option
def unmerge(code: str, answer: Answer) -> None:
    """Take back that the record CODE is another person's, as if it had never been said."""
    home_page = runtime().settings.public_url
    with runtime().database.transaction() as session:
        person = record_of_code(session, code)
        standing = standing_person(session, person)
        if standing.id == person.id:
            raise Conflict("“%(code)s” is not merged into another record.", code=person.code)
        merging.part_people(session, person, home_page=home_page, actor=None)
    answer(
        {"code": person.code, "counted_for": standing.code},
        f"{person.code} is counted apart from {standing.code} again",
    )


COMMANDS = (unmatched_command, link, unlink, merge, unmerge)


def _actor(agent: Unmatched, found: list[Suggestion]) -> dict[str, Any]:
    return {
        "identifier": agent.identifier,
        "name": agent.name,
        "statements": agent.tally.statements,
        "completing": agent.tally.completing,
        "last_stored": agent.tally.last_stored,
        "suggestions": [
            {
                "code": each.person.code,
                "name": each.person.name,
                "confidence": round(each.confidence, 2),
                "reasons": [reason.msgid for reason in each.reasons],
            }
            for each in found
        ],
    }


def _line(document: dict[str, Any]) -> str:
    head = f"{document['identifier']} ({document['name'] or 'no name'})"
    counts = f"{document['statements']} statements, {document['completing']} completing"
    found = [f"perhaps {each['code']} {each['name']}" for each in document["suggestions"][:1]]
    return ": ".join([head, "; ".join([counts, *found])])
