"""Dates as newspapers of some seventy languages write them, each with what it means at noon of 30 November 2026."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from scrapers.page import dates

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
# Moment → lines of "language text". A moment without a time means that the text tells a day alone.
FORMS = {
    "2026-05-04T14:05": """
        de Montag, 4. Mai 2026, 14.05 Uhr
        de Stand: 04.05.2026 14:05 Uhr
        de 04.05.26, 14:05
        fr le 4 mai 2026 à 14h05
        fr Publié le lundi 4 mai 2026 à 14 h 05
        fr 04/05/2026 14:05
        fr Mis à jour le 04/05/26 à 14:05
        fr-CA 4 mai 2026, 14 h 05 HAE
        es 4 de mayo de 2026 a las 14:05 h
        es 04 MAY 2026 - 14:05 CEST
        es 04/05/2026 a las 02:05 p. m.
        es-MX 4 de mayo de 2026, 2:05 p.m.
        pt 4 de maio de 2026 às 14h05
        pt 04/05/2026 às 14:05
        pt-BR 04/05/2026 14h05
        pt 4 Mai. 2026 14h05
        pt Atualizado em 4.mai.2026 às 14h05
        it 4 maggio 2026 alle 14:05
        it 4 maggio 2026 ore 14:05
        it 04/05/2026 14.05
        nl 4 mei 2026 om 14:05
        nl ma 4 mei 2026, 14:05
        nl 4 mei 2026, 14:05 uur
        da 4. maj 2026 kl. 14.05
        da d. 4. maj 2026 kl. 14:05
        nb 4. mai 2026 kl. 14:05
        nb Publisert 04.05.2026, kl. 14:05
        nb 4. mai 2026 14:05
        sv 4 maj 2026 kl 14.05
        sv Publicerad 4 maj 2026 14.05
        sv 2026-05-04 kl. 14.05
        fi 4.5.2026 klo 14.05
        fi 4.5.2026 14:05
        et 4. mai 2026, 14:05
        et 04.05.2026 kell 14:05
        lv 04.05.2026. 14:05
        lv 2026. gada 4. maijā plkst. 14:05
        lt 2026 m. gegužės 4 d. 14:05
        lt 2026-05-04 14:05
        pl 4 maja 2026, 14:05
        pl 4 maja 2026 r., godz. 14:05
        pl 04.05.2026 godz. 14.05
        cs 4. května 2026 v 14:05
        cs 4. 5. 2026 14:05
        sk 4. mája 2026 o 14:05
        sk 4. 5. 2026 14:05
        sl 4. maja 2026 ob 14:05
        sl 4. maj 2026 14:05
        sl 4.5.2026, 14:05
        hr 4. svibnja 2026. u 14:05
        hr 04.05.2026. u 14:05
        sr 4. maj 2026. 14:05
        sr 4. мај 2026. у 14:05
        sr 04. 05. 2026. 14:05h
        mk 04.05.2026 / 14:05
        bg 4 май 2026 г., 14:05 ч.
        bg 04.05.2026 в 14:05
        ru 4 мая 2026 в 14:05
        ru 4 мая 2026 г. 14:05
        ru 14:05, 04.05.2026
        ru 14:05 4 мая 2026
        ru 4 мая, 14:05
        uk 4 травня 2026, 14:05
        uk 04.05.2026 о 14:05
        uk 4 травня, понеділок, 14:05
        ro 4 mai 2026, 14:05
        ro 4 mai 2026 la ora 14:05
        ro 04.05.2026, ora 14:05
        hu 2026. május 4. 14:05
        hu 2026. május 4., hétfő 14:05
        hu 2026.05.04. 14:05
        hu 2026. 05. 04. - 14:05
        el 4 Μαΐου 2026, 14:05
        el 04/05/2026 14:05
        el 04.05.2026 | 14:05
        el 04 Μαΐ 2026 2:05 μμ
        tr 4 Mayıs 2026 14:05
        tr 04 Mayıs 2026 Pazartesi 14:05
        tr 04.05.2026 - 14:05
        tr 04.05.2026, Saat: 14:05
        tr 4 Mayıs 2026, saat 14:05
        az 4 may 2026, 14:05
        sq 4 maj 2026, 14:05
        sq 04/05/2026 në 14:05
        ar ٤ مايو ٢٠٢٦ - ٢:٠٥ م
        ar الاثنين 4 مايو 2026 14:05
        ar 04/05/2026 الساعة 14:05
        ar الإثنين ٠٤ مايو ٢٠٢٦ - ٠٢:٠٥ مساءً
        fa ۱۴ اردیبهشت ۱۴۰۵ ساعت ۱۴:۰۵
        fa دوشنبه ۱۴ اردیبهشت ۱۴۰۵ - ۱۴:۰۵
        fa ۱۴۰۵/۰۲/۱۴ ۱۴:۰۵
        he 4 במאי 2026, 14:05
        he 04.05.2026 בשעה 14:05
        he 04/05/26 14:05
        he 14:05 | 04.05.2026
        hi 4 मई 2026, 14:05
        hi 04 May 2026, 02:05 PM (IST)
        bn ৪ মে ২০২৬, ১৪:০৫
        bn ০৪ মে ২০২৬, ০২:০৫ পিএম
        bn প্রকাশ: ০৪ মে ২০২৬, দুপুর ২:০৫
        ta 04 மே 2026, 14:05
        mr 4 मे 2026, 14:05
        th 4 พ.ค. 2569 14:05 น.
        th 4 พ.ค. 69 14.05 น.
        th วันจันทร์ที่ 4 พฤษภาคม พ.ศ. 2569 เวลา 14.05 น.
        th 04/05/2569 14:05
        vi 04/05/2026 14:05
        vi Thứ hai, 4/5/2026, 14:05 (GMT+7)
        vi 14:05 | 04/05/2026
        vi 14:05 ngày 04/05/2026
        vi Thứ Hai, ngày 04/05/2026 - 14:05
        vi 14h05 ngày 4/5/2026
        id Senin, 4 Mei 2026 14:05 WIB
        id 4 Mei 2026, 14.05 WIB
        id Senin, 04 Mei 2026 | 14:05 WIB
        ms Isnin, 4 Mei 2026 2:05 PM MYT
        ja 2026年5月4日 14時05分
        ja 2026年5月4日(月) 14:05
        ja 2026年5月4日 午後2時5分
        ja 2026/5/4 14:05
        ja 5月4日 14時05分
        ja 5/4(月) 14:05
        ja 2026年05月04日 14時05分
        zh 2026年5月4日 14:05
        zh 2026年5月4日 下午2:05
        zh 2026-05-04 14:05:33
        zh 2026年05月04日14:05
        zh 05月04日 14:05
        zh 2026年5月4日 14時5分
        zh-TW 2026/05/04 下午 02:05
        zh-HK 2026年5月4日 星期一 下午2時05分
        ko 2026.05.04 14:05
        ko 2026년 5월 4일 오후 2시 5분
        ko 입력 2026.05.04. 오후 2:05
        ko 2026년 05월 04일(월) 14:05
        ko 승인 2026.05.04 14:05
        ko 2026-05-04 (월) 14:05
        ka 4 მაისი 2026, 14:05
        hy 4 մայիսի 2026, 14:05
        hy 14:05, 4 մայիսի, 2026
        kk 4 мамыр 2026, 14:05
        uz 4 may 2026, 14:05
        ca 4 de maig de 2026 a les 14:05
        ca 4/5/2026 14.05 h
        eu 2026ko maiatzaren 4a, 14:05
        is 4. maí 2026 kl. 14:05
        en May 4, 2026 at 2:05 p.m. EDT
        en Mon 4 May 2026 14.05 BST
        en Monday, May 4th, 2026 | 2:05 PM
        en 2:05 PM EDT, Mon May 4, 2026
        en Posted 14:05, 4 May 2026
        en Published: 14:05 BST, 4 May 2026
        en May 4, 2026 2:05pm ET
        en-US 05/04/2026 2:05 p.m.
        en-GB 04/05/2026 14:05
        en Monday 4 May 2026 14:05, UK
        de 4.5.26 14:05
        de 14:05 Uhr, 04.05.2026
        ru 4.05.2026, 14:05 (МСК)
        ru 4 мая 2026, 14:05 МСК
        ru 04.05.26 14:05
        uk 4 тра 2026 14:05
        uk 14:05, 4 травня 2026 р.
        pl 4.05.2026r. 14:05
        pl pon., 4 maja 2026, 14:05
        pl Opublikowano: 4.05.2026, 14:05
        cs 4. 5. 2026, 14.05
        cs pondělí 4. 5. 2026 14:05
        sk 04.05.2026 o 14:05 hod.
        hu 2026-05-04 14:05
        hu május 4. 14:05
        ro 04 Mai 2026 14:05
        ro Publicat: 04.05.2026, 14:05
        sr 04.05.2026. | 14:05
        hr ponedjeljak, 4.5.2026. u 14:05
        hr 4.5.2026. 14:05
        bs 04.05.2026. u 14:05 h
        sl ponedeljek, 4. maj 2026 ob 14.05
        el 04/05/2026, 14:05
        el Δευ 04 Μαΐ 2026 14:05
        tr Giriş Tarihi: 04.05.2026 14:05 Son Güncelleme: 05.05.2026 09:00
        ar نشر في: 4 مايو 2026 - 14:05
        ar 04-05-2026 | 14:05
        ar 4 ماي 2026 على الساعة 14:05
        ar 2026-05-04T14:05:00+03:00
        fa ۱۴:۰۵ - ۱۴ ارديبهشت ۱۴۰۵
        he 04/05/2026 | 14:05
        ur پیر 4 مئی 2026 14:05
        hi Updated Mon, 04 May 2026 02:05 PM IST
        hi प्रकाशित: 04 मई 2026 02:05 PM
        bn আপডেট: ০৪ মে ২০২৬, ১৪:০৫
        ta 04 மே 2026 2:05 PM
        te Updated : May 04 , 2026 | 2:05 PM
        ml 04 മെയ് 2026, 14:05
        th 4 พฤษภาคม 2569 เวลา 14:05 น.
        th 04 พ.ค. 2026 14:05
        th เผยแพร่: 4 พ.ค. 2569 14:05 ปรับปรุง: 5 พ.ค. 2569
        vi Thứ 2, 04/05/2026 14:05
        vi Cập nhật 14:05 ngày 4-5-2026
        id 04/05/2026, 14:05 WIB
        ms 04 May 2026 02:05pm
        ja 2026年5月4日 14:05 JST
        ja 2026年5月4日 月曜日 14:05
        ja [2026年5月4日14時5分]
        ja 配信 5/4(月) 14:05
        zh 发布时间：2026-05-04 14:05
        zh 2026-5-4 14:05
        zh-TW 2026年5月4日 週一 下午2:05
        ko 2026.5.4 (월) 14:05
        ko 등록: 2026-05-04 14:05 수정: 2026-05-05 10:00
        ko 기사입력 2026-05-04 14:05
        ko 2026. 5. 4. 오후 2:05
        ko 26.05.04 14:05
        ka 4 მაისი, 14:05
        kk 04.05.2026, 14:05
        az 04 May 2026 14:05
        uz 14:05 / 04.05.2026
        eu 2026-05-04 - 14:05
        is 04.05.2026 kl. 14:05
        es Publicado el 4/5/2026, 14:05
        es 4 may. 2026 14:05h
        es Actualizado a las 14:05h. 04/05/2026
        es 04·05·2026 | 14:05
        fr Publié le 04.05.2026 à 14h05
        fr 04.05.26 | 14h05
        fr lundi 4 mai, 14h05
        fr 4 mai 2026 - 14:05
        it 04 Maggio 2026 - 14:05
        it lun 4 mag 2026, 14:05
        it 04.05.2026 alle ore 14.05
        it Pubblicato il 4/5/2026 alle 14:05
        nl 4-5-2026 14:05
        nl 04-05-26, 14:05
        nl ma 4 mei 2026 om 14u05
        nl-BE 4 mei 2026 14u05
        da 4/5/2026 kl. 14.05
        da 04.05.26 kl. 14:05
        da 4. maj 2026 14:05
        sv Uppdaterad 2026-05-04, 14:05
        nb 04. mai 2026, kl. 14.05
        fi Julkaistu 4.5.2026 klo 14.05
        fi 4.5. klo 14:05
        et 4. mai 2026 kell 14.05
        pt 4/5/26, 14h05
        pt Publicado a 4 Maio 2026, 14:05
        pt Por Redação 04/05/2026 14h05
        ca 04/05/2026 - 14:05h
        en-IN May 04, 2026 14:05 IST
        en-IN Updated - May 04, 2026 02:05 pm IST
        en-AU Mon 4 May 2026 at 2:05pm
        en-AU 4 May 2026, 2.05pm
        en-GB Mon 4 May 2026 14.05 BST
        en Mon, 04 May 2026 14:05:00 GMT
        en 2026-05-04T14:05:00.000Z
        en 1777903500
        en May 4, 2026 – 2:05 PM CEST
    """,
    "2026-05-04": """
        de Mo., 04. Mai 26
        de Mo 4.5.2026
        de vom 4. Mai 2026
        fr lun. 4 mai 2026
        es lunes, 4 de mayo del 2026
        es 4 mayo, 2026
        es mayo 4, 2026
        pt segunda-feira, 4 de maio de 2026
        pt 04 mai 2026
        it lunedì 4 maggio 2026
        it 4 mag 2026
        nl maandag 4 mei 2026
        nl 04-05-2026
        da 04. maj. 2026
        da mandag den 4. maj 2026
        sv måndag 4 maj 2026
        sv 4 maj, 2026
        fi maanantai 4. toukokuuta 2026
        fi ma 4.5.2026
        lv 2026. gada 4. maijs
        lv 4. maijā 2026
        lt gegužės 4 d., 2026
        pl poniedziałek, 4 maja 2026
        pl 4 maj 2026
        cs pondělí 4. května 2026
        hr 4. svibanj 2026.
        mk 4 мај 2026
        bg 4 май 2026
        ru 4 мая 2026 года
        ru понедельник, 4 мая 2026
        uk 4 травня 2026 року
        be 4 мая 2026
        ro luni, 4 mai 2026
        hu 2026. máj. 4.
        el Δευτέρα 4 Μαΐου 2026
        ar 4 مايو 2026
        ar 4 أيار 2026
        ar 4 مايو/أيار 2026
        ar 4 ماي 2026
        ar 2026/5/4
        fa ۴ مه ۲۰۲۶
        he יום שני, 4 במאי 2026
        he י"ז באייר תשפ"ו
        hi ४ मई २०२६
        hi सोमवार, 4 मई 2026
        bn সোমবার, ৪ মে, ২০২৬
        ta 4 மே 2026
        te 4 మే 2026
        ur 4 مئی 2026
        ur 04 مئی ، 2026
        ne २०२६ मे ४
        th 4 พฤษภาคม 2569
        vi Ngày 4 tháng 5 năm 2026
        vi 4 tháng 5, 2026
        ms 4 Mei 2026
        tl Mayo 4, 2026
        sw 4 Mei 2026
        sw Jumatatu, Mei 4, 2026
        ja 令和8年5月4日
        ja R8.5.4
        zh 二〇二六年五月四日
        zh-TW 民國115年5月4日
        zh-TW 115/05/04
        ka 4 მაისი, 2026
        kk 2026 жылғы 4 мамыр
        mn 2026 оны 5-р сарын 4
        ca Dilluns, 4 de maig del 2026
        gl 4 de maio de 2026
        eu 2026/05/04
        is Mánudagur, 4. maí 2026
        ga 4 Bealtaine 2026
        cy 4 Mai 2026
        mt 4 ta' Mejju 2026
        mt 4 ta’ Mejju, 2026
        en 4th May 2026
        en 2026, May 4
        en 4-May-2026
        en the 4th of May 2026
        en May 4 2026
        en May 4, '26
        en noon, May 4, 2026
        en May 4, 2026, midnight
        de 4.Mai.2026
        ru 4 мая, понедельник
        uk 04 трав. 2026
        cs 4.května 2026
        hu 2026. május 4., hétfő
        sr понедељак, 4. мај 2026.
        sr 04.05.26
        el 4 Μαίου 2026
        el 4-5-2026
        el Δημοσίευση: 04 Μαΐου 2026
        tr 4 Mayıs 2026, Pazartesi
        tr Mayıs 4, 2026
        ar الإثنين، ٤ مايو/ أيار ٢٠٢٦
        ar 17 ذو القعدة 1447 هـ
        fa تاریخ انتشار: ۱۴ ارديبهشت ۱۴۰۵
        fa 14 اردیبهشت 1405
        fa 1405/02/14
        fa ۱۴۰۵-۰۲-۱۴
        fa دوشنبه, ۱۴ اردیبهشت ۱۴۰۵
        he 4.5.2026
        he פורסם ב-4 במאי 2026
        ur 4 مئی 2026ء
        hi 4 मई, 2026
        bn ৪ঠা মে ২০২৬
        ta மே 4, 2026
        te మే 04, 2026
        ml മേയ് 4, 2026
        kn 04 ಮೇ 2026
        gu 04 મે 2026
        pa 04 ਮਈ 2026
        si 2026 මැයි 04
        my ၂၀၂၆ ခုနှစ် မေလ ၄ ရက်
        km ថ្ងៃទី៤ ខែឧសភា ឆ្នាំ២០២៦
        vi 4-5-2026
        vi Thứ Hai, 4 tháng 5, 2026
        vi 04 thg 5, 2026
        id Sen, 4 Mei 2026
        ja 公開日：2026年5月4日
        ja 2026.5.4
        ja 26/05/04
        ja 2026年5月4日 正午
        zh 2026年5月4日 星期一
        zh 2026.05.04
        zh 5月4日
        hy 4 մայիսի, 2026
        mn 2026-05-04
        eu 2026ko mai. 4a
        gl 04 maio 2026
        fo 4. mai 2026
        lb 4. Mee 2026
        af 4 Mei 2026
        zu 4 Meyi 2026
        so 4 Maajo 2026
        ha 4 ga Mayu 2026
        yo 4 May 2026
        am ሜይ 4, 2026
        es 04·05·26
        sv 2026-05-04
        nb 4. mai
        nn 4. mai 2026
        lv 4. maijs, 2026
        lt 2026 gegužės 4
        en May. 4, 2026
        en 20260504
    """,
    "2026-11-30T10:00": """
        fr il y a 2 heures
        es hace 2 horas
        it 2 ore fa
        nl 2 uur geleden
        da for 2 timer siden
        nb for 2 timer siden
        sv för 2 timmar sedan
        fi 2 tuntia sitten
        lt prieš 2 val.
        pl 2 godziny temu
        cs před 2 hodinami
        sk pred 2 hodinami
        hr prije 2 sata
        sr pre 2 sata
        bg преди 2 часа
        ru 2 часа назад
        uk 2 години тому
        ro acum 2 ore
        hu 2 órája
        el πριν από 2 ώρες
        tr 2 saat önce
        ar منذ ساعتين
        fa ۲ ساعت پیش
        he לפני שעתיים
        hi 2 घंटे पहले
        bn ২ ঘণ্টা আগে
        th 2 ชั่วโมงที่แล้ว
        vi 2 giờ trước
        id 2 jam yang lalu
        ja 2時間前
        zh 2小时前
        ko 2시간 전
        en last updated 2 hours ago
        en-GB Published 2 hours ago
    """,
    "2026-11-29T14:05": """
        de gestern, 14:05 Uhr
        fr hier à 14h05
        es ayer a las 14:05
        pt ontem às 14:05
        it ieri alle 14:05
        nl gisteren om 14:05
        da i går kl. 14.05
        sv i går 14:05
        fi eilen klo 14.05
        pl wczoraj, 14:05
        cs včera v 14:05
        sk včera o 14:05
        bg вчера в 14:05
        ru вчера, 14:05
        uk вчора о 14:05
        ro ieri, 14:05
        hu tegnap 14:05
        el χθες στις 14:05
        tr dün 14:05
        ar أمس 14:05
        fa دیروز ۱۴:۰۵
        he אתמול, 14:05
        vi hôm qua 14:05
        id kemarin 14:05
        ja 昨日 14:05
        zh 昨天 14:05
        ko 어제 14:05
        en yesterday at 2:05 PM
    """,
    "2026-09-04": """
        es 4 de septiembre de 2026
        es 4 de setiembre de 2026
        en Sept. 4, 2026
        en 4 Sept 2026
    """,
    "2026-11-28": """
        de vorgestern
        ru позавчера
        zh 前天
        en 2 days ago
    """,
    "2026-11-30T08:15": """
        de heute um 08:15
        pl dzisiaj 08:15
        cs dnes 8:15
        ru сегодня в 8:15
    """,
    "2026-05-01": """
        fr 1er mai 2026
        pt 1º de maio de 2026
        it 1° maggio 2026
    """,
    "2026-01-04": """
        de Jänner 4, 2026
        de-AT 4. Jänner 2026
    """,
    "2026-02-04": """
        de-AT 4. Feber 2026
        fr 4 févr. 2026
    """,
    "2026-05-03": """
        en Published 3 May 2026, updated 4 May 2026
        de Erschienen am 3. Mai 2026 | Aktualisiert am 4. Mai 2026
    """,
    "2026-08-04T14:05": """
        id 4 Agustus 2026 pukul 14.05
        ms 4 Ogos 2026 2.05 petang
    """,
    "2026-11-27": """
        pt há 3 dias
        ar قبل 3 أيام
    """,
    "2026-11-30T09:00": """
        de vor 3 Std.
        he עודכן לפני 3 שעות
    """,
    "2026-11-30T10:50": """
        en 1h 10m ago
        zh 1小时10分前
    """,
    "2026-11-30T11:00": """
        de vor einer Stunde
        en an hour ago
    """,
    "1956-05-04": """
        en Born May 4, 1956
    """,
    "2019-04-30": """
        ja 平成31年4月30日
    """,
    "2025-12-04": """
        ar 4 كانون الأول 2025
    """,
    "2025-12-24": """
        de 24.12.
    """,
    "2026-03-04": """
        nl 4 mrt 2026
    """,
    "2026-04-01": """
        ca 1 d'abril de 2026
    """,
    "2026-04-19": """
        he ב' באייר ה'תשפ"ו
    """,
    "2026-05-04T14:00": """
        de 4. Mai 2026 um 14 Uhr
    """,
    "2026-05-04T16:05": """
        en 4:05 p.m. ET May 4, 2026
    """,
    "2026-05-04T20:05": """
        zh 2026年5月4日晚上8时5分
    """,
    "2026-08-02": """
        fr 02 août 2026
    """,
    "2026-10-04": """
        pl 4 października 2026
    """,
    "2026-11-04": """
        ar 4 تشرين الثاني / نوفمبر 2026
    """,
    "2026-11-29": """
        en Nov 29
    """,
    "2026-11-30T08:00": """
        en 4 hrs ago
    """,
    "2026-11-30T11:30": """
        ko 30분 전
    """,
    "2026-11-30T11:59": """
        ja 1分前
    """,
}
NO_DATES = """
    hi कल 14:05
    de Mai 2026
    de Sommer 2026
    de KW 18/2026
    en 24/7
    en Q1/2026
    en 2026/27
    en 2026-27
    en 1.2.3
    en v2.4.10
    en 3-2
    en 5/5 stars
    en Formula 1 2026
    en Covid-19
    en iPhone 15
    en 20 minutes
    en 5 min read
    en 3 min
    de 5 Min. Lesezeit
    de Lesedauer 3 Minuten
    fr Temps de lecture 3 min
    en 2 hours
    ne २०८३ वैशाख २१
    zh 半小时前
