"""Words of pages that block an article (consent, login, challenge, error), folded, in the languages of our readers.

No word alone makes such a page: see `page_kind`, which asks for its structure first.
"""

from __future__ import annotations

import re


class Stems:
    """Stems of words, searched one after the other: that takes a tenth of what one pattern of all of them takes."""

    def __init__(self, words: str) -> None:
        self._stems = tuple(word.strip() for word in words.replace("\n", ";").split(";") if word.strip())
        self._pattern = re.compile("|".join(map(re.escape, self._stems)))

    def are_in(self, text: str) -> bool:
        """Whether one of them stands in a folded text."""
        for stem in self._stems:  # noqa: SIM110  (a loop takes half the time of a generator)
            if stem in text:
                return True
        return False

    def all_in(self, text: str) -> set[str]:
        """Those that stand in a folded text, none inside of another one."""
        return set(self._pattern.findall(text))


def _either(patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(one.strip() for one in patterns.replace("\n", ";").split(";") if one.strip()))


# What consent dialogs are made of. Stems; several different ones have to come together.
CONSENT = Stems(
    """
    cookie; tracking; tracker; consent; gdpr; privacy; advertis; third part; partners; legitimate interest;
    identifier; on your device; einwillig; zustimm; akzeptier; datenschutz; dsgvo; werbung; partner; endgerät;
    berechtigtes interesse; ablehnen; consentement; accepter; refuser; publicit; traceur; partenaires;
    confidentialité; données personnelles; terminal; consentimiento; aceptar; rechazar; publicidad; socios;
    privacidad; datos personales; dispositivo; consenso; accett; rifiut; pubblicità; dati personali;
    toestemming; accepteren; weigeren; advertenties; persoonsgegevens; apparaat; consentimento; aceitar;
    recusar; parceiros; dados pessoais; zgod; ciasteczk; reklam; partnerz; dane osobowe; prywatno; urządzeni;
    samtyck; godkänn; kakor; annonser; enhet; samtykke; godta; afvis; annoncer; informasjonskapsler; eväst;
    suostumu; hyväksy; mainon; souhlas; soubory cookie; osobních údajů; çerez; onay; kabul et; gizlilik;
    consimț; публицит; куки; согласи; реклам; конфиденциальн; персональн; згод; файли cookie; クッキー; 同意; 広告;
    プライバシー; パートナー; 隐私; 广告; 接受; 쿠키; 동의; 광고; 개인정보;
    ملفات تعريف الارتباط; موافق; الخصوصية; إعلانات; עוגיות; הסכמה;
    פרטיות; فرسوم; คุกกี้; ยินยอม; कुकीज़; सहमति; पार्टनर; भागीदार; विज्ञापन; गोपनीयता; व्यक्तिगत डेटा;
    โฆษณา; พันธมิตร;
    ข้อมูลส่วนบุคคล; ความเป็นส่วนตัว; อุปกรณ์; đối tác; dữ liệu cá nhân; quảng cáo; quyền riêng tư;
    thiết bị; mitra; perangkat;
    data pribadi; iklan; persetujuan; privasi; kolačić; oglas; osobne podatke; privol; uređaj; suglasnost;
    piškot; soglasj;
    süti; hirdet; személyes adat; hozzájárul; adatvédel; eszköz; συνεργάτ; συγκατάθεσ; διαφημίσ; προσωπικ;
    απορρήτ; συσκευ;
    date personale; dispozitiv; parteneri; soukrom; partneř; zařízen; henkilötieto; kumppan; yksityisy;
    laitte; mainont;
    שותפ; פרסומ; במכשיר; נתונים אישיים; معلومات على جهاز; البيانات الشخصية; شركا; партнёр; партнер;
    устройств; пристро;
    приватн; cihaz; kişisel veri; ortağ; personuppgift; personoplysning; personopplysning; integritet; 合作伙伴;
    个人数据; 设备;
    파트너; 기기; 個人データ; 端末; annunci; dispositivo; betinget; privatliv
    """
)

