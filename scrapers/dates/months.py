"""Names of the months, of units of time and of days near today, as news pages of some forty languages write them.

Plain tables: `dates.py` reads them. Month names stand in order from January to December; the forms of one month are
parted by "/". Every prefix of three letters or more that means one month only within its language is read as well.
"""

from __future__ import annotations


def _words(text: str) -> list[str]:
    """The words of a table that is written as running text."""
    return text.split()


MONTHS: dict[str, str] = {
    "en": "january february march april may june july august september/sept october november december",
    "de": (
        "januar/jänner/jaenner februar/feber märz/maerz/mrz april mai juni juli august september/sept oktober "
        "november dezember"
    ),
    "fr": (
        "janvier février/fevrier/févr mars avril mai juin juillet/juil août/aout septembre/sept octobre "
        "novembre décembre/decembre"
    ),
    "es": ("enero febrero marzo abril mayo junio julio agosto septiembre/setiembre/sept octubre noviembre diciembre"),
    "pt": "janeiro fevereiro março/marco abril maio junho julho agosto setembro outubro novembro dezembro",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre/sett ottobre novembre dicembre",
    "nl": "januari februari maart/mrt april mei juni juli augustus september/sept oktober november december",
    "da": "januar februar marts april maj juni juli august september/sept oktober november december",
    "no": "januar februar mars april mai juni juli august september/sept oktober november desember",
    "sv": "januari februari mars april maj juni juli augusti september/sept oktober november december",
    "is": "janúar febrúar mars apríl maí júní júlí ágúst september október nóvember desember",
    "fi": (
        "tammikuu/tammikuuta helmikuu/helmikuuta maaliskuu/maaliskuuta huhtikuu/huhtikuuta "
        "toukokuu/toukokuuta kesäkuu/kesäkuuta heinäkuu/heinäkuuta elokuu/elokuuta syyskuu/syyskuuta "
        "lokakuu/lokakuuta marraskuu/marraskuuta joulukuu/joulukuuta"
    ),
    "et": "jaanuar veebruar märts aprill mai juuni juuli august september oktoober november detsember",
    "lv": (
        "janvāris/janvārī februāris/februārī marts/martā aprīlis/aprīlī maijs/maijā jūnijs/jūnijā "
        "jūlijs/jūlijā augusts/augustā septembris/septembrī oktobris/oktobrī novembris/novembrī "
        "decembris/decembrī"
    ),
    "lt": (
        "sausio/sausis vasario/vasaris kovo/kovas balandžio/balandis gegužės/gegužė birželio/birželis "
        "liepos/liepa rugpjūčio/rugpjūtis rugsėjo/rugsėjis spalio/spalis lapkričio/lapkritis gruodžio/gruodis"
    ),
    "pl": (
        "stycznia/styczeń lutego/luty marca/marzec kwietnia/kwiecień maja/maj czerwca/czerwiec lipca/lipiec "
        "sierpnia/sierpień września/wrzesień października/październik listopada/listopad grudnia/grudzień"
    ),
    "cs": (
        "ledna/leden února/únor března/březen dubna/duben května/květen června/červen července/červenec "
        "srpna/srpen září října/říjen listopadu/listopad prosince/prosinec"
    ),
    "sk": (
        "januára/január februára/február marca/marec apríla/apríl mája/máj júna/jún júla/júl augusta/august "
        "septembra/september októbra/október novembra/november decembra/december"
    ),
    "sl": (
        "januar/januarja februar/februarja marec/marca april/aprila maj/maja junij/junija julij/julija "
        "avgust/avgusta september/septembra oktober/oktobra november/novembra december/decembra"
    ),
    "hr": (
        "siječnja/siječanj veljače/veljača ožujka/ožujak travnja/travanj svibnja/svibanj lipnja/lipanj "
        "srpnja/srpanj kolovoza/kolovoz rujna/rujan listopada/listopad studenoga/studenog/studeni "
        "prosinca/prosinac"
    ),
    "sr": (
        "januar/januara/јануар/јануара februar/februara/фебруар/фебруара mart/marta/март/марта "
        "april/aprila/април/априла maj/maja/мај/маја jun/juna/juni/јун/јуна jul/jula/juli/јул/јула "
        "avgust/avgusta/август/августа septembar/septembra/септембар/септембра "
        "oktobar/oktobra/октобар/октобра novembar/novembra/новембар/новембра "
        "decembar/decembra/децембар/децембра"
    ),
    "mk": "јануари февруари март април мај јуни јули август септември октомври ноември декември",
    "bg": "януари февруари март април май юни юли август септември октомври ноември декември",
    "ru": (
        "января/январь февраля/февраль марта/март апреля/апрель мая/май июня/июнь июля/июль августа/август "
        "сентября/сентябрь октября/октябрь ноября/ноябрь декабря/декабрь"
    ),
    "uk": (
        "січня/січень лютого/лютий березня/березень квітня/квітень травня/травень червня/червень липня/липень "
        "серпня/серпень вересня/вересень жовтня/жовтень листопада/листопад грудня/грудень"
    ),
    "be": (
        "студзеня/студзень лютага/люты сакавіка/сакавік красавіка/красавік мая/май/траўня чэрвеня/чэрвень "
        "ліпеня/ліпень жніўня/жнівень верасня/верасень кастрычніка/кастрычнік лістапада/лістапад "
        "снежня/снежань"
    ),
    "ro": (
        "ianuarie februarie martie aprilie mai iunie iulie august septembrie/sept octombrie noiembrie/noi decembrie"
    ),
    "hu": "január február március április május június július augusztus szeptember október november december",
    "el": (
        "ιανουαρίου/ιανουάριος/ιαν φεβρουαρίου/φεβρουάριος/φεβ μαρτίου/μάρτιος/μαρ απριλίου/απρίλιος/απρ "
        "μαΐου/μαίου/μάιος/μάϊος/μαϊ ιουνίου/ιούνιος/ιουν ιουλίου/ιούλιος/ιουλ αυγούστου/αύγουστος/αυγ "
        "σεπτεμβρίου/σεπτέμβριος/σεπ οκτωβρίου/οκτώβριος/οκτ νοεμβρίου/νοέμβριος/νοε "
        "δεκεμβρίου/δεκέμβριος/δεκ"
    ),
    "sq": "janar shkurt mars prill maj qershor korrik gusht shtator tetor nëntor dhjetor",
    "tr": "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
    "az": "yanvar fevral mart aprel may iyun iyul avqust sentyabr oktyabr noyabr dekabr",
    "ca": "gener febrer març abril maig juny juliol agost setembre/set octubre novembre desembre",
    "gl": "xaneiro febreiro marzo abril maio xuño xullo agosto setembro outubro novembro decembro",
    "eu": (
        "urtarrila/urtarrilaren otsaila/otsailaren martxoa/martxoaren apirila/apirilaren maiatza/maiatzaren "
        "ekaina/ekainaren uztaila/uztailaren abuztua/abuztuaren iraila/irailaren urria/urriaren "
        "azaroa/azaroaren abendua/abenduaren"
    ),
    "ga": "eanáir feabhra márta aibreán bealtaine meitheamh iúil lúnasa meán samhain nollaig",
    "cy": "ionawr chwefror mawrth ebrill mai mehefin gorffennaf awst medi hydref tachwedd rhagfyr",
    "af": "januarie februarie maart april mei junie julie augustus september oktober november desember",
    "id": "januari februari maret april mei juni juli agustus/agu september oktober november/nopember desember",
    "ms": "januari februari mac april mei jun julai ogos september oktober november disember",
    "tl": "enero pebrero marso abril mayo hunyo hulyo agosto setyembre oktubre nobyembre disyembre",
    "sw": "januari februari machi aprili mei juni julai agosti septemba oktoba novemba desemba",
    "hi": ("जनवरी/जन फरवरी/फ़रवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर/सितम्बर अक्टूबर/अक्तूबर नवंबर/नवम्बर दिसंबर/दिसम्बर"),
    "mr": "जानेवारी फेब्रुवारी मार्च एप्रिल मे जून जुलै ऑगस्ट सप्टेंबर ऑक्टोबर नोव्हेंबर डिसेंबर",
    "bn": ("জানুয়ারি/জানুয়ারি ফেব্রুয়ারি/ফেব্রুয়ারি মার্চ এপ্রিল মে জুন জুলাই আগস্ট সেপ্টেম্বর অক্টোবর নভেম্বর ডিসেম্বর"),
    "ta": "ஜனவரி பிப்ரவரி மார்ச் ஏப்ரல் மே ஜூன் ஜூலை ஆகஸ்ட் செப்டம்பர் அக்டோபர் நவம்பர் டிசம்பர்",
    "te": "జనవరి ఫిబ్రవరి మార్చి ఏప్రిల్ మే జూన్ జులై/జూలై ఆగస్టు సెప్టెంబర్ అక్టోబర్ నవంబర్ డిసెంబర్",
    "ur": "جنوری فروری مارچ اپریل مئی جون جولائی اگست ستمبر اکتوبر نومبر دسمبر",
    "ar": (
        "يناير/كانون_الثاني فبراير/شباط مارس/آذار/اذار أبريل/ابريل/إبريل/نيسان مايو/أيار/ايار/ماي "
        "يونيو/حزيران/جوان يوليو/تموز/جويلية أغسطس/اغسطس/آب/أوت سبتمبر/أيلول/ايلول/شتنبر "
        "أكتوبر/اكتوبر/تشرين_الأول نوفمبر/تشرين_الثاني/نونبر ديسمبر/كانون_الأول/دجنبر"
    ),
    "he": (
        "ינואר/בינואר פברואר/בפברואר מרץ/במרץ/מרס/במרס אפריל/באפריל מאי/במאי יוני/ביוני יולי/ביולי "
        "אוגוסט/באוגוסט ספטמבר/בספטמבר אוקטובר/באוקטובר נובמבר/בנובמבר דצמבר/בדצמבר"
    ),
    "th": (
        "มกราคม/ม.ค. กุมภาพันธ์/ก.พ. มีนาคม/มี.ค. เมษายน/เม.ย. พฤษภาคม/พ.ค. มิถุนายน/มิ.ย. กรกฎาคม/ก.ค. "
        "สิงหาคม/ส.ค. กันยายน/ก.ย. ตุลาคม/ต.ค. พฤศจิกายน/พ.ย. ธันวาคม/ธ.ค."
    ),
    "ka": "იანვარი თებერვალი მარტი აპრილი მაისი ივნისი ივლისი აგვისტო სექტემბერი ოქტომბერი ნოემბერი დეკემბერი",
    "hy": ("հունվարի փետրվարի մարտի ապրիլի մայիսի հունիսի հուլիսի օգոստոսի սեպտեմբերի հոկտեմբերի նոյեմբերի դեկտեմբերի"),
}
"""Month names by language, January first."""

