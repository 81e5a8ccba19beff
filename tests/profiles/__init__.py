"""Holding statements to an xAPI Profile, as the specification says (xAPI Profiles part 3, 2.0)."""
