"""Measures speed: each line beside a bare baseline of the same work in the same run (docs/benchmarks.md).

Words: line (one thing measured, ours and bare), round (one short measurement; medians are told), bare (the
least that any program would have to do: the parser, the database's own driver, a GROUP BY).

statements: over HTTP against a server process, beside rows written without HTTP. rates: counters beside
GROUP BY. parsing: parsing and validation beside the parser alone.
"""
