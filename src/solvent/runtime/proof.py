"""Recent proof: what is dangerous wants more than an open session, which may be a stolen one.

A session knows when its person last proved who they are, by password, code or passkey: at log-in, and
again at ``POST /api/v1/auth/prove`` or in the step that pages put in between. Whoever acts without a
session cannot prove anything: the machine itself need not, and a token that stands for a person may
not do what is guarded here.

Guarded are: changing the password, the address or a factor of log-in; making a token or linking
another way in; ending all other sessions; closing an account; erasing a household, exporting its keys;
changing a member's role or grants; and what an operator does to others.
"""

from solvent.kernel.errors import Refusal
from solvent.runtime.work import Work


class ProofNeeded(Refusal):
    """The session has not shown for a while that it is still the same person."""

    code = "identity.proof_needed"

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            "This wants a fresh proof that it is you: your password, a code or a passkey. "
            "Give it at /api/v1/auth/prove and ask again."
        )


def require_recent_proof(work: Work) -> None:
    """Raise :class:`ProofNeeded` unless the person of ``work`` proved who they are a moment ago."""
    if work.scope.person is None:
        return
    proved_at = work.scope.proved_at
    if proved_at is None or work.clock.now() - proved_at > work.proof_window:
        raise ProofNeeded
