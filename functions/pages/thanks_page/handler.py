"""GET /f/{form_id}/thanks: what a visitor sees after sending, where the form doesn't lead elsewhere."""

from pillarbox import accept, answers, visits

handler = visits.page(accept.any_form, answers.thanks_page)
