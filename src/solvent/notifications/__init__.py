"""Notifications: how what is to be told reaches a person.

``rendering`` writes a letter in its reader's language, as text and as HTML; ``carriers`` take it out
of the house, by SMTP, into a folder or onto the console; ``jobs`` works off what other slices have
queued (``identity.letters``). A letter is handed to a mail server once: see ``operations``.
"""
