"""Which learner an agent is.

Words: identity key (`local:<name>` for accounts under our own home page, `mbox:<address>` for mail, else the
agent's canonical identifier), claim (agents under this key are this learner), link (an agent was linked to a
learner by hand, whatever the claims say), unmatched (an agent that is no learner yet), merger (a learner was
taken to be another one).

An agent is a learner when it is linked to one, or when exactly one learner claims its key; where that learner
was merged into another, it is whoever stands for both. What an agent did before it was matched counts from
the moment of matching. Groups are nobody.

keys: `local_key`, `mail_key`, `hashed_mail_key`; the key of anything else is
`tracking.statements.agents.identifier(agent)`.
services: `claim`, `claim_many`, `release`, `release_many`, `link`, `unlink`; each answers with the
completions that changed. merging: `merge`, `part`, likewise. unmatched: listing agents that are nobody, and
setting them aside. queries: `learner_of`, `taken_for`, `claimed_keys`. agents: for the store alone.
"""
