"""Spam words: the phrases of form spam by topic, and domains of throw-away addresses and short links. Data, no rules.

Collected by hand from what contact forms get; on the submit path, so plain constants. Phrases are lower case, words
between single spaces, as texts.py folds a message: "don't" is "don t". Few single words, and light ones: a casino's
neighbour, a pharmacist and a lender get honest messages too.
"""
# ruff: noqa: SIM905, RUF001  a hundred quotes would hide the data; Turkish has letters that look like others

# topic: ((weight of each, phrases), …)
PHRASES = {
    "seo_offer": (
        (2.0, ("first page of google", "page one of google", "page 1 of google", "top of google", "rank on google",
               "ranking on google", "ranked on google", "google rankings", "search engine rankings",
               "da pa backlinks", "seo packages", "seo agency", "seo audit of your", "première page de google",
               "erste seite von google", "ersten seite von google", "primera página de google",
               "prima pagina di google", "primeira página do google", "первую страницу google", "топ яндекса",
               "pierwszej stronie google", "eerste pagina van google")),
        (1.5, ("seo services", "seo service", "seo expert", "seo company", "organic traffic", "website traffic",
               "traffic to your", "traffic to your website", "backlinks", "link building", "guest post",
               "guest posts", "guest posting", "sponsored post", "sponsored article", "dofollow", "do follow link",
               "domain authority", "link insertion", "website redesign", "redesign your website",
               "web design company", "explainer video", "leads for your", "qualified leads", "more leads",
               "targeted leads", "email list", "mailing list of", "référencement naturel",
               "suchmaschinenoptimierung", "posicionamiento web", "posizionamento sui motori", "otimização de sites",
               "продвижение сайтов", "раскрутка сайтов", "продвижение вашего сайта", "pozycjonowanie stron",
               "linkopbouw", "gastbeitrag", "article invité")),
        (0.5, ("seo", "keywords", "rankings")),
    ),
    "money_offer": (
        (2.0, ("guaranteed profit", "guaranteed profits", "guaranteed returns", "passive income",
               "financial freedom", "make money online", "earn money online", "earn money from home",
               "work from home and earn", "double your bitcoin", "crypto investment", "invest in bitcoin",
               "investment opportunity", "business loan", "unsecured loan", "loan offer", "loans at",
               "we offer loans", "instant loan", "next of kin", "transfer of funds", "million dollars",
               "million usd", "inheritance fund", "argent facile", "gagner de l argent", "offre de prêt",
               "kreditangebot", "geld verdienen im internet", "ganar dinero", "préstamos rápidos",
               "guadagnare online", "ganhar dinheiro", "заработок в интернете", "пассивный доход", "быстрый займ",
               "pożyczka bez", "snel geld verdienen", "sofortkredit")),
        (1.5, ("per day from home", "a day from home", "trading bot", "forex trading", "binary options",
               "trading signals", "bitcoin trading", "crypto trading", "forex signals", "crypto wallet",
               "working capital", "interest rate of", "low interest rate", "no credit check", "bad credit",
               "cash advance", "debt relief", "investors for your", "funding for your", "криптовалюта",
               "инвестиции в криптовалюту", "заработать")),
        (0.5, ("bitcoin", "crypto", "forex", "usdt", "ethereum", "binance")),
    ),
    "gambling": (
        (1.5, ("online casino", "casino online", "casino bonus", "free spins", "slot machines", "slot games",
               "slot gacor", "sports betting", "no deposit bonus", "deposit bonus", "welcome bonus", "betting site",
               "онлайн казино", "казино онлайн", "игровые автоматы", "бонус за регистрацию", "ставки на спорт",
               "бездепозитный бонус", "casino en ligne", "casino en línea", "kasyno online", "online kasino",
               "judi online", "situs slot", "canlı bahis", "bonus senza deposito")),
        (1.0, ("casino", "casinos", "казино", "kasyno", "jackpot", "1xbet", "poker online", "bahis")),
    ),
    "pills": (
        (2.0, ("buy cialis", "buy viagra", "cheap viagra", "cheap cialis", "generic viagra", "generic cialis",
               "canadian pharmacy", "online pharmacy", "without prescription", "without a prescription",
               "no prescription", "sans ordonnance", "ohne rezept", "sin receta", "senza ricetta", "без рецепта",
               "weight loss pills", "male enhancement", "penis enlargement", "bez recepty online")),
        (1.5, ("cialis", "viagra", "levitra", "tadalafil", "sildenafil", "tramadol", "xanax", "phentermine",
               "kamagra", "виагра", "сиалис", "priligy", "cbd gummies", "keto gummies")),
    ),
    "adult": (
        (2.0, ("adult dating", "sexy girls", "hot girls", "sex dating", "free sex", "naked photos", "nude photos",
               "meet singles", "casual sex", "webcam girls", "секс знакомства", "интим услуги", "rencontre coquine",
               "sextreffen", "nude pics", "free porn", "escort girls")),
        (1.0, ("porn", "xxx", "milf", "порно", "onlyfans")),
    ),
    "prize": (
        (2.0, ("you have won", "you ve won", "you won a", "claim your prize", "claim your reward", "claim your gift",
               "lottery winner", "you have been selected", "free gift card", "free iphone", "sie haben gewonnen",
               "vous avez gagné", "has ganado", "hai vinto", "você ganhou", "вы выиграли", "u heeft gewonnen",
               "wygrałeś", "gratulujemy wygranej")),
        (1.0, ("winner", "act now", "limited time offer", "click here", "click below", "click the link", "100 free",
               "risk free", "order now", "buy now", "cliquez ici", "klicken sie hier", "haz clic aquí", "clicca qui",
               "clique aqui", "жми сюда", "переходи по ссылке", "kliknij tutaj", "klik hier")),
    ),
    "cold_offer": (
        (2.0, ("via contact forms", "through contact forms", "through feedback forms", "via feedback forms",
               "using contact forms", "contact form submissions", "contact form marketing", "mass mailing",
               "commercial offers", "рассылка по формам", "рассылки через формы", "messages through the feedback",
               "unsubscribe from", "to opt out", "opt out of future", "to unsubscribe")),
        (1.5, ("came across your website", "came across your site", "visited your website", "visiting your website",
               "was on your website", "found your website", "looking at your website", "browsing your website",
               "reviewed your website", "noticed your website", "noticed that your website",
               "errors on your website", "issues with your website", "your website is not", "improve your website",
               "help your business grow", "grow your business", "boost your business", "boost your sales",
               "increase your sales", "increase your revenue", "business proposal", "business proposition",
               "free quote for your", "virtual assistant services", "outsource your", "followers on instagram",
               "instagram followers", "tiktok followers", "youtube subscribers", "google reviews for",
               "buy followers", "предлагаем услуги", "коммерческое предложение", "webseite gestoßen",
               "ihre webseite optimieren")),
        (1.0, ("affordable price", "affordable prices", "affordable cost", "100 guaranteed", "100 satisfaction",
               "free consultation", "free proposal", "send you a quote", "price list and packages",
               "reply to this email", "whatsapp us", "add me on telegram", "dear sir madam", "dear business owner",
               "dear website owner", "dear site owner", "hello dear")),
    ),
}  # fmt: skip
# Languages that write no spaces: looked for anywhere in the message.
UNSPACED = {
    "gambling": (1.5, ("オンラインカジノ", "在线赌场", "网上赌场", "真人娱乐", "线上博彩",
                       "온라인카지노", "바카라사이트")),
    "money_offer": (1.5, ("副業で稼", "簡単に稼げ", "不労所得", "日赚", "快速贷款", "兼职赚钱",
                          "仮想通貨で稼", "무담보대출")),
    "seo_offer": (1.5, ("seo対策のご提案", "上位表示", "被リンク", "网站优化", "百度排名", "快速排名")),
    "adult": (1.5, ("出会い系", "セフレ", "无料エロ", "裸聊", "约炮")),
    "prize": (1.5, ("当選しました", "当選おめでとう", "恭喜您中奖", "点击领取")),
}  # fmt: skip

