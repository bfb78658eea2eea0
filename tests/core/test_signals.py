# ruff: noqa: RUF001  letters that look like others are what some of this is about
import json
import subprocess
import sys
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.local.template import ROOT
from pillarbox import signals, spam_words, texts


def score(fields, *, bayes=None, form=None, **context):
    return signals.score(fields, settings=form or {}, context=context, bayes=bayes)


def names(fields, **more):
    return [signal["name"] for signal in score(fields, **more)[1]]


def letter(message, name="Ada Lovelace", email="ada@example.com", **more):
    return {"name": name, "email": email, "message": message} | more


HONEST = {
    "english": letter(
        "Hello, do you still have a room for two from 3 to 6 June? We would arrive late, at about 11 pm. Thanks!"
    ),
    "german": letter(
        "Guten Tag, für unsere Weihnachtsfeier brauchen wir 40 Stühle und den Weihnachtsschmuck vom letzten Jahr. "
        "Übernimmt Ihre Rechtsschutzversicherung den Schaden? Mit freundlichen Grüßen, Familie Schwarzschild",
        name="Jürgen Schwarzschild",
    ),
    "german, nouns in capitals": letter(
        "ANFRAGE: Bitte um ein ANGEBOT für TISCHE und STÜHLE, LIEFERUNG nach Hamburg bis Freitag. RÜCKRUF erwünscht."
    ),
    "polish": letter(
        "Dzień dobry, chciałbym zapytać o możliwość przełożenia wizyty. Najchętniej w przyszły czwartek, "
        "bo w środę jestem w Szczebrzeszynie. Z wyrazami szacunku",
        name="Grzegorz Brzęczyszczykiewicz",
    ),
    "welsh": letter("Helo, a oes lle i barcio yn Llanfairpwllgwyngyll? Diolch, Llywelyn", name="Llywelyn ap Gruffydd"),
    "czech": letter("Dobrý den, máte ještě čtvrtý díl a zmrzlinu se šlehačkou? Děkuji", name="Vlk Hrdlička"),
    "french": letter("Bonjour, à quelle heure ouvrez-vous le dimanche ? Nous serons quatre, dont un bébé. Merci !"),
    "spanish": letter("Buenas tardes, quería saber si hacen envíos a Canarias y cuánto tardan. ¡Gracias de antemano!"),
    "russian": letter(
        "Здравствуйте! Подскажите, пожалуйста, есть ли места на экскурсию 12 мая? Напишите SMSкой или на почту."
    ),
    "japanese": letter(
        "お世話になっております。来月の工場見学について、10名で予約できますでしょうか。よろしくお願いいたします。",
        name="山田太郎",
    ),
    "chinese": letter("你好，我想咨询一下贵公司的产品价格，谢谢。", name="王伟"),
    "arabic": letter("مرحبا، أود أن أسأل عن مواعيد العمل خلال شهر رمضان. شكرا جزيلا", name="محمد"),
    "thai": letter("สวัสดีครับ อยากทราบว่าร้านเปิดกี่โมงครับ", name="สมชาย"),
    "greek": letter("Καλημέρα σας, θα ήθελα να ρωτήσω αν υπάρχει διαθεσιμότητα για το Σάββατο.", name="Ελένη"),
    "vietnamese": letter("Xin chào, tôi muốn đặt bàn cho sáu người vào tối thứ bảy. Cảm ơn.", name="Nguyễn Thị Hương"),
    "a developer's": letter(
        "Your page https://example.com/docs/setup says npm install, but I get:\n\n"
        "TypeError: getElementById(...) is null\n  at XMLHttpRequest.onreadystatechange (main.js:12)\n\n"
        '<a href="https://example.com/x">link</a>\n\nSee https://github.com/example/project/issues/4 and node.js docs.'
    ),
    "a link alone": letter("https://github.com/example/project/issues/4"),
    "all in capitals": letter("PLEASE CALL ME BACK ABOUT THE BROKEN BOILER, I AM 82 AND CANNOT FIND THE OTHER KEY!!!"),
    "very short": letter("Hi"),
    "test": letter("test", name="test"),
    "a telephone number": {"phone": "+49 170 1234567"},
    "nothing": {},
    "a website field": letter("We'd like a quote.", website="https://www.example-casino-hotel.com/"),
    "codes": {
        "order_id": "XKQZWVJ",
        "gclid": "EAIaIQobChMIxqzWvQ",
        "utm_term": "qwxzvbkj",
        "message": "Where is my parcel QX7-ZZ91-KJW?",
    },
    "a pharmacist's": letter("I am a pharmacist; do you stock sildenafil 50 mg for institutions?"),
    "a casino's neighbour": letter("Is there parking behind the casino? We come by bus from the hotel."),
    "one who asks for what others offer": letter(
        "We look for somebody to do SEO for our bakery: we are not even on the first page of Google."
    ),
    "too many exclamations": letter("Thank you so much!!! The flowers were wonderful!!!"),
    "thrown-away address": letter("Where do I find the manual?", email="x7@mailinator.com"),
    "nested JSON": {"order": {"lines": [{"text": "two chairs", "count": 2, "price": Decimal("12.50")}], "gift": True}},
}
SPAM = {
    "pills in BBCode": letter("Buy cheap [url=http://pills.example.com]cialis[/url] online without prescription"),
    "search ranking": letter(
        "Hi, I came across your website and noticed that your website is not ranking on Google. We offer good SEO "
        "services, organic traffic and quality backlinks. Shall I send you a quote?"
    ),
    "crypto": letter(
        "Guaranteed profit! Invest in Bitcoin: passive income from our trading bot. https://bit.ly/x1 act now"
    ),
    "loans": letter(
        "We offer loans at a low interest rate of 2%. Business loan, no credit check. Reply to this email: www.loan.top"
    ),
    "mailing through forms": letter(
        "This message was sent via contact forms. We send commercial offers through feedback forms. "
        "Telegram - https://t.me/example"
    ),
    "casino in russian": letter(
        "Онлайн казино, бонус за регистрацию, ставки на спорт! Игровые автоматы http://kazino.ru"
    ),
    "casino in japanese": letter("オンラインカジノの上位表示。副業で稼ぐ。被リンクを販売 http://example.top"),
    "random letters": letter("wKjHqXzTrPLmVbQ", name="XqPzRtWkVbn", email="a.b@gmail.com"),
    "prize": letter(
        "Congratulations, you have won! Click here to claim your prize: http://win.example.xyz/a FREE iPhone"
    ),
    "adult dating": letter(
        "Hot girls for casual sex! Meet singles: http://girls.example.top/1 http://girls.example.top"
    ),
    "anchors": letter('<a href="http://a.top">Online casino</a> <a href="http://b.top">free spins</a>, casino bonus'),
    "disguised": letter("Bеst саsinо bonus http://x.top, online casino, jackpot"),
    "only links": letter(" ".join(f"http://x{n}.top/{n}" for n in range(8)), name="http://x.top"),
}


