"""Rules that turn statements into completions.

Words: outcome (what a statement means for its activity), evidence, completion, demands passing.

rules: `outcome_of(statement)`, pure. services: `demand_passing`. queries: `completions_of`, `completion`.
projection: `reproject` brings evidence, completions and counters in line with the statements named; every
service that adds, voids or links statements ends there, in its own transaction.

A completion is the earliest evidence that counts. Evidence is kept with both clocks, also after it stopped to
count, so that "as known on" can be answered.
"""
