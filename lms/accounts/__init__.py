"""Sign-in, roles and their scope.

Words: account (a user name that signs in; usually of one person), role, grant (a role on a unit, reaching its
whole subtree), permission (what a role allows), code (a one-time code with which somebody who was imported
signs in for the first time). `policy.allows` is the one function that decides.

Sends SignedOut.
"""