@pytest.mark.parametrize("fields", HONEST.values(), ids=HONEST)
def test_an_honest_message_stays_in_the_inbox(fields):
    total, found = score(fields)
    assert total < signals.THRESHOLD - 1, found


@pytest.mark.parametrize("fields", SPAM.values(), ids=SPAM)
def test_classic_spam_reaches_the_threshold_by_its_text_alone(fields):
    total, found = score(fields)
    assert total >= signals.THRESHOLD, found


@pytest.mark.parametrize(
    ("fields", "context", "name"),
    [
        ({}, {"honeypot": "bot-field"}, "honeypot"),
        ({}, {"seconds": 1.2}, "too_fast"),
        ({}, {"seconds": 3}, "fast"),
        ({}, {"webdriver": True}, "webdriver"),
        ({}, {"captcha": False}, "captcha_failed"),
        ({}, {"captcha": True}, "captcha_passed"),
        (letter("see http://example.com and more of what we talked about"), {}, "links"),
        (letter("www.example.com"), {}, "mostly_links"),
        (letter("look at example.com when you have the time"), {}, "links"),
        (letter("look at https://cutt.ly/abc when you have the time"), {}, "short_link"),
        (letter("[URL=x]y[/URL]"), {}, "bbcode"),
        (letter("<A HREF='x'>y</A>"), {}, "html_link"),
        (letter("hello", name="Win http://x.top"), {}, "link_in_name"),
        (letter("hello", name="Zxqkjvwpt"), {}, "random_name"),
        (letter("zxqkjvwpt kqjxwvz"), {}, "gibberish"),
        (letter("sdkjfhskdjfh"), {}, "gibberish"),
        (letter("the best саsino"), {}, "mixed_scripts"),
        (letter("𝐁𝐮𝐲 𝐢𝐭 𝐧𝐨𝐰 𝐡𝐞𝐫𝐞"), {}, "fancy_letters"),
        (letter("PLEASE CALL ABOUT THE BOILER BEFORE MONDAY"), {}, "shouting"),
        (letter("yes!!!"), {}, "exclamation"),
        ({"name": "Robertt", "city": "robertt", "message": "Robertt"}, {}, "repeated_value"),
        (letter("hello", email="x@inbox.yopmail.com"), {}, "disposable_address"),
        ({}, {"same_text": 1}, "same_text"),
        ({}, {"same_sender": 2}, "same_sender"),
        ({}, {"address_rate": 12}, "address_rate"),
        ({}, {"form_rate": 30}, "form_rate"),
        ({}, {"same_text_elsewhere": 1}, "same_text_elsewhere"),
    ],
)
def test_each_sign_gives_its_signal(fields, context, name):
    found = {signal["name"]: signal["weight"] for signal in score(fields, **context)[1]}
    assert name in found
    assert 0 < abs(found[name]) <= abs(signals.WEIGHTS[name])


