"""Factors: what a person has beside a password, and logging in with it.

One-time codes of an authenticator (TOTP), recovery codes for the day on which it is lost, and passkeys.
``domain`` holds the arithmetic of codes and every way of being refused; ``store`` keeps secrets sealed,
recovery codes as digests, passkeys as public keys, and challenges that are spent once; ``operations``
set factors up, prove them, and take them away. People, passwords and sessions are identity's.
"""