JALALI = _words("فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند")
"""The Persian (solar Hijri) months, Farvardin first."""

_UNIT_WORDS: dict[str, str] = {
    "second": (
        "second seconds sec secs sekunde sekunden sek seconde secondes seconden segundo segundos secondo "
        "secondi sekunder sekund sekundy sekundę секунд секунды секунду секунди sekuntia saniye δευτερόλεπτα "
        "ثانية ثوان שניות วินาที"
    ),
    "minute": (
        "minute minutes min mins minuten minuut minuto minutos minuti minutter minut minuter minuty minutę "
        "minút минут минуты минуту минути хвилин хвилини хвилину мин minuuttia perc dakika λεπτά λεπτό دقيقة "
        "دقائق דקות นาที menit phút मिनट"
    ),
    "hour": (
        "hour hours hr hrs h stunde stunden std heure heures hora horas hs ora ore uur timer time timme "
        "timmar tim godzin godziny godzinę godz hodin hodiny hodinu hodinami час часа часов годин години "
        "годину tuntia tunti óra órája saat ώρες ώρα ساعة ساعات שעות שעה ชั่วโมง jam giờ घंटे घंटा"
    ),
    "day": (
        "day days d tag tage tagen jour jours día dia días dias giorno giorni dag dagen dage dager dagar dni "
        "dzień dny dnů dnem день дня дней днів дни päivää päivä nap napja gün ημέρες ημέρα يوم أيام ימים วัน "
        "hari ngày दिन"
    ),
    "week": (
        "week weeks wk woche wochen semaine semaines semana semanas settimana settimane weken uge uger uke "
        "uker vecka veckor tygodnie tydzień tygodni týdny týden неделю недели недель тиждень тижні viikkoa "
        "hét hafta εβδομάδες أسبوع أسابيع שבועות สัปดาห์ minggu tuần"
    ),
    "month": (
        "month months monat monate monaten mois mes meses mese mesi maand maanden måned måneder månad månader "
        "miesiąc miesiące miesięcy měsíc měsíce месяц месяца месяцев місяць місяці kuukautta hónap ay μήνες "
        "شهر أشهر חודשים เดือน bulan tháng"
    ),
    "year": (
        "year years yr jahr jahre jahren an ans année año años ano anos anno anni jaar år rok lata lat roky "
        "let год года лет vuotta év yıl χρόνια سنة سنوات שנים ปี tahun năm"
    ),
}