@pytest.mark.parametrize("topic", spam_words.PHRASES)
def test_each_phrase_gives_the_signal_of_its_topic(topic):
    for weight, phrases in spam_words.PHRASES[topic]:
        for phrase in phrases:
            found = {signal["name"]: signal["weight"] for signal in score({"message": f"Well, {phrase.title()}."})[1]}
            assert found.get(topic, 0) >= weight, phrase


@pytest.mark.parametrize("topic", spam_words.UNSPACED)
def test_phrases_without_spaces_are_found_inside_a_sentence(topic):
    for phrase in spam_words.UNSPACED[topic][1]:
        assert topic in names({"message": f"あの{phrase}です"}), phrase


@pytest.mark.parametrize(
    "text", ["specialist in casinotown", "an analogy", "socialism", "Essex and Sussex", "Scunthorpe"]
)
def test_a_phrase_is_a_whole_word(text):
    assert names(letter(text)) == []


@pytest.mark.parametrize(
    "text", ["it's done.in a week", "see main.rs and run.sh", "thanks.me too", "v1.2.3", "z.B. um 8.30"]
)
def test_a_dot_makes_no_link(text):
    assert "links" not in names(letter(text))


def test_no_soft_signal_reaches_the_threshold_alone():
    soft = {name: weight for name, weight in signals.WEIGHTS.items() if weight != 20.0}
    assert set(signals.WEIGHTS) - set(soft) == {"honeypot", "blocked_word", "blocked_address", "blocked_domain"}
    assert max(soft.values()) < signals.THRESHOLD


def test_what_is_decisive_outweighs_a_captcha_and_the_kindest_filing():
    kind = signals.WEIGHTS["captcha_passed"] - signals.WEIGHTS["filing"]
    assert signals.WEIGHTS["honeypot"] + kind > 2 * signals.THRESHOLD


@pytest.mark.parametrize("threshold", [0.5, 2.0, 5.0, Decimal("7.5")])
def test_a_burst_from_one_address_never_makes_an_honest_text_spam(threshold):
    burst = {"same_text": 1000, "same_sender": 1000, "address_rate": 1000, "form_rate": 1000}
    total, found = score(HONEST["english"], form={"threshold": threshold}, **burst)
    assert len(found) == 4
    assert 0 < total <= 0.6 * float(threshold) + 0.2  # four weights, each rounded by half a tenth at most


def test_a_visitor_without_javascript_is_scored_as_if_no_check_needed_any():
    absent = {"seconds": None, "webdriver": None, "captcha": None}
    assert score(HONEST["english"], **absent) == score(HONEST["english"]) == (0, [])


@pytest.mark.parametrize("seconds", [4, 3600, -1, float("nan"), float("inf")])
def test_a_time_that_is_long_or_impossible_says_nothing(seconds):
    assert score({}, seconds=seconds) == (0, [])


@pytest.mark.parametrize(
    ("form", "fields", "context", "datum"),
    [
        ({"blocked_words": ["Jump Rope"]}, letter("A jump-rope!"), {}, "Jump Rope"),
        ({"blocked_words": ["カジノ"]}, letter("新しいカジノです"), {}, "カジノ"),
        ({"blocked_words": ["casino"]}, letter("see http://best-casino.com/x"), {}, "casino"),
        ({}, letter("a jump"), {"blocked_words": ["jump"]}, "jump"),
        ({"blocked_addresses": ["Bob@Example.com"]}, letter("hi", email="bob@example.COM"), {}, "Bob@Example.com"),
        ({"blocked_addresses": ["bob@example.com"]}, letter("write to bob@example.com."), {}, "bob@example.com"),
        ({"blocked_addresses": ["203.0.113.7"]}, letter("hi"), {"address": "203.0.113.7"}, "203.0.113.7"),
        ({"blocked_domains": ["example.net"]}, letter("hi", email="a@mail.example.net"), {}, "example.net"),
        ({"blocked_domains": ["@Example.net"]}, letter("see https://example.net:8000/x"), {}, "example.net"),
        ({"blocked_domains": ["*.example.net"]}, letter("hi", website="http://www.example.net"), {}, "example.net"),
    ],
)
def test_what_the_owner_blocks_is_spam(form, fields, context, datum):
    total, found = score(fields, form=form, **context)
    assert total >= 20
    assert datum in [signal.get("data") for signal in found if signal["name"].startswith("blocked_")]


