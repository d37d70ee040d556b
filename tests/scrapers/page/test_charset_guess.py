"""Pages that name no encoding and are not UTF-8: what their words look like tells it."""

from __future__ import annotations

import pytest

from scrapers.page.charset import decode
from scrapers.page.charset.guess import guessed

RUSSIAN = "В Заречье открыли новый мост. По словам прораба Льва Юдина, движение по нему начнётся уже в эту пятницу."
UKRAINIAN = "У Заріччі відкрили новий міст. За словами виконроба Ївги Юрченко, рух ним почнеться вже цієї п'ятниці."
GREEK = "Άνοιξε χθες η νέα γέφυρα. Όπως είπε ο επικεφαλής μηχανικός Ηλίας Ώρας, η κυκλοφορία αρχίζει την Παρασκευή."
ARABIC = "افتتحت البلدية أمس الجسر الجديد في القرية، وقال المهندس إن حركة السيارات ستبدأ يوم الجمعة المقبل."
HEBREW = "המועצה פתחה אתמול את הגשר החדש בכפר. המהנדס אמר כי תנועת המכוניות תתחיל ביום שישי הקרוב."
THAI = "เทศบาลเปิดสะพานใหม่เมื่อวานนี้ วิศวกรกล่าวว่ารถจะเริ่มวิ่งได้ในวันศุกร์"
POLISH = (
    "Wójt otworzył wczoraj nowy most w Żabnicy. Jak mówi inżynier Świętosław Łącki, ruch rozpocznie się już w piątek."
)
CZECH = "Starosta otevřel nový most. Inženýr Šťastný říká, že auta začnou jezdit už v pátek, a žádá o opatrnost."
JAPANESE = "町は昨日、新しい橋を開通させた。技師の話では、車の通行は金曜日から始まるという。"
KOREAN = "마을은 어제 새 다리를 열었다. 기술자의 말로는 자동차는 금요일부터 다닐 수 있다고 한다."
CHINESE = "镇政府昨天开通了新桥。工程师说，汽车从星期五开始可以通行，居民们等了三年。"
TAIWAN = "鎮公所昨天開通了新橋。工程師說，汽車從星期五開始可以通行，居民們等了三年。"
FRENCH = (
    "Le maire a inauguré hier le nouveau pont, très attendu. « C'est une journée mémorable », a déclaré Élodie Lefèvre."
)
SWEDISH = "Kommunen öppnade i går den nya bron. Ingenjören Åsa Öberg säger att även bilar får köra över från på fredag."


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (UKRAINIAN, "cp1251"),
        (UKRAINIAN, "koi8-u"),
        (GREEK, "iso8859-7"),
        (ARABIC, "cp1256"),
        (HEBREW, "cp1255"),
        (THAI, "cp874"),
        (POLISH, "iso8859-2"),
        (POLISH, "cp1250"),
        (CZECH, "iso8859-2"),
        (JAPANESE, "euc-jp"),
        (JAPANESE, "cp932"),
        (KOREAN, "euc-kr"),
        (CHINESE, "gbk"),
        (TAIWAN, "big5"),
        (FRENCH, "cp1252"),
        (SWEDISH, "cp1252"),
    ],
)
@pytest.mark.parametrize("root", ["<html>", "<html lang=en>"])
def test_a_page_without_a_declaration_is_read_as_it_is_written(text: str, codec: str, root: str) -> None:
    page = f"{root}<head><title>{text[:20]}</title></head><body class=a><p>{text}</p></body></html>"
    assert decode(page.encode(codec)) == page


def test_few_bytes_tell_nothing() -> None:
    assert guessed(b"<p>caf\xe9</p>") is None
    assert guessed(b"") is None
    assert guessed(bytes(range(0x80, 0x100)) * 50) is None  # no text at all


def test_scripts_and_attributes_are_no_words() -> None:
    page = f"<script>var a='{RUSSIAN}'</script><p title='{RUSSIAN}'>caf\u00e9</p>"
    assert guessed(page.encode("cp1251", "replace")) is None
