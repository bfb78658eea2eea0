"""GET /f/{form_id}/look/{file}: what its owner gave a form's pages: the accent, as a stylesheet, and the logo."""

from pillarbox import accept, looks, visits

handler = visits.page(accept.any_form, looks.answer)