@pytest.mark.parametrize(
    ("form", "fields"),
    [
        ({"blocked_words": ["ass", "jump rope", "", "  ", "!"]}, letter("a class may jump, a rope too")),
        ({"blocked_addresses": ["bob@example.com", ""]}, letter("hi", email="jimbob@example.com")),
        ({"blocked_domains": ["example.net", "", "*."]}, letter("http://evilexample.net", email="a@example.net.org")),
        ({"blocked_words": None, "blocked_addresses": None, "blocked_domains": None}, letter("hi")),
    ],
)
def test_what_only_looks_like_a_block_is_let_through(form, fields):
    assert not [name for name in names(fields, form=form) if name.startswith("blocked_")]


def test_the_sum_and_the_weights_have_one_decimal_and_the_datum_is_short():
    total, found = score(letter("x" * 500 + " http://example.com !!!"), honeypot="h" * 500, same_text_elsewhere=1)
    assert total == round(sum(signal["weight"] for signal in found), 1)
    for signal in found:
        assert signal["weight"] == round(signal["weight"], 1) != 0
        assert len(str(signal.get("data", ""))) <= signals.MAX_DATUM
    assert json.loads(json.dumps(found)) == found


SENT = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.decimals()
    | st.text(st.characters(exclude_categories=()), max_size=60),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=9), inner, max_size=5),
    max_leaves=20,
)
PIECES = st.lists(
    st.sampled_from(
        ["http://", "www.", ".com", "@", "a", "q", "[url=", "<a href=", "é", "а", "日", " ", "\n", "!!!", "\ud800", "."]
    )
    | st.sampled_from(["casino", "first page of google", "name"]),
    max_size=60,
).map("".join)


@given(
    fields=st.dictionaries(st.sampled_from(["name", "url", "code"]) | st.text(max_size=9), SENT | PIECES, max_size=6)
)
@settings(deadline=None)
def test_nothing_that_can_be_sent_breaks_the_scoring(fields):
    total, found = score(fields, form={"blocked_words": ["a", "日"], "blocked_domains": ["a.com"]}, address="::1")
    assert {signal["name"] for signal in found} <= set(signals.WEIGHTS)
    assert total == round(sum(signal["weight"] for signal in found), 1)


class Counting(str):
    """Text that adds up how much of it is read."""

    read = 0
    __slots__ = ()

    def __getitem__(self, at):
        part = super().__getitem__(at)
        Counting.read += len(part)
        return part


def test_of_the_largest_submission_only_so_much_is_read():
    Counting.read = 0
    reading = texts.read({f"field{n}": Counting("Spam and eggs. " * 4400) for n in range(200)})
    assert Counting.read <= texts.MAX_READ + texts.HEAD + texts.TAIL
    assert sum(len(text) for _, text in reading.texts) <= texts.MAX_READ + texts.HEAD + texts.TAIL


HOSTILE = {
    "letters": "q" * 65536,
    "words": "zxqkjvwpt " * 6553,
    "dots": "a." * 32768,
    "dots and spaces": "a.b " * 16384,
    "schemes": "http://" * 9362,
    "links": "http://a.co " * 5461,
    "deep hosts": ("http://" + "a." * 120 + "com ") * 260,
    "signs": "@." * 32768,
    "brackets": "<a href=" * 8192,
    "look-alikes": "аbв " * 16384,
    "no spaces": "日本語" * 21845,
    "phrases": "first page of google seo " * 2621,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_value_costs_steps_in_proportion_to_the_bound_and_not_to_its_length(text):
    """Steps are lines and calls of ours, so that a busy machine doesn't matter."""

    def steps(length):
        count = 0

        def trace(_frame, _event, _argument):
            nonlocal count
            count += 1
            return trace

        before = sys.gettrace()
        sys.settrace(trace)
        try:
            score({"message": text[:length], "name": text[:length]})
        finally:
            sys.settrace(before)
        return count

    assert steps(65536) <= 200_000
    assert steps(65536) <= 1.1 * steps(texts.HEAD + texts.TAIL) + 500


def test_a_deep_nest_is_read_without_recursion():
    nest: dict[str, object] = {"message": "casino"}
    for _ in range(5000):
        nest = {"in": [nest]}
    assert score(nest) == (0, [])
    assert "gambling" in names({"in": [{"in": [{"message": "casino"}]}]})


def test_scoring_imports_nothing_that_costs():
    """The submit path is cold for nearly every visitor; what it has anyway is imported first."""
    program = (
        "import json, re, zlib, sys; before = set(sys.modules); import pillarbox.signals;"
        "print(*sorted(set(sys.modules) - before))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT / "layers" / "core", capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["pillarbox", "pillarbox.signals", "pillarbox.spam_words", "pillarbox.texts"]
