"""Identity: people and how they prove who they are.

Passwords, sessions for pages, tokens for programs, and the throttle on guessing. ``domain`` holds the
rules for addresses and passwords and every way of being refused; ``store`` people, sessions and
failed attempts; ``operations`` logs in, refreshes and logs out. What an attempt costs (a slow hash, a
counted failure) must outlast its own refusal, so those operations open their works themselves.
"""
