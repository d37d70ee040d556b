"""Names of the months, as news pages of some seventy languages write them.

January stands first. The forms of one month are separated by "/", the words of one form by "_". In scripts with an
alphabet, every prefix of three letters or more that means one month only within its language is read as well.
"""
# ruff: noqa: E501  (wide characters count twice)

from __future__ import annotations

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
        "ledna/leden února/únor března/březen dubna/duben května/květen června/červen/čvn července/červenec/čvc "
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
    "az": "yanvar fevral mart aprel may iyun/iyn iyul/iyl avqust sentyabr oktyabr noyabr dekabr",
    "ca": "gener febrer març/mç abril maig juny/jn juliol agost/ag setembre/set octubre novembre desembre",
    "gl": "xaneiro febreiro marzo abril maio xuño xullo agosto setembro outubro novembro decembro",
    "eu": (
        "urtarrila/urtarrilaren otsaila/otsailaren martxoa/martxoaren apirila/apirilaren maiatza/maiatzaren "
        "ekaina/ekainaren uztaila/uztailaren abuztua/abuztuaren iraila/irailaren urria/urriaren "
        "azaroa/azaroaren abendua/abenduaren"
    ),
    "af": "januarie februarie maart april mei junie julie augustus september oktober november desember",
    "id": "januari februari maret april mei juni juli agustus/agu september oktober november/nopember desember",
    "ms": "januari februari mac april mei jun julai ogos september oktober november disember",
    "tl": "enero pebrero marso abril mayo hunyo hulyo agosto setyembre oktubre nobyembre disyembre",
    "sw": "januari februari machi aprili mei juni julai agosti septemba oktoba novemba desemba",
    "hi": (
        "जनवरी/जन फरवरी/फ़र/फ़रवरी मार्च अप्रैल/अप्रै मई जून जुलाई/जुल अगस्त/अग सितंबर/सित/सितम्बर अक्टूबर/अक्टू/अक्तूबर नवंबर/नव/नवम्बर दिसंबर/दिस/दिसम्बर"
    ),
    "mr": "जानेवारी/जाने फेब्रुवारी/फेब्रु मार्च एप्रिल/एप्रि मे जून जुलै ऑगस्ट/ऑग सप्टेंबर/सप्टें ऑक्टोबर/ऑक्टो नोव्हेंबर/नोव्हें डिसेंबर/डिसें",
    "bn": (
        "জানুয়ারি/জানুয়ারী/জানু/জানুয়ারি ফেব্রুয়ারি/ফেব্রুয়ারী/ফেব/ফেব্রুয়ারি মার্চ এপ্রিল মে জুন জুলাই/জুল আগস্ট/আগ সেপ্টেম্বর/সেপ অক্টোবর/অক্টো নভেম্বর/নভে ডিসেম্বর/ডিসে"
    ),
    "ta": "ஜனவரி/ஜன. பிப்ரவரி/பிப். மார்ச்/மார். ஏப்ரல்/ஏப். மே ஜூன் ஜூலை ஆகஸ்ட்/ஆக. செப்டம்பர்/செப். அக்டோபர்/அக். நவம்பர்/நவ. டிசம்பர்/டிச.",
    "te": "జనవరి/జన ఫిబ్రవరి/ఫిబ్ర మార్చి ఏప్రిల్/ఏప్రి మే జూన్ జులై/జూలై ఆగస్టు/ఆగ సెప్టెంబర్/సెప్టెం అక్టోబర్/అక్టో నవంబర్/నవం డిసెంబర్/డిసెం",
    "ur": "جنوری فروری مارچ اپریل مئی جون جولائی اگست ستمبر اکتوبر نومبر دسمبر",
    "ar": (
        "يناير/كانون_الثاني فبراير/شباط مارس/آذار/اذار أبريل/ابريل/إبريل/نيسان مايو/أيار/ايار/ماي "
        "يونيو/حزيران/جوان يوليو/تموز/جويلية أغسطس/اغسطس/آب/أوت سبتمبر/أيلول/ايلول/شتنبر "
        "أكتوبر/اكتوبر/تشرين_الأول نوفمبر/تشرين_الثاني/نونبر ديسمبر/كانون_الأول/دجنبر"
    ),
    "he": (
        "ינואר/ינו׳/בינו׳/בינואר פברואר/פבר׳/בפבר׳/בפברואר מרץ/מרס/במרץ/מרס/במרס אפריל/אפר׳/באפר׳/באפריל מאי/מאי/במאי יוני/ביוני יולי/ביולי "
        "אוגוסט/אוג׳/באוג׳/באוגוסט ספטמבר/ספט׳/בספט׳/בספטמבר אוקטובר/אוק׳/באוק׳/באוקטובר נובמבר/נוב׳/בנוב׳/בנובמבר דצמבר/דצמ׳/בדצמ׳/בדצמבר"
    ),
    "th": (
        "มกราคม/ม.ค. กุมภาพันธ์/ก.พ. มีนาคม/มี.ค. เมษายน/เม.ย. พฤษภาคม/พ.ค. มิถุนายน/มิ.ย. กรกฎาคม/ก.ค. "
        "สิงหาคม/ส.ค. กันยายน/ก.ย. ตุลาคม/ต.ค. พฤศจิกายน/พ.ย. ธันวาคม/ธ.ค."
    ),
    "ka": "იანვარი თებერვალი მარტი აპრილი მაისი ივნისი ივლისი აგვისტო სექტემბერი ოქტომბერი ნოემბერი დეკემბერი",
    "hy": (
        "հունվարի/հնվ փետրվարի/փտվ մարտի/մրտ ապրիլի/ապր մայիսի/մյս հունիսի/հնս հուլիսի/հլս օգոստոսի/օգս սեպտեմբերի/սեպ հոկտեմբերի/հոկ նոյեմբերի/նոյ դեկտեմբերի/դեկ"
    ),
    "am": "ጃንዋሪ/ጃን ፌብሩዋሪ/ፌብ ማርች ኤፕሪል/ኤፕሪ ሜይ ጁን ጁላይ ኦገስት/ኦገስ ሴፕቴምበር/ሴፕቴ ኦክቶበር/ኦክቶ ኖቬምበር/ኖቬም ዲሴምበር/ዲሴም",
    "as": "জানুৱাৰী ফেব্ৰুৱাৰী মাৰ্চ এপ্ৰিল মে’ জুন জুলাই আগষ্ট ছেপ্তেম্বৰ অক্টোবৰ নৱেম্বৰ ডিচেম্বৰ",
    "br": "genver c’hwevrer/c’hwe meurzh ebrel mae mezheven gouere eost gwengolo here du kerzu",
    "cy": "ionawr/ion chwefror/chwef mawrth/maw ebrill/ebr mai mehefin/meh gorffennaf/gorff awst medi hydref/hyd tachwedd/tach rhagfyr/rhag",
    "fa": "ژانویه/ژانویهٔ فوریه/فوریهٔ مارس آوریل مه/مهٔ/می ژوئن ژوئیه/ژوئیهٔ/جولای اوت/آگوست سپتامبر اکتبر نوامبر دسامبر",
    "fo": "januar februar mars apríl mai juni juli august september oktober november desember",
    "fy": "jannewaris/jannewarje febrewaris/febrewarje maart/mrt april maaie/maaye juny july augustus septimber oktober novimber desimber",
    "ga": "eanáir/ean feabhra/feabh márta/márt aibreán/aib bealtaine/beal meitheamh/meith iúil lúnasa/lún meán_fómhair/mfómh deireadh_fómhair/dfómh samhain/samh nollaig/noll",
    "gu": "જાન્યુઆરી/જાન્યુ ફેબ્રુઆરી/ફેબ્રુ માર્ચ એપ્રિલ મે જૂન જુલાઈ ઑગસ્ટ/ઓગસ્ટ સપ્ટેમ્બર/સપ્ટે ઑક્ટોબર/ઓક્ટોબર/ઑક્ટો નવેમ્બર/નવે ડિસેમ્બર/ડિસે",
    "ha": "janairu faburairu maris afirilu mayu yuni yuli agusta satumba oktoba nuwamba disamba",
    "kk": "қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан",
    "km": "មករា កុម្ភៈ មីនា មេសា ឧសភា មិថុនា កក្កដា សីហា កញ្ញា តុលា វិច្ឆិកា ធ្នូ",
    "kn": "ಜನವರಿ/ಜನ ಫೆಬ್ರವರಿ/ಫೆಬ್ರುವರಿ/ಫೆಬ್ರ ಮಾರ್ಚ್ ಏಪ್ರಿಲ್/ಏಪ್ರಿ ಮೇ ಜೂನ್ ಜುಲೈ ಆಗಸ್ಟ್/ಆಗ ಸೆಪ್ಟೆಂಬರ್/ಸೆಪ್ಟೆಂ ಅಕ್ಟೋಬರ್/ಅಕ್ಟೋ ನವೆಂಬರ್/ನವೆಂ ಡಿಸೆಂಬರ್/ಡಿಸೆಂ",
    "ku": "rêbendan/rêbendana reşemî/reşemeh/sibat adar/adarê nîsan/nîsana gulan/gulana hezîran/pûşper tîrmeh/tîrmeha gelawêj/tebax îlon/rezber kewçêr/cotmeh mijdar/sermawez berfanbar/berfanbara",
    "ky": "январь/январы/янв февраль/февралы март/марты апрель/апрели май/майы июнь/июну июль/июлу август/августу сентябрь/сентябры октябрь/октябры ноябрь/ноябры декабрь/декабры",
    "lb": "januar februar mäerz abrëll mee juni juli august september oktober november dezember",
    "lo": "ມັງກອນ/ມ.ກ. ກຸມພາ/ກ.ພ. ມີນາ/ມ.ນ. ເມສາ/ມ.ສ. ພຶດສະພາ/ພ.ພ. ມິຖຸນາ/ມິ.ຖ. ກໍລະກົດ/ກ.ລ. ສິງຫາ/ສ.ຫ. ກັນຍາ/ກ.ຍ. ຕຸລາ/ຕ.ລ. ພະຈິກ/ພ.ຈ. ທັນວາ/ທ.ວ.",
    "mg": "janoary febroary martsa aprily mey jona jolay aogositra septambra oktobra novambra desambra",
    "ml": "ജനുവരി/ജനു ഫെബ്രുവരി/ഫെബ്രു മാർച്ച്/മാർ ഏപ്രിൽ/ഏപ്രി മേയ്/മെയ് ജൂൺ ജൂലൈ ഓഗസ്റ്റ്/ആഗസ്റ്റ്/ഓഗ സെപ്റ്റംബർ/സെപ്തംബർ/സെപ്റ്റം ഒക്‌ടോബർ/ഒക്ടോബർ/ഒക്ടോ നവംബർ/നവം ഡിസംബർ/ഡിസം",
    "mn": "нэгдүгээр_сарын хоёрдугаар_сарын гуравдугаар_сарын дөрөвдүгээр_сарын тавдугаар_сарын зургаадугаар_сарын долоодугаар_сарын наймдугаар_сарын есдүгээр_сарын аравдугаар_сарын арваннэгдүгээр_сарын арванхоёрдугаар_сарын",
    "mt": "jannar frar marzu april mejju ġunju lulju awwissu settembru ottubru novembru diċembru",
    "my": "ဇန်နဝါရီ/ဇန် ဖေဖော်ဝါရီ/ဖေ မတ် ဧပြီ/ဧ မေ ဇွန် ဇူလိုင်/ဇူ ဩဂုတ်/ဩ/သြဂုတ် စက်တင်ဘာ/စက် အောက်တိုဘာ/အောက် နိုဝင်ဘာ/နို ဒီဇင်ဘာ/ဒီ",
    "ne": "जनवरी फेब्रुअरी मार्च अप्रिल मे जुन जुलाई अगस्ट/अगस्त सेप्टेम्बर अक्टोबर नोभेम्बर डिसेम्बर",
    "or": "ଜାନୁଆରୀ ଫେବୃଆରୀ ମାର୍ଚ୍ଚ ଅପ୍ରେଲ ମଇ ଜୁନ ଜୁଲାଇ ଅଗଷ୍ଟ ସେପ୍ଟେମ୍ବର ଅକ୍ଟୋବର ନଭେମ୍ବର ଡିସେମ୍ବର",
    "pa": "ਜਨਵਰੀ/ਜਨ ਫ਼ਰਵਰੀ/ਫ਼ਰ ਮਾਰਚ ਅਪ੍ਰੈਲ/ਅਪ੍ਰੈ ਮਈ ਜੂਨ ਜੁਲਾਈ/ਜੁਲਾ ਅਗਸਤ/ਅਗ ਸਤੰਬਰ/ਸਤੰ ਅਕਤੂਬਰ/ਅਕਤੂ ਨਵੰਬਰ/ਨਵੰ ਦਸੰਬਰ/ਦਸੰ",
    "ps": "جنوري فبروري/فېبروري مارچ اپریل مۍ/می جون جولای اګست/اگست سپتمبر/سېپتمبر اکتوبر/اکتوبر نومبر دسمبر",
    "rm": "schaner/schan favrer/favr mars avrigl/avr matg zercladur/zercl fanadur/fan avust settember/sett october november december",
    "si": "ජනවාරි/ජන පෙබරවාරි/පෙබ මාර්තු/මාර් අප්‍රේල්/අප්රේල් මැයි ජූනි ජූලි අගෝස්තු/අගෝ සැප්තැම්බර්/සැප් ඔක්තෝබර්/ඔක් නොවැම්බර්/නොවැ දෙසැම්බර්/දෙසැ",
    "so": "janaayo/jannaayo/janaayooy febraayo/febaraayo maarso/maarij abriil maayo/maajo juun/juunyo luulyo agosto/ogs/ogosto sebtembar/sebteembar oktoobar noofembar/noofeembar/nofembar disembar/diseembar",
    "tg": "январ/январи феврал/феврали март/марти апрел/апрели май/майи июн/июни июл/июли август/августи сентябр/сентябри октябр/октябри ноябр/ноябри декабр/декабри",
    "tk": "ýanwar fewral mart aprel maý iýun iýul awgust sentýabr oktýabr noýabr dekabr",
    "tt": "гыйнвар февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
    "uz": "yanvar/yanvardagi fevral mart aprel may iyun/iyn iyul/iyl avgust sentabr/sentyabr oktabr/oktyabr noyabr dekabr",
    "zu": "januwari februwari mashi ephreli meyi juni julayi agasti septhemba okthoba novemba disemba",
}
"""Month names by language, January first."""

