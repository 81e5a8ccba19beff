"""The HTTP door of the record store, and the clients that may knock.

Words: client (a program or platform that sends or reads statements), key and secret (its Basic credentials;
the secret is shown once and kept as a keyed hash), scope (what the client may do), rotate (give a new secret,
while the old one works on for a while), revoke (shut out for good), session credential (a key for one
learner's session with one lesson).
Sends StatementsStored, through `core.record`.
"""
