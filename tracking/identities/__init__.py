"""Which learner an agent is.

Words: identity key (`local:<name>` for accounts under our own home page, `mbox:<address>` for mail, else the
agent's canonical identifier), claim (agents under this key are this learner), link (an agent was linked to a
learner by hand, whatever the claims say), unmatched (an agent that is no learner yet).

An agent is a learner when it is linked to one, or when exactly one learner claims its key. What an agent did
before it was matched counts from the moment of matching. Groups are nobody.

keys: `local_key`, `mail_key`; the key of anything else is `tracking.statements.agents.identifier(agent)`.
services: `claim`, `claim_many`, `release`, `release_many`, `link`, `unlink`; each answers with the
completions that changed. queries: `unmatched`, `learner_of`, `claimed_keys`. agents: for the store alone.
"""