UNITS: dict[str, str] = {word: unit for unit, words in _UNIT_WORDS.items() for word in _words(words)}
"""Word → unit of time."""

AGO = frozenset(
    _words(
        "ago vor il hace há ha fa geleden siden sedan temu před назад тому sitten önce πριν منذ לפני ที่แล้ว "
        "lalu yang trước पहले zuvor atrás depuis kohta преди пред prieš pirms acum ezelőtt pred"
    )
)
"""Words that make an amount of time a distance from now."""

_TODAY = (
    "today heute aujourd'hui aujourd’hui hoy hoje oggi vandaag idag dzisiaj dziś dnes сегодня сьогодні tänään "
    "ma bugün σήμερα اليوم היום วันนี้ azi danas днес šodien šiandien täna avui"
)
_YESTERDAY = (
    "yesterday gestern hier ayer ontem ieri gisteren igår wczoraj včera вчера вчора eilen tegnap dün χθες أمس "
    "אתמול เมื่อวาน jučer juče vakar eile ahir"
)

NEAR: dict[str, int] = dict.fromkeys(_words(_TODAY), 0) | dict.fromkeys(_words(_YESTERDAY), 1)
"""Word for a day near today → days before today."""

_CJK_UNIT_WORDS = {
    "second": "秒 秒钟 초",
    "minute": "分 分钟 分鐘 분",
    "hour": "小时 小時 時間 시간",
    "day": "天 日 일",
    "week": "周 週 週間 주",
    "month": "月 个月 個月 か月 ヶ月 개월",
    "year": "年 년",
}

