"""Words for amounts of time, for "ago", and for days called by their distance from today."""
# ruff: noqa: E501  (wide characters count twice)

from __future__ import annotations

UNITS: dict[str, str] = {
    "second": (
        "second seconds sec secs s sekundami sekundách másodperce sekunde sekunden sek seconde secondes seconden segundo segundos seg secondo secondi sekunder sekund sekundy "
        "sekundę sekúnd секунд секунды секунду секунди сек sekuntia sekunti saniye sn δευτερόλεπτα δευτ ثانية ثانیه ثوان ثواني שניות שנייה วินาที giây "
        "detik saat_ini सेकंड सेकेंड সেকেন্ড விநாடிகள் saniyə secunde másodperce másodperc sekundi sekunde sekunžu sekundžių sekundes 초 秒 秒钟 秒鐘"
    ),
    "minute": (
        "minute minutes min mins minutami minútami perce minuten minuut minuto minutos minuti minutter minut minuta minuty minuter minutu minutę minút minútu mn "
        "минут минуты минуту минута хвилин хвилини хвилину хв мин minuuttia minuutti minutit perc percce perccel p dakika dk λεπτά λεπτό λεπ دقيقة دقائق دقیقه דקות דקה "
        "นาที menit minit phút मिनट मिनिटां मिनिटे मिनट্স মিনিট நிமிடங்கள் நிமிடம் నిమిషాలు നിമിഷം dəqiqə minutë minuta minuti minūtes minūtēm minučių minutės "
        "minutos минути минута wuxuu daqiiqo dakika minuuti mínútum mínútu mínútur минути 분 分 分钟 分鐘 minutus minutuak хвилина минуты"
    ),
    "hour": (
        "hour hours hr hrs h hodinami stunde stunden std stdn heure heures hora horas hs ora ore oră ur uur timer time timme timmar tim godzin godziny "
        "godzinę godz hodin hodiny hodinu hodinami hod hodina час часа часов ч годин години годину год tuntia tunti óra órája órával saat sa ώρες ώρα "
        "ساعة ساعات ساعت שעות שעה ชั่วโมง ชม ชม. jam giờ घंटे घंटा घण्टे तास ঘণ্টা ঘন্টা மணிநேரம் గంటల മണിക്കൂർ orë sata sati sat ure uro ura stundas stundām "
        "valandas valandos valandų tundi klukkustundum klukkustund klst часа часът сат сати saa 시간 時間 小时 小時 钟头 個鐘頭 ordu uair tunnin"
    ),
    "day": (
        "day days d tag tage tagen dňami dnami jour jours j día dia días dias dies giorno giorni gg zi zile dag dagen dage dager dagar dg dni dzień dnů dnem den dny dňami dní dňom "
        "день дня дней дн днів дні päivää päivä pv nap napja nappal gün ημέρες ημέρα μέρες μέρα ημ يوم أيام ايام روز ימים יום วัน hari ngày दिन दिवस দিন நாட்கள் "
        "ditë dana dan dneva dnevi dienas dienām dieną dienas dienų päeva dögum degi dagur дена дни ден дана siku 일 天 日 日間 egun lá"
    ),
    "week": (
        "week weeks wk wks w týdny týždňami hete woche wochen wo semaine semaines sem semana semanas setmana setmanes settimana settimane sett weken uge uger uke uker vecka veckor v tygodnie "
        "tydzień tygodni tyg týdny týden týdnem týdnů týždňom týždne неделю недели недель нед тиждень тижні тижнів viikkoa viikko vk hét héttel hete hafta εβδομάδες εβδομάδα أسبوع أسابيع "
        "هفته שבועות שבוע สัปดาห์ อาทิตย์ minggu tuần सप्ताह हफ़्ते हफ्ते आठवडे সপ্তাহ வாரங்கள் javë tjedana tjedna nedelja nedelje teden tedni nedēļas savaites nädalat vikum viku седмици "
        "wiki săptămâni săptămână 주 주일 周 週 週間 星期 个星期 個星期"
    ),
    "month": (
        "month months mo mos mth měsíci mesiacmi monat monate monaten mon mois mes meses mese mesi maand maanden mnd måned måneder md månad månader mån miesiąc miesiące miesięcy mies měsíc měsíce měsíci měsíců "
        "mesiac mesiace mesiacom месяц месяца месяцев мес місяць місяці місяців kuukautta kuukausi kk hónap hónappal hónapja ay μήνες μήνας μήνα شهر أشهر اشهر شهور ماه חודשים חודש เดือน bulan tháng "
        "महीने महीना महिने মাস மாதங்கள் muaj mjeseci mjesec meseci mesec meseca mēnešiem mēneši mėnesius mėnesių kuud mánuðum mánuði месеца luni lună 개월 달 个月 個月 か月 ヶ月 ヵ月 カ月 か 月 mesos"
    ),
    "year": (
        "year years yr yrs y lety rokmi éve jahr jahre jahren j. an ans année années año años ano anos any anys anno anni ani jaar år rok roku lata lat roky lety rokmi let год года лет рік роки років vuotta vuosi v. év éve évvel yıl χρόνια "
        "χρόνο έτη سنة سنوات سال שנים שנה ปี tahun năm साल वर्ष বছর வருடங்கள் vit vjet godina godine godinu leta leti gadiem gadi metus metų aastat árum ári години година miaka mwaka 년 年 urte"
    ),
}  # fmt: skip
"""Words of each unit, with _ for blanks."""

