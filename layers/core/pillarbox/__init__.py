"""Pillarbox: the form inbox that a person owns. One module is one concept; this is where to look.

Where it runs       api (JSON), pages and visits (HTML), workers (queues, the stream)
Who may             accounts, registration, usernames, passwords; sign_up, sign_in, attempts, devices; sessions, tokens
  who did what      audit, clients; operators for whoever runs this
  their accounts    profiles, verification, exports with csv_rows, departures
  second factors    factors, totp, passkeys, challenges; pending for a sign-in that waits for one
  by mail           mails (asked for), letters and outbox (written and sent), links
Whom a form mails   notices (its settings), recipients, unsubscribing; notifications, with pace, answering, periods and
                    digests, say which mails follow; posting and composing write them, bounces come back
What it is about    forms with definitions, versions and starters; roles, members, fields, policies, retention;
                    hosting, logos with pictures; submissions with filing, remarks and searching, counts;
                    erasures, addresses
The submit path     accept, in this order: doors, bodies, controls, origins, rates, rules, judge, once, storing
  what it answers   answers, refusals, journal; to people visitor_answers, of visitor_pages and visitor_inputs, in
                    their language (languages, sentences), with the form's looks and colours, framed as embedding says
  values and rules  values, patterns, automata, exact, sources, attributes, places, aws
  spam              signals, texts, spam_words, bayes; captcha, altcha, widgets; signal_notes for the owner
Behind the stream   counting, lessons, tallying with tallies, which beacons tell too; overflow for what the table was
                    too busy to take
  to whom it goes   fanning makes deliveries, senders queue them, outcomes follow; sweeping and retries; webhooks
                    with webhook_changes, formats of what they are sent, resending
  other servers     receivers call them, guard says which, signing proves who we are
  what came of it   whereabouts and delivery_words, for people
What came over time insights with distributions; insight_words and charts for their page
Pages of owners     dashboards, guides; inboxes with lists, reading, triage, undoing, showing; webhook_pages, display,
                    snippets, connections, moves, entrance; assets, components
  a form's fields   drafts of sheets; field_kinds, field_edits; field_pages and field_views, previews; changes between
                    versions in words; came_in
  its settings      form_settings with setting_parts, setting_changes, setting_words
What it stands on   table and expressions (DynamoDB), queues (SQS), settings, errors, ids, cursors, csrf, headers,
                    validation, preconditions
"""