CJK_UNITS: dict[str, str] = {word: unit for unit, words in _CJK_UNIT_WORDS.items() for word in _words(words)}
"""Units as Chinese, Japanese and Korean write them before 前 or 전."""

ZONES: dict[str, int] = {
    "utc": 0, "gmt": 0, "z": 0, "wet": 0, "west": 60, "bst": 60, "cet": 60, "cest": 120, "mez": 60, "mesz": 120,
    "eet": 120, "eest": 180, "msk": 180, "мск": 180, "trt": 180, "gst": 240, "pkt": 300, "ist": 330, "wib": 420,
    "wita": 480, "sgt": 480, "hkt": 480, "pht": 480, "jst": 540, "kst": 540, "aest": 600, "aedt": 660, "acst": 570,
    "awst": 480, "nzst": 720, "nzdt": 780, "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420,
    "mdt": -360, "pst": -480, "pdt": -420, "akst": -540, "akdt": -480, "hst": -600, "brt": -180, "art": -180,
    "sast": 120, "wat": 60, "eat": 180,
}  # fmt: skip
"""Abbreviations of time zones on news pages → minutes east of Greenwich."""

# Where two zones share an abbreviation (IST, CST, BST), the one with more newspapers is meant.
US_ZONES = {"et": "America/New_York", "ct": "America/Chicago", "mt": "America/Denver", "pt": "America/Los_Angeles"}
"""Abbreviations that hold the whole year, as American papers write them."""

SMALL = frozenset(_words("st nd rd th er º ª de do del di of d’ d' ta' e a an án én ik ko ga tháng ngày dne den"))
"""Words that may stand between the parts of a date."""

ONE = frozenset(_words("an a einer einem une una un"))
"""Words for an amount of one: "an hour ago"."""

FURTHER = frozenset(
    _words(
        "am bm br dz ee fo fy gu gv haw jv kk kl km kn kok kw ky lb lo mfe mg ml mn mt my ne or os pa rm rn rw "
        "se sg si sn so tg ti tk to ug uz yo zu"
    )
)
"""Languages that `dateparser` knows and these tables do not."""
