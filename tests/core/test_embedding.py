import json

import pytest

from pillarbox import embedding


@pytest.mark.parametrize(
    ("said", "ancestors"),
    [
        ({}, "*"),
        ({"allowed_frames": None, "allowed_origins": []}, "*"),
        ({"allowed_frames": [], "allowed_origins": ["https://example.com"]}, "'none'"),
        ({"allowed_frames": None, "allowed_origins": ["example.com"]}, "example.com:*"),
        ({"allowed_frames": ["https://example.com"], "allowed_origins": ["other.example"]}, "https://example.com:*"),
        ({"allowed_frames": ["*.example.com", "http://localhost:8080"]}, "*.example.com:* http://localhost:8080"),
        ({"allowed_frames": ["https://bücher.example"]}, "https://xn--bcher-kva.example:*"),
        ({"allowed_frames": ["http://[::1]:8000", "http://[::1]"]}, "http://[::1]:8000 http://[::1]:*"),
    ],
)
def test_whoever_may_send_may_frame_unless_it_is_said(said, ancestors):
    assert embedding.ancestors({"document": json.dumps(said)}) == ancestors


def test_a_list_without_end_is_cut_to_what_a_header_holds():
    many = [f"{n}.{'long' * 15}.example" for n in range(50)] * 4

    said = embedding.ancestors({"document": json.dumps({"allowed_frames": many})})

    assert 3000 < len(said) <= embedding.LONGEST
    assert said.endswith(".example:*")