SHORTENERS = frozenset(
    "bit.ly tinyurl.com t.co goo.gl cutt.ly is.gd ow.ly rb.gy shorturl.at t.ly tiny.cc v.gd rebrand.ly bl.ink "
    "s.id clck.ru vk.cc t.me telegra.ph wa.me lnkd.in adf.ly soo.gd qr.ae u.to kutt.it".split()
)

# Inboxes that anybody opens for ten minutes. Forwarding services that hide an address for good (duck.com, relays) are
# none: careful people use those.
DISPOSABLE = frozenset(
    "10minutemail.com 10minutemail.net 10minemail.com 20minutemail.com 1secmail.com 1secmail.net 1secmail.org "
    "33m.co anonbox.net anonymbox.com armyspy.com binkmail.com bobmail.info burnermail.io byom.de chacuo.net "
    "chammy.info crazymailing.com cuvox.de dayrep.com deadaddress.com despam.it discard.email discardmail.com "
    "discardmail.de dispostable.com dropmail.me einrot.com emailfake.com emailondeck.com emailsensei.com "
    "emailtemporario.com.br email-fake.com eyepaste.com fakeinbox.com fakemail.net fakemailgenerator.com "
    "fleckens.hu generator.email getairmail.com getnada.com grr.la guerrillamail.biz guerrillamail.com "
    "guerrillamail.de guerrillamail.info guerrillamail.net guerrillamail.org guerrillamailblock.com gustr.com "
    "harakirimail.com hidemail.de incognitomail.com inboxkitten.com jetable.org jourrapide.com kasmail.com "
    "linshiyouxiang.net luxusmail.org mail-temp.com mail.tm mail7.io mailcatch.com maildrop.cc mailexpire.com "
    "mailforspam.com mailinator.com mailinator.net mailinator2.com mailnesia.com mailnull.com mailpoof.com "
    "mailsac.com mailtemp.net meltmail.com mintemail.com minuteinbox.com moakt.cc moakt.com mohmal.com mohmal.in "
    "mytemp.email mytrashmail.com nada.email notsharingmy.info nowmymail.com pokemail.net rhyta.com "
    "sharklasers.com sogetthis.com spam4.me spambog.com spambox.us spamfree24.org spamgourmet.com superrito.com "
    "teleworm.us temp-mail.io temp-mail.org tempail.com tempinbox.com tempmail.dev tempmail.plus tempmailo.com "
    "tempmail.net tempr.email thankyou2010.com throwam.com throwawaymail.com tmail.ws tmpmail.net tmpmail.org "
    "trash-mail.com trashmail.com trashmail.de trashmail.me trashmail.net trbvm.com wegwerfmail.de "
    "wegwerfmail.net yopmail.com yopmail.fr yopmail.net zetmail.com".split()
)


def by_first_word() -> "dict[str, list[tuple[str, str, float]]]":
    """Return {first word: [(topic, " phrase ", weight)]}, for a message to look its own words up in."""
    index: dict[str, list[tuple[str, str, float]]] = {}
    for topic, groups in PHRASES.items():
        for weight, phrases in groups:
            for phrase in phrases:
                index.setdefault(phrase.partition(" ")[0], []).append((topic, f" {phrase} ", weight))
    return index