# What asks for money in the place of a text.
SUBSCRIBE = Stems(
    """
    subscri; sign in; log in; per month; per week; cancel any; free trial; already a member; unlimited access;
    register; abonn; probeabo; jetzt testen; monatlich; kündbar; pro monat; weiterlesen mit; anmelden;
    digitalabo; pur-abo; abonnez; s'abonner; par mois; sans engagement; réservé aux abonnés; identifiez;
    suscrí; suscrib; al mes; inicia sesión; suscriptor; abbona; al mese; accedi; assine; assinante; por mês;
    abonnee; per maand; inloggen; prenumer; per månad; logga in; abonnement; kr/; tilaa; tilaaja; kirjaudu;
    předpla; měsíčně; subskry; miesięcz; zaloguj; abone; подпис; в месяц; войти; передплат; 購読; 会員; ログイン; 有料;
    订阅; 登录; 会员; 구독; 로그인; 유료; giriş yap; ayda; σύνδεση; συνδρομ; bejelentkez; előfizet; havonta; abonează;
    pe lună;
    intră în cont; pretplat; prijav; mjesečno; langganan; berlangganan; per bulan; đăng ký; đăng nhập;
    สมัคร; เข้าสู่ระบบ; اشترك; تسجيل الدخول; הירשמו; מנוי
    """
)

# Headings and titles of pages that only tell that there is nothing.
MISSING = _either(
    r"""
    \b404\b;
    (?:page|article|story|content|document|site)[^.]{0,30}(?:not (?:be )?found|does(?: not|n.t) exist);
    (?:page|article|story|content|document|site)[^.]{0,30}no longer (?:available|exists);
    not found; nothing (?:was )?found; seite (?:wurde )?nicht gefunden; nicht gefunden;
    existiert nicht(?: mehr)?; nicht (?:mehr )?verfügbar;
    (?:page|article) (?:introuvable|non trouvée?|inexistante?); introuvable; n.existe (?:pas|plus);
    no (?:se ha )?encontrad[ao]; no existe; pagina non trovata; non (?:è stata )?trovata; non esiste;
    pagina niet gevonden; niet gevonden; não (?:foi )?encontrad[ao]; nie znaleziono; nie istnieje;
    sidan (?:kunde inte|finns inte|hittades inte); ikke fund[ne]et?; ikke funnet; ei löydy; stránka nenalezena;
    nenalezen[ao]?; не найден[ао]?; не існує; не знайдено; bulunamadı; 見つかりません; 找不到;
    不存在; 찾을 수 없; غير موجود; لم يتم العثور; לא נמצא; siden (?:blev|ble) ikke fundet; findes ikke; finnes ikke;
    (?:sivua|lehteä|juttua) ei (?:ole|löyty); ei löytynyt; sa nenašla; nebola nájdená; nem található;
    nem létezik; nu a fost găsit;
    nu există; nije pronađen; ne postoji; ni bil[ao]? najden; ne obstaja; није пронађен; не постоји;
    не е намерен; не съществува;
    не существует; δεν βρέθηκε; δεν υπάρχει; یافت نشد; وجود ندارد; नहीं मिला; পাওয়া যায়নি; ไม่พบหน้า;
    ไม่พบ; không tìm thấy;
    không tồn tại; tidak ditemukan; tidak ada; ei leitud; nav atrast; nerast; neegzistuoja; neeksistē;
    no s.ha trobat;
    (?:can.t|couldn.t|cannot|could not) find (?:the|that|this) (?:page|article|story); something went wrong;
    server error;
    ^(?:error )?(?:404|410|50[0124])\b; ^gone$; index of /; default page; it works!; welcome to nginx
    """
)
MAINTENANCE = _either(
    r"""
    (?:under|scheduled|site|down for) maintenance; be right back; back (?:soon|shortly);
    temporarily unavailable; wartungs(?:arbeiten|modus); wird gewartet;
    vorübergehend nicht (?:erreichbar|verfügbar); gleich wieder (?:da|zurück); (?:en|site en) maintenance;
    temporairement indisponible; en mantenimiento; temporalmente no disponible; in manutenzione; in onderhoud;
    onderhoud aan; em manutenção; przerwa techniczna; prace konserwacyjne; underhåll; vedlikehold;
    vedligeholdelse; huoltokatko; údržb; технические работы; технічні роботи; bakım(?:da| çalışması); メンテナンス;
    维护; 維護; 점검; تحت الصيانة; בתחזוקה; karbantartás; συντήρησ; ^onderhoud$; ปิดปรับปรุง; bảo trì;
    pemeliharaan; mentenanță;
    service unavailable; odrzavanj; održavanj; vzdrževanj; hooldus
    """
)
PARKED = _either(
    r"""
    (?:domain|website|web address)[^|]{0,40}(?:for sale|parked|expired|is available); buy this domain;
    parked (?:free|domain); this domain; domain[^|]{0,40}(?:zu verkaufen|steht zum verkauf|geparkt);
    diese domain; domaine[^|]{0,30}à vendre; dominio[^|]{0,30}(?:en venta|in vendita); domein[^|]{0,30}te koop;
    domena[^\n]{0,30}na sprzedaż; домен[^|]{0,30}прода; steht zum verkauf; ドメイン[^|]{0,20}販売;
    域名[^|]{0,10}(?:出售|转让); 도메인[^|]{0,20}판매;
    domain owner may be interested; domän[^|]{0,30}till salu; doména[^|]{0,30}(?:na prodej|na predaj);
    alan adı[^|]{0,30}satılık;
    (?:account|website|site)[^|]{0,20} suspended
    """
)
CHALLENGE = _either(
    r"""
    just a moment; attention required; checking (?:your browser|if the site);
    verify (?:you are|that you are|you.re) (?:a )?human; are you (?:a )?(?:ro)?bot; not a robot;
    access (?:to this page has been )?denied; security check; pardon our interruption; unusual traffic;
    ddos protection; human verification; enable (?:javascript and cookies|js and disable); einen moment;
    robot check; verifying you are; security checkpoint; request rejected; too many requests;
    you have been blocked; ddos-guard;
    not available in your (?:region|country); unavailable due to legal reasons; access restricted;
    ^(?:error )?(?:401|403|429|451)\b;
    安全验证; ロボットではない; アクセスが(?:制限|拒否); 보안 확인; robot olmadığınız; human[ae]?s?\b.{0,20}verif;
    sicherheitsüberprüfung; kein roboter; un instant; vérification de sécurité; un momento;
    no eres un robot;
    verifica di sicurezza; een ogenblik; um momento; chwileczk; один момент; проверка браузера; しばらくお待ち; 请稍候;
    잠시만
    """
)
LOGIN = _either(
    r"""
    (?:^|\| )(?:sign|log)[ -]?in\b; \blogin\b; (?:^|\| )anmeld; einloggen; bejelentkez; autentific;
    เข้าสู่ระบบ; đăng nhập;
    (?:^|\| )masuk\b; σύνδεση; prijava\b; prihlás; prisijung; pieslēg; logi sisse; ورود; लॉग इन; connexion;
    se connecter; identifiez-vous;
    iniciar sesión; inicia sesión; accedi\b; inloggen; entrar; iniciar sessão; zaloguj; logga in; logg inn;
    log ind; kirjaudu; přihlá; войти; вход; увійти; giriş yap; ログイン; 登录; 登入; 로그인; تسجيل الدخول; התחבר
    """
)

