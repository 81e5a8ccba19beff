"""The record and the rates: xAPI statements, the completions that follow from them, and rates over units.

Knows neither Flask nor who anybody is: learners are opaque UUIDs, units opaque integers, activities IRIs.
"""
