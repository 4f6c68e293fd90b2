"""What is refused at the door, before anybody asks who is there."""

from solvent.kernel.errors import Refusal
from solvent.runtime.door.envelope import HEADER_BYTES_MAX, HEADERS_MAX, QUERY_BYTES_MAX
from solvent.runtime.edge.problems import declare

declare(
    {
        "request.ambiguous": 400,
        "request.ambiguous_body": 422,
        "request.timed_out": 503,
        "request.too_slow": 408,
        "request.headers_too_large": 431,
        "request.insecure": 403,
        "request.query_too_long": 414,
        "request.too_large": 413,
        "request.unknown_host": 400,
    }
)


class InsecureConnection(Refusal):
    """Plain HTTP from another machine."""

    code = "request.insecure"

    def __init__(self) -> None:
        """Say what to open instead."""
        super().__init__(
            "This address is not encrypted: everybody on the network could read along. Use "
            "https, or open http://localhost on the machine itself; whoever runs Solvent can "
            "allow it with SOLVENT_INSECURE_LAN=true."
        )


class UnknownHost(Refusal):
    """The request is for a host name that this installation does not answer to."""

    code = "request.unknown_host"

    def __init__(self) -> None:
        """Say where the names stand."""
        super().__init__(
            "This installation does not answer to that host name. Open the address that you were "
            "given; whoever runs Solvent names its hosts in SOLVENT_PUBLIC_URL and "
            "SOLVENT_ALLOWED_HOSTS."
        )


class AmbiguousRequest(Refusal):
    """A header that may stand only once came twice, or the host is missing."""

    code = "request.ambiguous"

    def __init__(self) -> None:
        """Say which they are."""
        super().__init__(
            "Host, Content-Length, Authorization and Origin may each come only once, and Host must."
        )


class HeadersTooLarge(Refusal):
    """More or longer headers than are taken."""

    code = "request.headers_too_large"

    def __init__(self) -> None:
        """Say the limits."""
        super().__init__(
            f"A request has at most {HEADERS_MAX} headers, of {HEADER_BYTES_MAX} bytes together. "
            "Send fewer; in a browser, deleting this site's cookies helps.",
            headers_max=HEADERS_MAX,
            bytes_max=HEADER_BYTES_MAX,
        )


class QueryTooLong(Refusal):
    """A path or query longer than is taken."""

    code = "request.query_too_long"

    def __init__(self) -> None:
        """Say the limit."""
        super().__init__(
            f"What follows the address is longer than {QUERY_BYTES_MAX} bytes. Ask for less at "
            "once.",
            bytes_max=QUERY_BYTES_MAX,
        )


class RequestTooLarge(Refusal):
    """A body beyond the limit of its route."""

    code = "request.too_large"

    def __init__(self, bytes_max: int) -> None:
        """Say the limit."""
        super().__init__(
            f"The request is larger than the {bytes_max} bytes that are taken here. Send less at "
            "once.",
            bytes_max=bytes_max,
        )


class AmbiguousBody(Refusal):
    """JSON that two readers could read differently."""

    code = "request.ambiguous_body"

    def __init__(self, fault: str) -> None:
        """Name the ``fault`` as the end of a sentence."""
        super().__init__(f"The body cannot be taken: {fault}. Correct it and send it again.")


class RequestTooSlow(Refusal):
    """The body did not arrive in time."""

    code = "request.too_slow"

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__("The request took too long to arrive. Send it again, in one go.")


class TimedOut(Refusal):
    """The answer was not ready in time, and the work on it was stopped."""

    code = "request.timed_out"

    def __init__(self) -> None:
        """Say what is known of the outcome: nothing."""
        super().__init__(
            "This took too long and was stopped; whether it was done is not known. Look before you "
            "repeat it, or repeat it with the same Idempotency-Key.",
            retry_after_s=5,
        )
