"""The headers that guard answers. Importable by the submit path: stdlib only."""


def html(
    *, form_action: str = "", sources: str = "", cache: str = "no-store", frames: str = "", framed_by: str = "'none'"
) -> dict[str, str]:
    """Return what guards a page: nothing but our own files, and no inline code.

    `form_action` adds an origin that a form's answer may redirect to, since browsers hold redirects to it as well;
    `sources` adds those of a captcha whose vendor the form's owner chose. `frames` says whose pages it may hold in a
    frame, and `framed_by` whose may hold it.
    """
    own, framed = f"'self' {sources}".strip(), f"{frames} {sources}".strip()
    return GUARDS | {
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": (
            f"default-src 'none'; style-src {own}; script-src {own}; img-src 'self' data:; font-src 'self'; "
            f"connect-src {own}; form-action {f"'self' {form_action}".strip()}; base-uri 'none'; "
            f"{f'frame-src {framed}; ' if framed else ''}frame-ancestors {framed_by}"
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
