"""Lessons: reading the structure of packages, opening and building them, and our own library.

Knows neither Flask nor a database.
"""
