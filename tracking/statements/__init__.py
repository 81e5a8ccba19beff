"""xAPI statements: parse, validate, compare, store and query them.

Words: statement, actor, verb, object, identifier (of an agent), fingerprint (of what may not change).
"""
