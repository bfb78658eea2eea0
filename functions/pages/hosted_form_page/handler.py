"""GET /f/{form_id}: the hosted form, for owners without a page of their own."""

from pillarbox import accept, visitor_answers, visits

handler = visits.page(accept.open_form, visitor_answers.form_page)
