"""Which language a page is in: what it declares, checked against its script and its commonest small words."""

from __future__ import annotations

import re
from collections import Counter

from selectolax.lexbor import LexborHTMLParser

_WORDS: dict[str, str] = {
    "en": (
        "the and of to in that is was for with on at by from this have are it as be he she his her they will has an not"
    ),
    "de": (
        "der die das und ist nicht ein eine mit auf für von dem den des sich auch im zu es sie wird werden "
        "hat als nach bei"
    ),
    "fr": (
        "le la les des est et une dans pour que qui sur pas avec au plus par sont ce cette il elle été aux du ses leur"
    ),
    "es": "el la los las que del en una por con para es se su al como más lo pero fue este esta sus ha un son y",
    "pt": ("o os que em uma para com não do da dos das no na por mais como foi ao se seu sua são um é pelo pela às"),
    "it": (
        "il la che di è per una con non del della sono gli nel alla dei delle più anche come da si lo le ha un al ma"
    ),
    "nl": ("de het een van en is dat niet op te voor met zijn aan er ook die bij naar worden wordt heeft om als maar"),
    "da": ("og det er en at til på af for med ikke den der har som de et fra blev vil han hun også efter ved om sig"),
    "no": (
        "og det er en at til på av for med ikke den som har de et fra ble vil han hun også etter ved om seg på blitt"
    ),
    "sv": ("och det är en att till på av för med inte den som har de ett från blev han hon också efter vid om sig var"),
    "fi": ("ja on ei että se hän oli mutta myös kun ovat joka kuin ole mukaan sen vuoden jo tai olla nyt sekä jos"),
    "is": "og að er í á sem við um til ekki það var hann með fyrir hún af en þá því hafa verið frá þessu",
    "et": "ja on ei et see ta oli mis ka kui aga nii oma tema pole olla selle eesti ning veel kes mida juba",
    "lv": "un ir ka no uz par ar kas arī bet tas tika nav pie līdz savu vai kā to lai viņš ko",
    "lt": "ir yra kad iš su bei kaip tai buvo bet jis už apie dėl po ar nuo savo gali taip šis jau",
    "pl": "w i na się nie z że do to jest o jak po od dla za przez ale są tym co było oraz już który",
    "cs": "a se na je v že to s z do o i ale jako po za by pro jsou od které který byl jsem také už",
    "sk": "a sa na je v že to s z do o aj ale ako po za by pre sú od ktoré ktorý bol som už podľa",
    "sl": "in je na da se v za so pa ki z tudi bi kot ne po pri od bo iz kar še to bil",
    "hr": "i je u na se da su za od koji što s ne će kako to bi iz kao ali nije koje bio te nakon",
    "sr": (
        "i je u na se da su za od koji što sa ne će kako to bi iz kao ali nije koje bio и је у на се да су за "
        "од који што са"
    ),
    "hu": "a az és hogy nem is egy volt meg de csak már ez van el mint azt még vagy ki lesz szerint pedig",
    "ro": "și de la în a că pe cu din nu care mai este pentru sunt fost o un să au fi după s-a le",
    "tr": "ve bir bu da de için ile çok olarak daha olan gibi kadar sonra ne var ise dedi olduğu oldu",
    "sq": "të e dhe në një për me që i nga është ka më se nuk si do kjo ky është janë",
    "ca": "el la els les que de en una per amb és no del al com més va són i ha aquest aquesta un pel",
    "eu": "eta da ez du bat ere izan zen dute dira hori egin baina gure beste egun hau duen",
    "id": "yang dan di itu dengan untuk dari ini tidak dalam akan pada juga ke adalah bisa ada oleh karena saat",
    "ms": (
        "yang dan di itu dengan untuk dari ini tidak dalam akan pada juga ke adalah boleh ada oleh kerana kata beliau"
    ),
    "vi": "của và là các có trong được cho với không một những này người khi đã tại về từ đến",
    "tl": "ang ng sa na mga ay at para ni hindi si ito kay niya nila siya ko mo din rin",
    "sw": "ya na wa kwa ni katika za la kuwa hiyo huo hii cha watu pia baada yake huu",
    "af": "die en van het in is nie dat vir met op hy was om sy word aan ook wat het deur na",
    "zu": (
        "ukuthi uma kanye futhi noma ngoba ukuze kodwa kusho kwakhe wathi bathi manje kube nje njengoba kanti lokhu "
        "wakhe bakhe yakhe zakhe ngemuva kule leli lesi laba abantu ngesikhathi ukuba kwamanye umuntu nge"
    ),
    "xh": (
        "ukuba kwaye okanye kodwa xa kuba kunye ngelixa kwakhona emva uthi bathi kwi oko ukuze abantu nje le lo ezi "
        "eli loo ngoku phambi njengoko yakhe wakhe umntu wathi kaloku nto kananjalo ngenxa malunga"
    ),
    "ga": "an na ar agus go bhí sé is le ag seo don níl ach tá leis chun",
    "cy": "y yn a i o ar mae wedi gan ei eu fod bod hefyd ond wrth gyda yw",
    "az": "və bir bu ki ilə üçün olan da də daha sonra edib olub görə",
    "ru": "и в не на что с по это как он но из за его для от был она они был также году",
    "uk": "і в не на що з та це як він але із за його для від був вона вони також року у до є",
    "be": "і ў не на што з да гэта як ён але па за яго для ад быў яна яны таксама у",
    "bg": "и в не на че с за да от се по като са това ще си но към беше който до",
    "mk": "и во не на дека со за да од се по како се ова ќе но кон беше кој до",
    "ar": "في من على إلى أن التي الذي عن مع هذا هذه كان بعد لا ما قال",
    "fa": "و در به از که این را با است برای آن شده می بر های یک خود تا",
    "ur": "کے میں کی ہے اور سے کا کو نے پر کہ ہیں اس یہ نہیں بھی ہو",
    "he": "של את על הוא לא זה עם היא כי גם אל או כל אם יש אבל",
    "hi": "के में है की और से का को पर ने कि हैं यह भी इस नहीं",
    "mr": "आहे आणि या च्या मध्ये होते करण्यात यांनी आहेत ते हे असे",
    "ne": "को मा छ र गरेको भएको लाई पनि हो छन् यो",
}
_TABLE: dict[str, tuple[str, ...]] = {}
for _language, _words in _WORDS.items():
    for _word in set(_words.split()):
        _TABLE[_word] = (*_TABLE.get(_word, ()), _language)

