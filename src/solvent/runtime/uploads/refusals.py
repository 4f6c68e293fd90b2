"""What is refused of a file before it is read."""

from solvent.kernel.errors import Refusal


class RefusedUpload(Refusal):
    """A file that is not even read; ``code`` is one of the subclasses'."""

    code = "upload.refused"


class UnwantedKind(RefusedUpload):
    """The file is of a kind that nothing here reads."""

    code = "upload.unwanted_kind"

    def __init__(self, kind: str, remedy: str) -> None:
        """Say what it is, and what to send instead."""
        super().__init__(f"This file is {kind}. {remedy}", kind=kind)


class Program(RefusedUpload):
    """The file can be run."""

    code = "upload.program"

    def __init__(self, kind: str, remedy: str) -> None:
        """Say what it is, and what to send instead."""
        super().__init__(
            f"This file is {kind}, whatever it is called: do not open it unless you know where it "
            f"comes from. {remedy}",
            kind=kind,
        )


class Archive(RefusedUpload):
    """The file holds other files; it is never unpacked here, so that it cannot grow either."""

    code = "upload.archive"

    def __init__(self, kind: str, remedy: str) -> None:
        """Say what it is, and to unpack it."""
        super().__init__(
            f"This file is {kind}. Unpack it, and send what is inside. {remedy}", kind=kind
        )


class ActiveContent(RefusedUpload):
    """The file is a page or a drawing that can hold scripts."""

    code = "upload.active_content"

    def __init__(self, kind: str, remedy: str) -> None:
        """Say what it is, and what to send instead."""
        super().__init__(
            f"This file is {kind}; banks answer with one when a log-in has ended. {remedy}",
            kind=kind,
        )


class TwoKinds(RefusedUpload):
    """The file is one thing to one program and another to the next."""

    code = "upload.two_kinds"

    def __init__(self, kind: str, remedy: str) -> None:
        """Name the second kind, and what to send instead."""
        super().__init__(
            f"This file begins as text and holds {kind} too. No bank makes such a file. {remedy}",
            kind=kind,
        )


class Infected(RefusedUpload):
    """The virus scanner knows the file."""

    code = "upload.infected"

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            "The virus scanner warns of this file, and nothing of it was kept. Do not open it; "
            "check the machine it comes from, and download it again from the bank."
        )


class Unchecked(RefusedUpload):
    """The virus scanner is away or did not finish, and nothing is taken unchecked."""

    code = "upload.unchecked"

    def __init__(self) -> None:
        """Say whom it waits for."""
        super().__init__(
            "The virus scanner does not answer, so no file is taken. Try again in a minute; "
            "whoever runs Solvent looks after the scanner at SOLVENT_CLAMD_URL.",
            retry_after_s=60,
        )
