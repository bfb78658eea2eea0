MAY = "viewer, forms:read"


def test_shows_the_form(owner, form):
    response = owner.get(f"/v1/forms/{form.id}")

    assert response.status_code == 200
    assert (response.json()["id"], response.json()["name"]) == (form.id, "Contact")


def test_its_etag_is_its_version(owner, form):
    assert owner.get(f"/v1/forms/{form.id}").headers["etag"] == '"1"'

    owner.patch(f"/v1/forms/{form.id}", json={"name": "Other"})
    assert owner.get(f"/v1/forms/{form.id}").headers["etag"] == '"2"'


def test_hides_somebody_else_s_form_as_if_it_were_not_there(stranger, form):
    theirs = stranger.get(f"/v1/forms/{form.id}")
    missing = stranger.get("/v1/forms/000000000000")

    assert (theirs.status_code, missing.status_code) == (404, 404)
    assert theirs.json() == missing.json()


def test_an_id_that_cannot_be_one_is_not_found(owner):
    for form_id in ("x", "FORM%23x", "%00", "a" * 2000):
        assert owner.get(f"/v1/forms/{form_id}").status_code == 404


def test_asks_a_visitor_to_sign_in(visitor, form):
    assert visitor.get(f"/v1/forms/{form.id}").status_code == 401