_SCRIPTS = (
    ("ja", 0x3040, 0x30FF),
    ("ko", 0xAC00, 0xD7AF),
    ("zh", 0x4E00, 0x9FFF),
    ("th", 0x0E00, 0x0E7F),
    ("el", 0x0370, 0x03FF),
    ("he", 0x0590, 0x05FF),
    ("ar", 0x0600, 0x06FF),
    ("hi", 0x0900, 0x097F),
    ("bn", 0x0980, 0x09FF),
    ("pa", 0x0A00, 0x0A7F),
    ("gu", 0x0A80, 0x0AFF),
    ("ta", 0x0B80, 0x0BFF),
    ("te", 0x0C00, 0x0C7F),
    ("kn", 0x0C80, 0x0CFF),
    ("ml", 0x0D00, 0x0D7F),
    ("si", 0x0D80, 0x0DFF),
    ("my", 0x1000, 0x109F),
    ("ka", 0x10A0, 0x10FF),
    ("hy", 0x0530, 0x058F),
    ("am", 0x1200, 0x137F),
    ("km", 0x1780, 0x17FF),
    ("lo", 0x0E80, 0x0EFF),
    ("ru", 0x0400, 0x04FF),
)
_OF_A_SCRIPT = re.compile("[" + "".join(f"{chr(low)}-{chr(high)}" for _, low, high in _SCRIPTS) + "]")
_SURE = 0.6  # of a guessed language that is believed
_PARAGRAPHS = 60  # whose words are read for it
_FEWEST = 20  # letters of which a language can be guessed
_FAMILIES = {
    "ar": frozenset(("ar", "fa", "ur", "ps", "ckb", "ug", "sd", "ku")),
    "ru": frozenset(("ru", "uk", "be", "bg", "mk", "sr", "kk", "ky", "mn", "tg", "tt", "uz", "az", "ce", "ba", "bs")),
    "hi": frozenset(("hi", "mr", "ne", "sa", "mai", "bho", "kok")),
    "he": frozenset(("he", "iw", "yi")),
    "zh": frozenset(("zh", "ja", "yue")),
    "bn": frozenset(("bn", "as")),
    "am": frozenset(("am", "ti")),
}
_NEAR = (
    frozenset(("da", "no", "nb", "nn")),
    frozenset(("hr", "sr", "bs", "sl", "sh")),
    frozenset(("id", "ms")),
    frozenset(("cs", "sk")),
    frozenset(("bg", "mk")),
    frozenset(("pt", "gl", "es")),
    frozenset(("nl", "af")),
    frozenset(("ca", "es")),
)
_LONG_WORDED = frozenset(
    ("zu", "xh", "fi", "et", "hu", "tr", "az", "eu", "sw")
)  # few small words: these languages inflect instead
_TAG = re.compile(r"([a-z]{2,3})(?:[-_]([a-z]{4}|[a-z]{2}|\d{3}|hans|hant))?(?:[-_.@].{0,20})?", re.I)
_ODD = {
    "jp": "ja",
    "kr": "ko",
    "cn": "zh",
    "cz": "cs",
    "dk": "da",
    "gr": "el",
    "ua": "uk",
    "se": "sv",
    "iw": "he",
    "in": "id",
    "eng": "en",
    "deu": "de",
    "ger": "de",
    "fra": "fr",
    "fre": "fr",
    "spa": "es",
    "ita": "it",
    "por": "pt",
    "nld": "nl",
    "rus": "ru",
    "zho": "zh",
    "chi": "zh",
    "jpn": "ja",
    "kor": "ko",
    "ara": "ar",
    "tur": "tr",
    "pol": "pl",
    "bb": "nb",
}
_NAMES = {
    "english": "en",
    "deutsch": "de",
    "german": "de",
    "français": "fr",
    "francais": "fr",
    "french": "fr",
    "español": "es",
    "spanish": "es",
    "italiano": "it",
    "italian": "it",
    "português": "pt",
    "portuguese": "pt",
    "polski": "pl",
    "nederlands": "nl",
    "dutch": "nl",
    "svenska": "sv",
    "norsk": "no",
    "dansk": "da",
    "suomi": "fi",
    "русский": "ru",
}


