"""Why a submission isn't taken: status and code of names.md, a sentence for the visitor. Stdlib only."""

from http import HTTPStatus

from pillarbox.errors import PillarboxError

TYPE_CHECKING = False  # to mypy it is true; importing `typing` takes longer than this module
if TYPE_CHECKING:
    from typing import Any

LONGEST_IN_SECONDS = 120  # what is longer is told in minutes

type Error = dict[str, str]  # code, message and, where one field is at fault, field


class Refusal(PillarboxError):
    """A sentence, and what is to be put into it: pages say the same in the visitor's language.

    `typed` is what the visitor sent, where it could be read: a page keeps it, so that nobody types it twice.
    """

    heading: str  # of the page that tells a person
    keeps = False  # whether its page keeps what was typed, to be sent once more
    error_url: str | None = None  # the owner's own page for what goes wrong

    def __init__(
        self,
        sentence: str,
        *,
        typed: "dict[str, Any] | None" = None,
        form: "dict[str, Any] | None" = None,  # its item, once it was found
        **values: object,
    ) -> None:
        message = sentence % values if values else sentence
        super().__init__(message)
        self.sentence, self.values = sentence, values
        self.errors: list[Error] = [{"code": self.code, "message": message}]
        self.typed = typed or {}
        self.form = form


class Malformed(Refusal):
    status = HTTPStatus.BAD_REQUEST
    code = "MALFORMED"
    heading = "This couldn't be read"


class Inactive(Refusal):
    status = HTTPStatus.FORBIDDEN
    code = "INACTIVE"
    heading = "This form is closed"


class Blocked(Refusal):
    """It doesn't come from where the form's owner lets it come from."""

    status = HTTPStatus.FORBIDDEN
    code = "BLOCKED"
    heading = "Not from here"


class FormNotFound(Refusal):
    status = HTTPStatus.NOT_FOUND
    code = "FORM_NOT_FOUND"
    heading = "There is no such form"


class NothingHere(Refusal):
    status = HTTPStatus.NOT_FOUND
    code = "NOT_FOUND"
    heading = "There is nothing here"


class TooLarge(Refusal):
    status = HTTPStatus.CONTENT_TOO_LARGE
    code = "TOO_LARGE"
    heading = "This is too much"


class UnsupportedType(Refusal):
    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    code = "UNSUPPORTED_TYPE"
    heading = "This can't be read"


class Empty(Refusal):
    status = HTTPStatus.UNPROCESSABLE_CONTENT
    code = "EMPTY"
    heading = "Nothing was sent"


class Misfit(Refusal):
    """Fields that break the form's rules: one error or more, each naming its field."""

    status = HTTPStatus.UNPROCESSABLE_CONTENT
    code = "INVALID"
    heading = "Something doesn't fit yet"

    def __init__(self, errors: list[Error], *, typed: "dict[str, Any]") -> None:
        super().__init__(" ".join(error["message"] for error in errors), typed=typed)
        self.errors = errors


class NoFileUploads(Refusal):
    status = HTTPStatus.UNPROCESSABLE_CONTENT
    code = "NO_FILE_UPLOADS"
    heading = "No files, please"


class KeyReused(Refusal):
    """An Idempotency-Key came with something else than before."""

    status = HTTPStatus.UNPROCESSABLE_CONTENT
    code = "KEY_REUSED"
    heading = "This key was used before"
    keeps = True


class Captcha(Refusal):
    """A captcha that the owner demands is missing or wrong."""

    status = HTTPStatus.UNPROCESSABLE_CONTENT
    code = "CAPTCHA"
    heading = "One step is missing"
    keeps = True


class RateLimited(Refusal):
    status = HTTPStatus.TOO_MANY_REQUESTS
    code = "RATE_LIMITED"
    heading = "One moment, please"
    keeps = True

    def __init__(self, seconds: float) -> None:
        self.retry_after = max(1, -int(-seconds // 1))
        self.in_minutes = self.retry_after > LONGEST_IN_SECONDS
        self.count = -(-self.retry_after // 60) if self.in_minutes else self.retry_after
        wait = f"{self.count} {'minute' if self.in_minutes else 'second'}{'s' * (self.count > 1)}"
        super().__init__(f"Too much was sent to this form in a short time. Please wait {wait} and send it again.")


class Unavailable(Refusal):
    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "UNAVAILABLE"
    heading = "Not just now"
    retry_after = 5  # seconds


class Broken(Refusal):
    """A bug of ours; the visitor is told no more than that."""

    status = HTTPStatus.INTERNAL_SERVER_ERROR
    code = "INTERNAL"
    heading = "That was our fault"

    def __init__(self, form: "dict[str, Any] | None" = None) -> None:
        super().__init__("Something went wrong on our side. Please send it again.", form=form)