# What the button of a consent dialog says.
ACCEPT = Stems(
    """
    accept; agree; consent; allow; akzept; zustimm; einverstanden; erlauben; accepter; autoris; aceptar;
    accett; acconsent;
    aceitar; concordo; accepteren; akkoord; toestaan; zgadzam; akceptuj; zezw; souhlas; přijm; povol;
    súhlas; godkänn;
    accepter; tillåt; godta; tillat; hyväksy; elfogad; engedély; prihva; slažem; sprejm; strinjam; прихвата;
    соглас; принять;
    прийня; погодж; приемам; αποδο; συμφων; kabul; onay; موافق; قبول; אישור; מסכים; קבל; ยอมรับ; ยินยอม;
    đồng ý; chấp nhận;
    setuju; terima; स्वीकार; सहमत; 同意; 接受; 同意する; 동의; 수락; accept toate; sutink; piekr; nõustu
    """
)

GONE = _either(
    r"(?:page|article|story|content) (?:that )?you(?:.re| are| were|.ve)? (?:looking for|trying to reach|requested)"
)
"""What an error page says in the few words that it has."""

# What a challenge says in its few words.
BOT = _either(
    r"""
    enable (?:js|javascript) and disable any ad ?blocker; not a robot; you are (?:a )?human;
    made us think you were a bot;
    (?:browser|website)[^.]{0,40} (?:is being|wird) (?:checked|verified|überprüft); 是否为机器人; ロボットではない
    """
)
