"""GET /f/{form_id}/thanks: what a visitor sees after sending, where the form doesn't lead elsewhere."""

from pillarbox import accept, visitor_answers, visits

handler = visits.page(accept.any_form, visitor_answers.thanks_page)
