"""Log-in through a provider of identities outside, by OpenID Connect.

The authorization code flow with PKCE. ``provider`` speaks to the provider, ``idtoken`` judges what it
says, ``secrets`` makes what ties an answer to its question. An identity (issuer and subject) leads to
a person only once that person has linked it, logged in and freshly proved: never by its e-mail
address, which a provider may let anyone claim.
"""
