"""The explorer: administrators look into the record, take statements back, and carry statements out as files.

Words: take back (to void a statement, with a reason), extract (a file of the statements that fit a filter).
Sends StatementsStored, through `core.record`.
"""
