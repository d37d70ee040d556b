"""Halves of the day, words beside times of day, and zones."""
# ruff: noqa: E501  (wide characters count twice)

from __future__ import annotations

from typing import Literal

Part = Literal["am", "pm", "noon", "evening", "night"]

HALVES: dict[Part, str] = {
    "am": (
        "am a.m a.m. ص ص. صباحا قبل_الظهر ق.ظ ق.ظ. قبل_از_ظهر قبلازظهر صبح بامداد قبل_دوپہر πμ π.μ π.μ. το_πρωι ก่อนเที่ยง ตอนเช้า पूर्वाह्न "
        "सुबह सवेरे सकाळी 오전 새벽 아침 午前 上午 早上 清晨 凌晨 早晨 朝 לפנה\"צ לפנה''צ בבוקר пр.об. преди_обяд délelőtt dopoledne ráno "
        "förmiddag på_förmiddagen aamupäivällä paradite e_paradites утра ранку таңкы পূর্বাহ্ন পূর্বাহ্ণ সকাল ভোর காலை முற்பகல் ఉదయం രാവിലെ "
        "ಪೂರ್ವಾಹ್ನ ಬೆಳಿಗ್ಗೆ સવારે ਸਵੇਰੇ ਪੂ.ਦੁ. පෙ.ව. ព្រឹក ກ່ອນທ່ຽງ နံနက် ጥዋት asubuhi ng_umaga morgens vormittags du_matin di_mattina "
        "de_la_mañana da_manhã ujutro ujutru ујутру dimineața առավոտյան غ.م. priešpiet zjutraj dopoldne претпл. ү.ө. di_pagi_hari এএম एएम ఏఎం"
    ),
    "pm": (
        "pm p.m p.m. م م. مساء عصرا بعد_الظهر ب.ظ ب.ظ. بعد_از_ظهر بعدازظهر عصر بعد_دوپہر سہ_پہر μμ μ.μ μ.μ. το_απογευμα หลังเที่ยง บ่าย "
        "अपराह्न शाम सायं सायंकाळी 오후 저녁 午後 下午 傍晚 夕方 אחה\"צ אחה''צ אחר_הצהריים сл.об. след_обяд délután odpoledne eftermiddag "
        "på_eftermiddagen iltapäivällä pasdite e_pasdites অপরাহ্ন অপরাহ্ণ বিকাল বিকেল সন্ধ্যা மாலை பிற்பகல் సాయంత్రం വൈകുന്നേരം ಸಂಜೆ ಅಪರಾಹ್ನ "
        "સાંજે ਸ਼ਾਮ ਬਾ.ਦੁ. ප.ව. ល្ងាច រសៀល ຫຼັງທ່ຽງ ညနေ ከሰዓት jioni ng_hapon nachmittags de_l'après-midi del_pomeriggio de_la_tarde "
        "da_tarde popodne după-amiaza غ.و. popiet popoldne попл. ү.х. পিএম पीएम పీఎం"
    ),
    "noon": "ظهرا ظهر دوپہر दोपहर दुपारी 中午 正午 낮 정오 দুপুর மதியம் మధ్యాహ్నం ಮಧ್ಯಾಹ್ನ બપોરે ਦੁਪਹਿਰ mchana בצהריים",
    "evening": "晚上 晚间 晚間 夜晚 вечера вечора abends du_soir di_sera de_la_noche da_noite večer navečer увече seara בערב ng_gabi 밤 夜 дня",
    "night": "ليلا شب रात रात्री রাত இரவு రాత్రి രാത്രി ರಾತ್ರಿ રાત્રે ਰਾਤ ночи ночі nachts di_notte בלילה usiku 深夜",
}
"""Words that say which part of the day a time means, with _ for blanks."""

OWN_HALVES: dict[str, tuple[str, str]] = {
    "af": ("vm v", "nm n"), "cs": ("dop", "odp"), "sl": ("dop", "pop"), "cy": ("yb", "yh"), "fi": ("ap", "ip"), "ga": ("r.n.", "i.n."),
    "hu": ("de reggel", "du este"), "hy": ("ա", "հ"), "id": ("pagi", "sore petang"), "is": ("f.h. f.h", "e.h. e.h"), "ky": ("тң", "тк"),
    "lt": ("pr.p. pr.p", "pop"), "lv": ("priekšp", "pēcp"), "ms": ("pg pagi", "ptg petang"), "pa": ("ਸ", "ਸ਼"), "so": ("gh", "gd"),
    "sq": ("p.d. pd", "m.d. md"), "sv": ("fm", "em"), "te": ("ఉ", "సా"), "tr": ("öö sabah", "ös"), "uk": ("дп", "пп"),
    "uz": ("to", "tk"), "vi": ("sa sáng", "ch chiều"),
}  # fmt: skip
"""Words for both halves of the day that mean something else in other languages."""

CLOCK_WORDS = (
    "at um ab gegen à a h uhr klo kl klukkan klokken kello kell ob u ore la le alle heure heures hrs hr hours час часов в у о об "
    "godz godzina o hod hodin v as às às_ de del ora orë saat saati os στις ώρα ωρα الساعة الساعه ساعة ساعت ساعه בשעה שעה เวลา น เวลา "
    "pukul jam vào lúc lúc gio giờ बजे वाजता समय নাগাদ টা টায় 시 분 時 分 点 點 и and og och und y e noon the on am den dem der om plkst kella "
    "ngày ngay saat"
)
"""Words that may stand between a day and its time."""

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
