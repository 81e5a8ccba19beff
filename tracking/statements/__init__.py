"""xAPI statements: parse, validate, compare, store and query them.

Words: statement, actor, verb, object, identifier (of an agent), fingerprint (of what may not change).

parsing: bytes to statements. validation: what xAPI allows. services: `store`, the one door by which
statements come in, from whatever side; it resolves agents, completes activities and moves the counters in the
caller's transaction, and notes whom and what statements mention and refer to. queries: `statement`,
`voided_statement`, `statements`; paging and consistency: lists that go no further than the record is
complete; formats: exact, ids, canonical. errors: `Conflict`.
"""
