"""The protections that `make mutations` takes out: what, where, which text, what in its place, and who sees it."""

from typing import NamedTuple


class Mutation(NamedTuple):
    what: str
    file: str  # of layers/core/pillarbox, or of functions
    old: str  # once in the file
    new: str
    test: str  # of tests


MUTATIONS = [
    # Forms of ours
    Mutation(
        "a CSRF token is the session's own",
        "csrf.py",
        " or not hmac.compare_digest(_xor(mask, masked), _digest(secret))",
        "",
        "pages/test_csrf.py::test_the_token_of_somebody_else_opens_nothing",
    ),
    Mutation(
        "Fetch Metadata is looked at",
        "csrf.py",
        'not in {"same-origin", "none"}',
        'not in {"same-origin", "none", "same-site", "cross-site"}',
        "pages/test_csrf.py::test_a_form_that_does_not_come_from_our_page_is_refused",
    ),
    Mutation(
        "Origin is looked at",
        "csrf.py",
        "and origin not in ours:",
        "and not origin:",
        "pages/test_csrf.py::test_a_form_that_does_not_come_from_our_page_is_refused",
    ),
    Mutation(
        "a session alone changes nothing through /v1",
        "api.py",
        "        csrf.check(sent, cookies[settings.session_cookie()], sent.get(csrf.HEADER))\n",
        "        pass\n",
        "api/test_create_form.py::test_a_browser_s_session_may_too_with_its_csrf_token_only",
    ),
    # Sessions
    Mutation(
        "a session ends after inactivity",
        "sessions.py",
        'table.expired(item) or bool(time.time() - item["used_at"] > settings.session_idle_seconds())',
        "table.expired(item)",
        "core/test_sessions.py::test_ends_after_inactivity",
    ),
    Mutation(
        "a session ends after its absolute time",
        "sessions.py",
        "return table.expired(item) or bool(",
        "return bool(",
        "core/test_sessions.py::test_ends_for_good_after_its_absolute_time_however_much_it_is_used",
    ),
    Mutation(
        "a late write brings no session back",
        "sessions.py",
        "table.update(_key(hashed), changes, condition=EXISTS)",
        'table.update(_key(hashed), changes, condition=f"{EXISTS} OR attribute_not_exists(pk)")',
        "core/test_sessions.py::test_a_session_ended_while_in_use_is_not_brought_back_by_a_late_write",
    ),
    Mutation(
        "a new password ends sessions that begin just then",
        "sessions.py",
        "    if session.epoch != account.epoch:\n",
        "    if session.epoch > account.epoch:\n",
        "pages/test_account_page.py::test_a_session_that_begins_while_the_password_changes_is_over_too",
    ),
    Mutation(
        "a sign-in ends the session before",
        "entrance.py",
        "    sessions.end(request.cookies)\n    client",
        "    client",
        "pages/test_sign_in_page.py::test_signing_in_again_ends_the_session_before",
    ),
    Mutation(
        "what is sensitive asks for the password again",
        "profiles.py",
        "    if not asked.session.fresh:\n",
        "    if asked is None:\n",
        "pages/test_account_page.py::test_what_is_sensitive_asks_for_a_fresh_sign_in",
    ),
    Mutation(
        "signing out clears the browser's cache",
        "entrance.py",
        '    response.headers["clear-site-data"] = \'"cache"\'\n',
        "",
        "security/test_cookies.py::test_what_ends_a_session_takes_its_cookie_away_as_it_was_set",
    ),
    Mutation(
        "scripts can't read the session's cookie",
        "pages.py",
        "secure=not settings.plain_http(),\n        httponly=True,",
        "secure=not settings.plain_http(),\n        httponly=False,",
        "pages/test_entrance.py::"
        "test_the_session_cookie_is_bound_to_this_host_and_out_of_reach_of_scripts_and_of_other_sites",
    ),
    Mutation(
        "cookies are bound to the host",
        "settings.py",
        'return name if plain_http() else f"__Host-{name}"',
        "return name",
        "pages/test_entrance.py::"
        "test_the_session_cookie_is_bound_to_this_host_and_out_of_reach_of_scripts_and_of_other_sites",
    ),
    # Signing in
    Mutation(
        "guessing is slowed down",
        "attempts.py",
        'elif item["until"] > now:',
        'elif item["until"] < 0:',
        "core/test_sign_in.py::test_after_a_few_wrong_passwords_somebody_has_to_wait_and_is_told_how_long",
    ),
    Mutation(
        "an unknown name costs a hash too",
        "passwords.py",
        "    try:\n        _hasher().verify(stored or NOBODYS, password)",
        "    if stored is None:\n        return False\n    try:\n        _hasher().verify(stored, password)",
        "core/test_passwords.py::test_an_unknown_name_takes_the_reads_and_the_one_hash_of_a_known_one",
    ),
    Mutation(
        "a hash is dear",
        "passwords.py",
        "memory_cost=19456",
        "memory_cost=64",
        "core/test_passwords.py::test_what_an_account_stores_is_argon2id_with_19_mb_and_two_passes",
    ),
    Mutation(
        "old hashes are made anew",
        "sign_in.py",
        "    if hashed and passwords.is_old(hashed):\n",
        "    if hashed is None:\n",
        "core/test_passwords.py::test_a_hash_with_smaller_numbers_is_made_anew_when_its_owner_signs_in",
    ),
    Mutation(
        "common passwords are refused",
        "passwords.py",
        "    if password.casefold() in _common():\n",
        "    if not password:\n",
        "security/test_checklist.py::test_one_of_the_commonest_passwords_is_refused",
    ),
    Mutation(
        "passwords made of one's names are refused",
        "passwords.py",
        "    if len(rest) < min(OF_ITS_OWN, len(password)):\n",
        "    if not password:\n",
        "pages/test_account_page.py::test_a_password_made_of_ones_own_name_is_refused",
    ),
    Mutation(
        "the old password is asked for",
        "profiles.py",
        '        sign_in.again(account, asked.sent.get("old", ""), asked.client)\n',
        "        pass\n",
        "pages/test_account_page.py::test_guessing_the_old_password_is_slowed_down",
    ),
    Mutation(
        "a switched-off account stays out",
        "accounts.py",
        "    if account is None or not account.active:\n        raise NotSignedIn",
        "    if account is None:\n        raise NotSignedIn",
        "pages/test_user_page.py::test_switched_off_nobody_signs_in_and_no_token_opens_anything",
    ),
    Mutation(
        "a sign-in leads to no other site",
        "pages.py",
        ' and not path.startswith("//")',
        "",
        "pages/test_sign_in_page.py::test_leads_to_no_other_site",
    ),
    # Second factors
    Mutation(
        "a password alone is not enough",
        "entrance.py",
        "    if not account.second_factor:\n",
        "    if account:\n",
        "security/test_checklist.py::test_a_password_set_anew_by_mail_leaves_the_second_factor_asked_for",
    ),
    Mutation(
        "a program needs the code too",
        "api/create_token/handler.py",
        "    sign_in.by_code(account, new.code, api.client)\n",
        "",
        "pages/test_code_page.py::test_a_program_sends_the_code_with_its_password",
    ),
    Mutation(
        "a code works once, however many send it",
        "factors.py",
        'condition="step < :used", values={":used": used}',
        'condition="attribute_exists(pk)"',
        "pages/test_code_page.py::test_a_code_that_another_request_used_meanwhile_is_refused",
    ),
    Mutation(
        "a recovery code works once",
        "factors.py",
        "rest = [one for one in stored if one != hashed]",
        "rest = stored",
        "pages/test_code_page.py::test_a_recovery_code_works_once",
    ),
    Mutation(
        "a mailed link takes no factor of a confirmed account",
        "verification.py",
        "    if not account.email_verified:\n        gone",
        "    if account:\n        gone",
        "security/test_checklist.py::test_a_password_set_anew_by_mail_leaves_the_second_factor_asked_for",
    ),
    Mutation(
        "a passkey's answer is used once",
        "challenges.py",
        ', condition="attribute_not_exists(pk)")',
        ")",
        "pages/test_passkey_sign_in_page.py::test_an_answer_signs_in_once",
    ),
    Mutation(
        "a challenge is for one purpose",
        "challenges.py",
        "\\npasskey\\n{purpose}\\n{subject}",
        "\\npasskey\\n{subject}",
        "core/test_challenges.py::test_a_challenge_is_for_one_purpose_and_one_account",
    ),
    Mutation(
        "a challenge ends",
        "challenges.py",
        " or age > LASTS_SECONDS",
        "",
        "pages/test_passkeys_page.py::test_a_challenge_ends_after_five_minutes",
    ),
    # Links, tokens, cursors
    Mutation(
        "a mailed link works once",
        "links.py",
        'table.Delete(_key(secret), condition=alive, values={":now": int(time.time())})',
        "table.Delete(_key(secret))",
        "core/test_links.py::test_of_many_who_use_it_at_once_one_does",
    ),
    Mutation(
        "a mailed link ends",
        "links.py",
        " or table.expired(item)",
        "",
        "core/test_links.py::test_a_link_that_expired_is_dead_before_it_is_deleted",
    ),
    Mutation(
        "a mailed link does one thing",
        "links.py",
        ' or item["purpose"] not in purposes',
        "",
        "core/test_links.py::test_a_link_for_one_thing_does_no_other",
    ),
    Mutation(
        "a mistyped token costs no read",
        "tokens.py",
        " or _checksum(shape[1]) != shape[2]",
        "",
        "api/test_create_token.py::test_a_wrong_checksum_is_refused_without_a_read",
    ),
    Mutation(
        "a token ends",
        "tokens.py",
        '    if table.expired(item):\n        raise NotSignedIn("This token has expired.")\n',
        "",
        "api/test_list_tokens.py::test_a_token_that_has_expired_is_listed_no_more_and_opens_nothing",
    ),
    Mutation(
        "a cursor is ours",
        "cursors.py",
        "if not hmac.compare_digest(raw[:SIGNATURE_BYTES], _signature(of, place)):",
        "if len(raw) < SIGNATURE_BYTES:",
        "core/test_cursors.py::test_a_changed_character_is_seen",
    ),
    Mutation(
        "a browser is known by a tag of ours",
        "devices.py",
        "hmac.compare_digest(one.encode(), tag.encode())",
        "len(one) == len(tag)",
        "core/test_devices.py::test_what_we_never_set_is_nobodys",
    ),
    # Who may what
    Mutation(
        "a role has to reach",
        "forms.py",
        "    require(form, role)\n    return form",
        "    return form",
        "core/test_roles.py::test_a_role_may_what_the_table_says",
    ),
    Mutation(
        "a token may do what its scopes say",
        "api.py",
        "        if scope not in scopes:\n",
        "        if not scopes:\n",
        "api/test_create_token.py::test_a_token_may_do_only_what_its_scopes_say",
    ),
    Mutation(
        "the operator's pages are the operator's",
        "operators.py",
        '    if account.role != "admin":\n',
        "    if not account.role:\n",
        "security/test_tricks.py::test_no_spelling_of_a_path_shows_the_operators_pages_to_somebody_else",
    ),
    Mutation(
        "nobody makes themselves an operator by saying so",
        "registration.py",
        'class NewAccount(BaseModel):\n    model_config = ConfigDict(extra="forbid")',
        'class NewAccount(BaseModel):\n    model_config = ConfigDict(extra="ignore")',
        "security/test_tricks.py::test_nobody_makes_themselves_more_than_an_account_by_saying_so",
    ),
    Mutation(
        "a username is somebody's alone, whatever its case",
        "accounts.py",
        '            *(table.Put(key | {"account": account.id}, condition=UNUSED) for key in names.values()),',
        '            *(table.Put(key | {"account": account.id}) for key in names.values()),',
        "api/test_create_account.py::test_refuses_a_name_that_somebody_has_whatever_its_case",
    ),
    Mutation(
        "no header says where a request comes from",
        "clients.py",
        'Client(http["sourceIp"],',
        'Client(event["headers"].get("x-forwarded-for", "").partition(",")[0],',
        "security/test_tricks.py::test_the_address_in_the_log_is_the_connections_whatever_headers_say",
    ),
    # What is answered
    Mutation(
        "pages are escaped",
        "pages.py",
        "autoescape=True",
        "autoescape=False",
        "pages/test_inbox_page.py::test_hostile_text_stays_text",
    ),
    Mutation(
        "pages run no code but our own files",
        "headers.py",
        "script-src {own};",
        "script-src {own} 'unsafe-inline';",
        "pages/test_headers.py::test_every_page_is_guarded",
    ),
    Mutation(
        "nobody frames what is no page",
        "headers.py",
        "\"default-src 'none'; base-uri 'none'; frame-ancestors 'none'\"",
        "\"default-src 'none'; base-uri 'none'\"",
        "pages/test_headers.py::test_redirects_are_guarded",
    ),
    Mutation(
        "browsers come by TLS alone",
        "headers.py",
        '    "strict-transport-security": "max-age=63072000; includeSubDomains",\n',
        "",
        "pages/test_headers.py::test_pages_that_say_no_are_guarded",
    ),
    Mutation(
        "answers are cached nowhere",
        "api.py",
        '{**headers.GUARDS, "cache-control": "no-store", **answer["headers"]}',
        '{**headers.GUARDS, **answer["headers"]}',
        "pages/test_headers.py::test_answers_and_problems_of_the_api_are_guarded",
    ),
    Mutation(
        "a refusal is logged",
        "api.py",
        '    logger.info("refused", error=type(error).__name__)\n',
        "",
        "security/test_privacy.py::test_a_refusal_stands_in_the_log_with_what_refused_it",
    ),
    Mutation(
        "an event tells from where",
        "audit.py",
        '        "address": client.address,\n',
        '        "address": "",\n',
        "core/test_audit.py::test_an_event_tells_who_what_when_and_from_where",
    ),
]