OWN_UNITS: dict[str, dict[str, str]] = {
    "da": {"t": "hour", "u": "week", "å": "year", "mdr": "month"},
    "no": {"t": "hour", "u": "week", "mnd": "month"},
    "nb": {"t": "hour", "u": "week", "mnd": "month"},
    "nn": {"t": "hour", "u": "week", "mnd": "month"},
    "sv": {"t": "hour", "v": "week"},
    "nl": {"u": "hour", "w": "week", "j": "year"},
    "de": {"t": "day", "j": "year", "st": "hour"},
    "fr": {"j": "day", "a": "year"},
    "it": {"g": "day", "o": "hour"},
    "tr": {"g": "day", "s": "hour"},
    "pl": {"g": "hour"},
    "fi": {"t": "hour", "pv": "day"},
    "is": {"t": "hour"},
    "hu": {"ó": "hour"},
    "ru": {"м": "minute", "д": "day", "г": "year", "с": "second"},
    "uk": {"м": "minute", "д": "day", "г": "hour", "р": "year"},
    "id": {"j": "hour"},
    "lt": {"val": "hour"},
}
"""Short words of units that mean something else in other languages."""

DUALS: dict[str, tuple[int, str]] = {
    "ساعتين": (2, "hour"), "ساعتان": (2, "hour"), "دقيقتين": (2, "minute"), "دقيقتان": (2, "minute"), "ثانيتين": (2, "second"),
    "يومين": (2, "day"), "يومان": (2, "day"), "أسبوعين": (2, "week"), "اسبوعين": (2, "week"), "أسبوعان": (2, "week"),
    "شهرين": (2, "month"), "شهران": (2, "month"), "سنتين": (2, "year"), "عامين": (2, "year"), "سنتان": (2, "year"),
    "שעתיים": (2, "hour"), "יומיים": (2, "day"), "שבועיים": (2, "week"), "חודשיים": (2, "month"), "שנתיים": (2, "year"),
}  # fmt: skip
"""Words that are an amount of two by their ending."""

AGO = (
    "ago πριν_από vor il_y_a depuis hace há ha fa geleden siden sedan temu przed назад тому sitten önce πριν منذ قبل לפני ที่แล้ว ที่ผ่านมา lalu yang_lalu lepas "
    "trước पहले पूर्वी पूर्वी zuvor atrás kohta преди пред prieš pirms acum în_urmă_cu ezelőtt ezelott pred prije pre früher back fyrir tagasi tilbake پیش قبل "
    "آগে আগে முன்பு క్రితం മുമ്പ് মুর্বে para më_parë fa_ já_há zilizopita iliyopita hə əvvəl бұрын мурун oldin duela nazaj natrag 前 전 之前 以前 vorher hai ó_shin"
)
"""Words that make an amount of time a distance from now."""

ENDED = "másodperce perce órája napja hete hónapja éve"
"""Hungarian units whose ending says "ago"."""

