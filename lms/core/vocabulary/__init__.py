"""Our words in xAPI, and the statements that we make of them, published as a profile (xAPI Profiles 1.0).

Words: vocabulary, statement template, statement pattern.
Each statement follows one of the `templates`, and those of a registration one of the `patterns`: tests hold
every statement that the product makes against both. `iris` are the words themselves, `document` is what
others read.
"""
