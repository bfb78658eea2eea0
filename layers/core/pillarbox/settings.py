"""Settings, read from the environment that template.yaml sets. Importable by the submit path: stdlib only."""

import os


def table_name() -> str:
    return os.environ["TABLE_NAME"]


def overflow_queue_url() -> str:
    return os.environ["OVERFLOW_QUEUE_URL"]


def purges_queue_url() -> str:
    return os.environ["PURGES_QUEUE_URL"]


def exports_queue_url() -> str:
    return os.environ["EXPORTS_QUEUE_URL"]


def exports_bucket() -> str:
    return os.environ["EXPORTS_BUCKET"]


def mails_queue_url() -> str:
    return os.environ["MAILS_QUEUE_URL"]


def webhooks_queue_url() -> str:
    return os.environ["WEBHOOKS_QUEUE_URL"]


def outcomes_queue_url() -> str:
    return os.environ["OUTCOMES_QUEUE_URL"]


def notifications_queue_url() -> str:
    return os.environ["NOTIFICATIONS_QUEUE_URL"]


def mail_from() -> str:
    """Return the address that mails come from; empty where this Pillarbox sends none."""
    return os.environ.get("MAIL_FROM", "")


def sends_mail() -> bool:
    return bool(mail_from())


def public_url() -> str:
    """Return scheme and host for links of what no request asked for; empty in functions that answer requests."""
    return os.environ.get("PUBLIC_URL", "")


def secret_key() -> bytes:
    """Return the key that signs cursors and hashes addresses."""
    return os.environ["SECRET_KEY"].encode()


def webhook_key() -> bytes:
    """Return the key that webhooks' secrets follow from; only who sends or shows them has it."""
    return os.environ["WEBHOOK_KEY"].encode()


def http_receivers() -> bool:
    """Whether webhooks may lead to this machine, without https: only infra/local sets this."""
    return os.environ.get("HTTP_RECEIVERS") == "yes"


def session_idle_seconds() -> int:
    return int(os.environ["SESSION_IDLE_MINUTES"]) * 60


def session_absolute_seconds() -> int:
    return int(os.environ["SESSION_ABSOLUTE_HOURS"]) * 60 * 60


def sign_up() -> str:
    """Return who may make an account: open (anybody), invitation or closed."""
    return os.environ.get("SIGN_UP", "open")


def admin_email() -> str:
    """Return the operator's address as it was given; whoever verifies it is the operator."""
    return os.environ.get("ADMIN_EMAIL", "")


def second_factor_required() -> bool:
    return os.environ.get("REQUIRE_SECOND_FACTOR") == "yes"


def operator_reads_forms() -> bool:
    """Whether the operator may read forms that nobody shared with them."""
    return os.environ.get("OPERATOR_READS_FORMS") == "yes"


def form_cache_seconds() -> float:
    """Return how long an instance of submit_form may keep a form: a change is in force after that."""
    return float(os.environ.get("FORM_CACHE_SECONDS", "10"))


def captcha_url() -> str | None:
    """Return who stands in for the captchas' vendors: only tests and infra/local set this."""
    return os.environ.get("CAPTCHA_URL")


def plain_http() -> bool:
    """Whether cookies go without Secure and `__Host-`: only infra/local sets this, for http://localhost."""
    return os.environ.get("PLAIN_HTTP") == "yes"


def session_cookie() -> str:
    return _cookie("pillarbox")


def csrf_cookie() -> str:
    """Return the name of the cookie that CSRF tokens are bound to before sign-in."""
    return _cookie("pillarbox_csrf")


def device_cookie() -> str:
    """Return the name of the cookie by which a browser is known that signed in before."""
    return _cookie("pillarbox_device")


def pending_cookie() -> str:
    """Return the name of the cookie of a sign-in that waits for its second factor."""
    return _cookie("pillarbox_pending")


def _cookie(name: str) -> str:
    return name if plain_http() else f"__Host-{name}"