NUMBERS: dict[int, str] = {
    1: (
        "one an a ein eine einer einem einen un una une uma um uno een en ett et én yksi egy jeden jedna jednu jedną jedno один одну одна одну één bir "
        "ένα μία μια واحد واحدة یک אחת אחד หนึ่ง satu se một एक এক o jednu jedan eno eden viens vienu vieną üks einni eina един една едно 一 한 یک un'"
    ),
    2: "two zwei deux dos dois duas due twee to två kaksi két kettő dwa dwie dwóch dva dvě dvoma два две дві iki δύο δυο dua hai दो দুই dy dvije doi două divi divām du dvi kaks tveimur 两 二 兩 두 bi שתי שני",
    3: "three drei trois tres três tre drie kolme három trzy trzech tři třemi tri три трьох üç τρεις τρία ثلاث ثلاثة سه שלוש שלושה tiga ba तीन তিন trei trīs tris kolm þremur 三 세 hiru",
    4: "four vier quatre cuatro quatro quattro fire fyra neljä négy cztery čtyři štyri четыре чотири dört τέσσερις τέσσερα أربع أربعة چهار ארבע ארבעה empat bốn चार চার četiri štiri patru četri keturias neli 四 네",
    5: "five fünf cinq cinco cinque vijf fem viisi öt pięć pět päť пять п'ять beş πέντε خمس خمسة پنج חמש חמישה lima năm पांच पाँच পাঁচ pet cinci pieci penkias viis 五 다섯",
    6: "six sechs seis sei zes seks sex kuusi hat sześć šest шесть шість altı έξι ست ستة شش שש שישה enam sáu छह ছয় șase seši šešias kuus 六 여섯",
    7: "seven sieben sept siete sete sette zeven syv sju seitsemän hét_ siedem sedm sedem семь сім yedi επτά سبع سبعة هفت שבע שבעה tujuh bảy सात সাত sedam șapte septiņi septynias seitse 七 일곱",
    8: "eight acht huit ocho oito otto otte åtte åtta kahdeksan nyolc osiem osm osem восемь вісім sekiz οκτώ ثماني ثمانية هشت שמונה delapan tám आठ আট osam opt astoņi aštuonias kaheksa 八 여덟",
    9: "nine neun neuf nueve nove negen ni nio yhdeksän kilenc dziewięć devět deväť девять дев'ять dokuz εννέα تسع تسعة نه תשע תשעה sembilan chín नौ নয় devet nouă deviņi devynias üheksa 九 아홉",
    10: "ten zehn dix diez dez dieci tien ti tio kymmenen tíz dziesięć deset desať десять on δέκα عشر عشرة ده עשר עשרה sepuluh mười दस দশ zece desmit dešimt kümme 十 열",
}
"""Number words."""

NEAR: dict[int, dict[str, str]] = {
    0: {
        "en": "today", "de": "heute", "fr": "aujourd'hui", "es": "hoy", "pt": "hoje", "it": "oggi", "nl": "vandaag", "da": "i_dag idag",
        "no": "i_dag idag", "sv": "i_dag idag", "is": "í_dag", "fi": "tänään", "et": "täna", "lv": "šodien", "lt": "šiandien", "pl": "dzisiaj dziś",
        "cs": "dnes", "sk": "dnes", "sl": "danes", "hr": "danas", "sr": "danas данас", "mk": "денес", "bg": "днес", "ru": "сегодня",
        "uk": "сьогодні", "be": "сёння", "ro": "azi astăzi", "hu": "ma", "el": "σήμερα", "sq": "sot", "tr": "bugün", "az": "bu_gün", "ca": "avui",
        "gl": "hoxe", "eu": "gaur", "ga": "inniu", "cy": "heddiw", "af": "vandag", "id": "hari_ini", "ms": "hari_ini", "tl": "ngayon ngayong_araw",
        "sw": "leo", "hi": "आज", "mr": "आज", "ne": "आज", "bn": "আজ", "ta": "இன்று", "te": "ఈరోజు నేడు", "ml": "ഇന്ന്", "kn": "ಇಂದು", "gu": "આજે",
        "pa": "ਅੱਜ", "ur": "آج", "ar": "اليوم", "fa": "امروز", "he": "היום", "th": "วันนี้", "vi": "hôm_nay", "ka": "დღეს", "hy": "այսօր",
        "kk": "бүгін", "uz": "bugun", "mn": "өнөөдөр", "zh": "今天 今日", "ja": "今日 本日 きょう", "ko": "오늘", "my": "ယနေ့", "km": "ថ្ងៃនេះ",
    },
    1: {
        "en": "yesterday", "de": "gestern", "fr": "hier", "es": "ayer", "pt": "ontem", "it": "ieri", "nl": "gisteren", "da": "i_går igår",
        "no": "i_går igår", "sv": "i_går igår", "is": "í_gær", "fi": "eilen", "et": "eile", "lv": "vakar", "lt": "vakar", "pl": "wczoraj",
        "cs": "včera", "sk": "včera", "sl": "včeraj", "hr": "jučer", "sr": "juče јуче", "mk": "вчера", "bg": "вчера", "ru": "вчера",
        "uk": "вчора", "be": "учора ўчора", "ro": "ieri", "hu": "tegnap", "el": "χθες χτες εχθές", "sq": "dje", "tr": "dün", "az": "dünən", "ca": "ahir",
        "gl": "onte", "eu": "atzo", "ga": "inné", "cy": "ddoe", "af": "gister", "id": "kemarin", "ms": "semalam kelmarin", "tl": "kahapon",
        "sw": "jana", "hi": "बीते_कल", "mr": "काल", "ne": "हिजो", "bn": "গতকাল", "ta": "நேற்று", "te": "నిన్న", "ml": "ഇന്നലെ", "kn": "ನಿನ್ನೆ", "gu": "ગઈકાલે",
        "pa": "", "ur": "گزشتہ_روز", "ar": "أمس البارحة", "fa": "دیروز", "he": "אתמול", "th": "เมื่อวาน เมื่อวานนี้", "vi": "hôm_qua", "ka": "გუშინ", "hy": "երեկ",
        "kk": "кеше", "uz": "kecha", "mn": "өчигдөр", "zh": "昨天 昨日", "ja": "昨日 きのう", "ko": "어제", "my": "မနေ့က", "km": "ម្សិលមិញ",
    },
    2: {
        "en": "day_before_yesterday the_day_before_yesterday", "de": "vorgestern", "fr": "avant-hier", "es": "anteayer antes_de_ayer", "pt": "anteontem",
        "it": "l'altro_ieri altroieri", "nl": "eergisteren", "da": "i_forgårs", "no": "i_forgårs", "sv": "i_förrgår", "fi": "toissapäivänä",
        "et": "üleeile", "pl": "przedwczoraj", "cs": "předevčírem", "sk": "predvčerom", "sl": "predvčerajšnjim", "hr": "prekjučer",
        "sr": "prekjuče прекјуче", "bg": "завчера", "ru": "позавчера", "uk": "позавчора", "ro": "alaltăieri", "hu": "tegnapelőtt",
        "el": "προχθές προχτές", "tr": "evvelsi_gün önceki_gün", "ca": "abans-d'ahir", "ar": "أول_أمس أمس_الأول", "fa": "پریروز", "he": "שלשום",
        "zh": "前天", "ja": "一昨日 おととい", "ko": "그저께 그제", "vi": "hôm_kia",
    },
}  # fmt: skip
"""Days before today → language → its words, with _ for blanks."""

