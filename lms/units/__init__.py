"""The tree of units: city > commune, department, school > village, team.

Words: unit (somewhere people are counted), kind, path (the ids from the city down to the unit). The tree is
as it is today: people move between units with dates, units do not.
"""
