"""Everything that can go wrong in a way a caller can be told about.

Each class carries the HTTP status it means and the machine code of `/v1` (also the last part of the problem's `type`).
The edges api, pages and submit_form answer them, each in one place. Anything else that is raised is a bug: a 500.
Importable by the submit path: stdlib only.
"""

from http import HTTPStatus


class PillarboxError(Exception):
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    code = "internal"

    retry_after: int | None = None  # seconds


class Broken(PillarboxError):
    """A bug of ours; whoever asked is told no more than that, and the log has the rest."""

    def __init__(self) -> None:
        super().__init__("Something went wrong on our side. It was noted; please try again a little later.")


class Malformed(PillarboxError):
    """The request could not even be parsed."""

    status = HTTPStatus.BAD_REQUEST
    code = "malformed"


class UnknownButton(Malformed):
    def __init__(self) -> None:
        super().__init__("This button is unknown. Reload the page and try again.")


class NotSignedIn(PillarboxError):
    status = HTTPStatus.UNAUTHORIZED
    code = "not-signed-in"


class CodeWrong(NotSignedIn):
    """The password was right, and the code of the second factor is missing or wrong."""


class NotAllowed(PillarboxError):
    status = HTTPStatus.FORBIDDEN
    code = "not-allowed"


class NotFresh(NotAllowed):
    """It is the right account, but the sign-in is too long ago for something this sensitive."""

    code = "not-fresh"

    def __init__(self) -> None:
        super().__init__("Please confirm that it is you: your sign-in is a while ago.")


class FactorNeeded(NotAllowed):
    """The operator wants a second factor of everybody, and this account has none yet."""

    code = "second-factor-needed"

    def __init__(self) -> None:
        super().__init__("This Pillarbox asks for a second factor. Sign in on its pages and set one up first.")


class NotFound(PillarboxError):
    """There is no such thing, or it is somebody else's: nobody is told which."""

    status = HTTPStatus.NOT_FOUND
    code = "not-found"


class LinkDead(NotFound):
    def __init__(self) -> None:
        super().__init__("This link has expired or was used. Ask for a new one.")


class Taken(PillarboxError):
    status = HTTPStatus.CONFLICT
    code = "taken"

    def __init__(self, message: str, *, field: str) -> None:
        super().__init__(message)
        self.field = field


class Changed(PillarboxError):
    """Somebody else changed the thing in between."""

    status = HTTPStatus.CONFLICT
    code = "changed"


class Outdated(PillarboxError):
    """It isn't the version any more that a program said in a precondition its change is for."""

    status = HTTPStatus.PRECONDITION_FAILED
    code = "outdated"


class NotNow(PillarboxError):
    """What is asked for doesn't go with what the thing is just now."""

    status = HTTPStatus.CONFLICT
    code = "not-now"


class Invalid(PillarboxError):
    """Some fields don't fit; `errors` says each: `{"field", "code", "message"}`."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "invalid"

    def __init__(self, errors: list[dict[str, str]]) -> None:
        super().__init__(" ".join(error["message"] for error in errors))
        self.errors = errors


class TooOften(PillarboxError):
    status = HTTPStatus.TOO_MANY_REQUESTS
    code = "rate-limited"

    def __init__(self, seconds: float) -> None:
        self.retry_after = max(1, round(seconds + 0.5))
        super().__init__(f"That was too often. Please wait {_in_words(self.retry_after)}, then try again.")


class Unavailable(PillarboxError):
    """A service of AWS is out of reach or too busy; the same request may pass a little later."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "unavailable"
    retry_after = 5


def _in_words(seconds: int) -> str:
    count, unit = (seconds, "second") if seconds < 90 else (-(-seconds // 60), "minute")  # noqa: PLR2004  1 or 2 minutes
    return f"{count} {unit}{'s' if count != 1 else ''}"
