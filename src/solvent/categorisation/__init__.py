"""Categorisation: from what a bank wrote to whom it was paid and what it was for.

``payees`` reads a payee's name out of a bank's description, with the banks' own words in
``phrases`` and the spelling of names in ``case``; ``domain`` is what is remembered of a person's
choices and offered next time.
"""