JALALI = (
    "فروردین/حمل اردیبهشت/ثور خرداد/جوزا تیر/سرطان مرداد/امرداد/اسد شهریور/سنبله مهر/میزان آبان/عقرب آذر/قوس دی/جدی "
    "بهمن/دلو اسفند/حوت"
)
"""The Persian (solar Hijri) months, Farvardin first; the second names are Afghan."""

HEBREW = (
    "תשרי/בתשרי חשוון/בחשוון/חשון/בחשון/מרחשוון/במרחשוון כסלו/בכסלו טבת/בטבת שבט/בשבט אדר/באדר/אדר_ב׳/באדר_ב׳/אדר_ב/באדר_ב "
    "ניסן/בניסן אייר/באייר סיוון/בסיוון/סיון/בסיון תמוז/בתמוז אב/באב/מנחם_אב אלול/באלול אדר_א׳/באדר_א׳/אדר_א/באדר_א"
)
"""The Hebrew months, Tishrei first; the thirteenth is Adar I of a leap year."""

HIJRI = (
    "محرم/المحرم/محرّم صفر ربيع_الأول/ربیع_الاول ربيع_الآخر/ربيع_الثاني/ربیع_الثانی جمادى_الأولى/جمادی_الاول/جمادی_الاولیٰ "
    "جمادى_الآخرة/جمادى_الثانية/جمادی_الثانی/جمادی_الثانیہ رجب شعبان رمضان شوال ذو_القعدة/ذي_القعدة/ذوالقعدة/ذیقعد/ذوالقعده "
    "ذو_الحجة/ذي_الحجة/ذوالحجة/ذوالحجہ/ذوالحجه"
)
"""The Islamic months, Muharram first."""

SMALL = (
    "st nd rd th er ère º ª o a e re de do del di of d' d' ta' an én én- i ik ko eko ren ga m d tháng ngày năm dne den l' el le da ils د ê թ g gada "
    "ж г jún och dia día von vom the yil yilning й го ого e i-je ú mh yn ar at ה ב של พ.ศ ค.ศ พศ оны န့် n s t ঠা লা রা ই শে শা ឆ្នាំ ថ្ងៃទី ခုနှစ် ရက် ရက်နေ့"
)
"""Words that may stand between the parts of a date."""
