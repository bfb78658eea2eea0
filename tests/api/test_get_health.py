from pillarbox.errors import Unavailable

MAY = "anybody"


def test_says_ok_while_the_table_can_be_read(visitor):
    response = visitor.get("/health")

    assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_says_503_and_when_to_come_back_when_it_cannot(visitor, monkeypatch):
    def unreachable(_key):
        raise Unavailable("The table is out of reach. Please try again.")

    monkeypatch.setattr("pillarbox.table.get", unreachable)

    response = visitor.get("/health")

    assert response.status_code == 503
    assert int(response.headers["retry-after"]) > 0
    assert response.json()["type"] == "/docs/problems#unavailable"


def test_takes_no_other_method(visitor):
    assert visitor.post("/health").status_code == 404