def tag(declared: str) -> str | None:
    """A declared language as a BCP 47 tag with at most a region or script ("de", "zh-Hant"); None for nonsense."""
    declared = declared.strip()[:40]
    if declared.lower() in _NAMES:
        return _NAMES[declared.lower()]
    match = _TAG.fullmatch(declared.split(",")[0].strip())
    if match is None:
        return None
    primary = match[1].lower()
    primary = _ODD.get(primary, primary)
    if len(primary) == 3 and primary not in ("fil", "yue", "ckb", "haw", "ast"):
        return None
    region = match[2] or ""
    if len(region) == 4:
        return f"{primary}-{region.title()}"
    return f"{primary}-{region.upper()}" if region else primary


def guess(text: str) -> tuple[str | None, float]:
    """The language that the script and the small words of `text` speak for, and how surely (0 to 1)."""
    sample = text[:2400]
    letters, counts = _letters(sample)
    if letters < _FEWEST:
        return None, 0.0
    script = max(counts, key=lambda k: counts[k]) if counts else None
    if counts.get("ja", 0) * 12 > counts.get("zh", 0) and counts.get("ja", 0) > letters * 0.05:
        script = "ja"  # kana among many Chinese characters
    family: frozenset[str] | None = None
    if script is not None and counts[script] > letters * 0.3:
        family = _FAMILIES.get(script)
        if family is None or script in ("zh", "he"):
            return script, 0.95
    return _by_words(sample, script, family)


def of_words(tree: LexborHTMLParser) -> str | None:
    """What the small words of a page speak for that declares no language: they tell how its dates are written."""
    text = " ".join(node.text() for node in tree.css("p, td, li")[:_PARAGRAPHS])
    spoken, sure = guess(" ".join(text.split()))
    return spoken if sure >= _SURE else None


def _letters(sample: str) -> tuple[int, dict[str, int]]:
    """How many letters a text has (perhaps not all, where there are enough), and those of each script but Latin."""
    counts: dict[str, int] = {}
    if _OF_A_SCRIPT.search(sample) is None:  # most texts: then it only counts whether there are letters enough
        some = sum(map(str.isalpha, sample[:200]))
        return (some if some >= _FEWEST else sum(map(str.isalpha, sample))), counts
    letters = 0
    for char, times in Counter(sample).items():
        if not char.isalpha():
            continue
        letters += times
        code = ord(char)
        if code < 0x250:
            continue
        for name, low, high in _SCRIPTS:
            if low <= code <= high:
                counts[name] = counts.get(name, 0) + times
                break
    return letters, counts


def _by_words(sample: str, script: str | None, family: frozenset[str] | None) -> tuple[str | None, float]:
    """The language of the small words of a text, of those that are written in its script."""
    scores: dict[str, float] = {}
    words = sample.lower().split()
    total = len(words)
    small = filter(_TABLE.__contains__, [word.strip(".,;:!?\"'()«»„“”–-") for word in words])
    for word, times in Counter(small).items():
        speakers = _TABLE[word]
        voice = times / len(speakers) ** 0.5
        for speaker in speakers:
            if family is None or speaker in family:
                scores[speaker] = scores.get(speaker, 0.0) + voice
    if not scores:
        return (script, 0.5) if family else (None, 0.0)
    ranked = sorted(scores.items(), key=lambda item: item[1], reverse=True)
    best, score = ranked[0]
    second = ranked[1][1] if len(ranked) > 1 else 0.0
    share = score / max(total, 1)
    if share < (0.025 if best in _LONG_WORDED else 0.06) or score < 3:
        return best, 0.2
    return best, min(0.95, 0.4 + (score - second) / score * 0.6 if score > second else 0.3)


def decide(declared: list[str], text: str) -> tuple[str | None, str]:
    """The language of a page and who says so: what it declares, unless script or small words speak against that."""
    tags = [t for t in (tag(d) for d in declared) if t]
    found, sure = guess(text)
    for candidate in tags:
        primary = candidate.split("-")[0]
        if found is None or sure < 0.6 or _agree(primary, found):
            return candidate, "declared"
        if primary not in _WORDS and primary not in {name for name, _, _ in _SCRIPTS} and sure < 0.8:
            return candidate, "declared"  # a language that the table does not know
    if found is not None and (sure >= 0.5 or not tags):
        return found, "text"
    return (tags[0], "declared") if tags else (None, "")


def _agree(declared: str, found: str) -> bool:
    declared = {"nb": "no", "nn": "no", "fil": "tl"}.get(declared, declared)
    return declared == found or any(declared in near and found in near for near in _NEAR)
