"""Codes of authenticator apps (RFC 6238): six digits for each half minute, and each of them works once."""

import time

from pillarbox.errors import NotSignedIn

ISSUER = "Pillarbox"
STEP_SECONDS = 30
DIGITS = 6
SLACK_STEPS = 1  # a clock may be half a minute off, and typing takes a while
SEEN_STEPS = 20  # within which a code tells that its clock is off: ten minutes
WRONG = (
    "This code isn't right. Codes change every half minute: type the one that is shown now. "
    "If none is right, set the clock of your device."
)


def new_secret() -> str:
    """Return 160 bits of chance in base32, as authenticator apps take them."""
    import pyotp  # noqa: PLC0415  only who has a second factor pays for this import

    return str(pyotp.random_base32(32))


def address(secret: str, username: str) -> str:
    """Return the otpauth:// address that a QR code hands to an app."""
    import pyotp  # noqa: PLC0415  as above

    return str(pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=ISSUER))


def qr(address: str) -> str:
    """Return the address as a QR code: SVG without style, dark on whatever lies behind it."""
    import segno  # noqa: PLC0415  as above

    return str(segno.make(address, error="m").svg_inline(scale=5, border=3))


def step(secret: str, code: str, *, after: int, setting_up: bool = False) -> int:
    """Return the half minute (since 1970) that the code is for, or raise NotSignedIn.

    `after` is the last one that was used: a code that somebody saw being typed is worth nothing. A code of minutes
    ahead is told only while the app is set up: later, who guesses one would know what to type when its time comes.
    """
    import pyotp  # noqa: PLC0415  as above

    totp, now = pyotp.TOTP(secret), int(time.time())
    found = [
        now // STEP_SECONDS + off
        for off in range(-SEEN_STEPS, (SEEN_STEPS if setting_up else SLACK_STEPS) + 1)
        if pyotp.utils.strings_equal(totp.at(now + off * STEP_SECONDS), code)
    ]
    near = [one for one in found if abs(one - now // STEP_SECONDS) <= SLACK_STEPS]
    if fresh := [one for one in near if one > after]:
        return min(fresh)
    if near:
        raise NotSignedIn("This code was used already. Wait for the next one: codes change every half minute.")
    if found:
        minutes = round(abs(found[0] - now // STEP_SECONDS) * STEP_SECONDS / 60) or 1
        raise NotSignedIn(
            f"This code is for another time: the clock of your device is about {minutes} minutes off. Set it right."
        )
    raise NotSignedIn(WRONG)