"""


def _lines(text: str) -> list[tuple[str, str]]:
    parts = (line.strip().partition(" ") for line in text.strip().splitlines())
    return [(language, rest) for language, _, rest in parts]


@pytest.mark.parametrize(
    ("language", "text", "wanted"), [(*line, wanted) for wanted, text in FORMS.items() for line in _lines(text)]
)
def test_forms_of_papers(language: str, text: str, wanted: str) -> None:
    moment = dates.read(text, language=language, now=NOW)
    assert moment is not None
    assert moment.when.strftime("%Y-%m-%dT%H:%M" if moment.exact else "%Y-%m-%d") == wanted


@pytest.mark.parametrize(("language", "text"), _lines(NO_DATES))
def test_texts_that_tell_no_day(language: str, text: str) -> None:
    assert dates.read(text, language=language, now=NOW) is None


@pytest.mark.parametrize("language", ["en", "de", "id", "es", "tr", "ro", None])
@pytest.mark.parametrize("weekday", ["Sat", "Sen", "Lun", "Paz", "sâm.", "Tir"])
def test_a_weekday_is_no_month_of_another_language(weekday: str, language: str | None) -> None:
    moment = dates.read(f"{weekday}, 7 Jun 2025", language=language)
    assert moment is None or (moment.when.month, moment.when.day) == (6, 7)


def test_a_word_for_a_weekday_and_a_month_is_the_weekday_beside_a_month() -> None:
    for text in ("sht, 27 mar 2027", "sht, mar 27, 2027"):  # Albanian: Saturday or September
        moment = dates.read(text, language="sq")
        assert moment is not None
        assert moment.iso() == "2027-03-27"