NOW = (
    "just_now right_now moments_ago now a_moment_ago gerade_eben soeben gerade jetzt à_l'instant maintenant ahora_mismo justo_ahora ahora agora_mesmo agora "
    "adesso proprio_ora zojuist nu lige_nu akkurat_nå nå just_nu nyt juuri_nyt teraz przed_chwilą właśnie_teraz právě_teď только_что сейчас щойно зараз "
    "şimdi az_önce τώρα μόλις_τώρα الآن قبل_قليل منذ_قليل همین_الان لحظاتی_پیش עכשיו זה_עתה เมื่อสักครู่ เมื่อสักครู่นี้ baru_saja vừa_xong अभी_अभी अभी এইমাত্র 刚刚 剛剛 剛才 刚才 たった今 今 방금 방금_전 지금"
)
"""Words that mean this very moment."""

HALF = "half halb halbe halben demi demie media meia mezz'ora mezza halve halvt pół půl полчаса пол yarım puoli fél μισή نصف نیم חצי ครึ่ง setengah nửa आधा आधे আধা 半 반"
"""Words for halves of a unit, which no distance may leave out."""

WIDE_UNITS: dict[str, str] = {
    "秒": "second", "秒钟": "second", "秒鐘": "second", "초": "second", "分": "minute", "分钟": "minute", "分鐘": "minute", "분": "minute",
    "小时": "hour", "小時": "hour", "時間": "hour", "钟头": "hour", "시간": "hour", "天": "day", "日": "day", "日間": "day", "일": "day",
    "周": "week", "週": "week", "週間": "week", "星期": "week", "주": "week", "주일": "week", "月": "month", "개월": "month", "달": "month",
    "年": "year", "년": "year",
}  # fmt: skip
"""Units as Chinese, Japanese and Korean write them."""

DATE_LINE = (
    "about around over more than etwa ca ca. circa rund über mehr als environ plus de du ungefähr aproximadamente около omkring ungefär noin posted published on "
    "updated veröffentlicht gepostet aktualisiert erschienen publié mis à jour publicado actualizado pubblicato aggiornato geplaatst "
    "for zirka yaklaşık kb kb. около nearly almost för for the"
)
"""Words of a date line that say nothing of the date."""
