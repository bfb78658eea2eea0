from pillarbox import fields, snippets

URL = "https://pillarbox.test/f/abcdefghjkmn"


def shown(*declared):
    return snippets.html(URL, [fields.Field(**field).model_dump(mode="json") for field in declared])


def test_any_form_starts_with_five_lines():
    assert snippets.html(URL).splitlines() == [
        f'<form action="{URL}" method="post">',
        '  <label>E-mail <input name="email" type="email" required></label>',
        '  <label>Message <textarea name="message" required></textarea></label>',
        "  <button>Send</button>",
        "</form>",
    ]


def test_a_form_with_fields_gets_these_with_their_rules():
    options = [{"value": "s", "label": "Small"}, {"value": "l", "label": "Large"}]
    lines = shown(
        {"name": "code", "label": "Code", "type": "text", "pattern": "[A-Z]{3}", "max_length": 3},
        {"name": "size", "label": "Size", "type": "choice", "options": options},
        {"name": "agreed", "label": "I agree", "type": "consent", "required": True},
        {"name": "from", "label": "From", "type": "hidden", "default": "spring"},
    ).splitlines()

    assert lines[1:-2] == [
        '  <label>Code <input name="code" maxlength="3" pattern="[A-Z]{3}"></label>',
        "  <fieldset><legend>Size</legend>",
        '    <label><input type="radio" name="size" value="s"> Small</label>',
        '    <label><input type="radio" name="size" value="l"> Large</label>',
        "  </fieldset>",
        '  <label><input type="checkbox" name="agreed" required> I agree</label>',
        '  <input type="hidden" name="from" value="spring">',
    ]


def test_hostile_names_stay_inside_their_quotes():
    pasted = shown({"name": 'a"b', "label": "<script>", "type": "text"})

    assert "<script>" not in pasted
    assert 'name="a&#34;b"' in pasted
