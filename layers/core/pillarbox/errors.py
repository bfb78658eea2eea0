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


class NotSignedIn(PillarboxError):
    status = HTTPStatus.UNAUTHORIZED
    code = "not-signed-in"


class NotAllowed(PillarboxError):
    status = HTTPStatus.FORBIDDEN
    code = "not-allowed"


class NotFound(PillarboxError):
    """There is no such thing, or it is somebody else's: nobody is told which."""

    status = HTTPStatus.NOT_FOUND
    code = "not-found"


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


class Invalid(PillarboxError):
    """Some fields don't fit; `errors` says each: `{"field", "code", "message"}`."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "invalid"

    def __init__(self, errors: list[dict[str, str]]) -> None:
        super().__init__(" ".join(error["message"] for error in errors))
        self.errors = errors


class Unavailable(PillarboxError):
    """A service of AWS is out of reach or too busy; the same request may pass a little later."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "unavailable"
    retry_after = 5
