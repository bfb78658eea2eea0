"""The headers that guard answers. Importable by the submit path: stdlib only."""


def html(
    *, form_action: str = "", sources: str = "", frames: str = "'none'", cache: str = "no-store"
) -> dict[str, str]:
    """Return what guards a page: nothing but our own files, and no inline code.

    `form_action` adds an origin that a form's answer may redirect to, since browsers hold redirects to it as well;
    `sources` adds those of a captcha whose vendor the form's owner chose; `frames` says whose pages may frame it.
    """
    own = f"'self' {sources}".strip()
    return GUARDS | {
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": (
            f"default-src 'none'; style-src {own}; script-src {own}; img-src 'self' data:; font-src 'self'; "
            f"connect-src {own}; form-action {f"'self' {form_action}".strip()}; base-uri 'none'; "
            f"{f'frame-src {sources}; ' if sources else ''}frame-ancestors {frames}"
        ),
        "cache-control": cache,
    }


# Of every answer. Those that are no pages may load nothing at all, should a browser show them as one.
GUARDS = {
    "content-security-policy": "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    "strict-transport-security": "max-age=63072000; includeSubDomains",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
