"""Names of weekdays: they may stand between a day and its time."""
# ruff: noqa: E501  (wide characters count twice)

from __future__ import annotations

WEEKDAYS = """
maandag dinsdag woensdag donderdag vrydag saterdag sondag ma di wo do vr sa so ሰኞ ማክሰኞ ረቡዕ ሐሙስ ዓርብ ቅዳሜ እሑድ ማክሰ
الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد bazar_ertəsi çərşənbə_axşamı çərşənbə cümə_axşamı cümə
şənbə bazar b.e ç.a панядзелак аўторак серада чацвер пятніца субота нядзеля пн аў ср чц пт сб нд понеделник
вторник сряда четвъртък петък събота неделя вт чт সোমবার মঙ্গলবার বুধবার বৃহস্পতিবার শুক্রবার শনিবার রবিবার
সোম মঙ্গল বুধ বৃহস্পতি শুক্র শনি রবি ponedjeljak utorak srijeda četvrtak petak subota nedjelja pon uto sri čet
pet sub ned dilluns dimarts dimecres dijous divendres dissabte diumenge dl dt dc dj dv ds dg pondělí úterý
středa čtvrtek pátek sobota neděle po út st čt pá ne dydd_llun dydd_mawrth dydd_mercher dydd_iau dydd_gwener
dydd_sadwrn dydd_sul llun maw mer iau gwen sad sul mandag tirsdag onsdag torsdag fredag lørdag søndag man tirs
ons tors fre lør søn montag dienstag mittwoch donnerstag freitag samstag sonntag mo mi fr δευτέρα τρίτη
τετάρτη πέμπτη παρασκευή σάββατο κυριακή δευ τρί τετ πέμ παρ σάβ κυρ monday tuesday wednesday thursday friday
saturday sunday mon tue wed thu fri sat sun lunes martes miércoles jueves viernes sábado domingo lun mar mié
jue vie sáb dom esmaspäev teisipäev kolmapäev neljapäev reede laupäev pühapäev astelehena asteartea asteazkena
osteguna ostirala larunbata igandea al ar az og or lr ig دوشنبه سه‌شنبه چهارشنبه پنجشنبه جمعه شنبه یکشنبه
maanantaina tiistaina keskiviikkona torstaina perjantaina lauantaina sunnuntai ti ke to pe la su miyerkules
huwebes biyernes linggo miy huw biy lin mánadagur týsdagur mikudagur hósdagur fríggjadagur leygardagur
sunnudagur týs mik hós ley lundi mardi mercredi jeudi vendredi samedi dimanche jeu ven sam dim moandei tiisdei
woansdei tongersdei freed sneon snein si dé_luain dé_máirt dé_céadaoin déardaoin dé_haoine dé_sathairn
dé_domhnaigh luan máirt céad déar aoine sath domh luns mércores xoves venres xov સોમવાર મંગળવાર બુધવાર ગુરુવાર
શુક્રવાર શનિવાર રવિવાર સોમ મંગળ બુધ ગુરુ શુક્ર શનિ રવિ יום_שני יום_שלישי יום_רביעי יום_חמישי יום_שישי יום_שבת
יום_ראשון יום_ב׳ יום_ג׳ יום_ד׳ יום_ה׳ יום_ו׳ שבת יום_א׳ सोमवार मंगलवार बुधवार गुरुवार शुक्रवार शनिवार रविवार
सोम मंगल बुध गुरु शुक्र शनि रवि hétfő kedd szerda csütörtök péntek szombat vasárnap sze cs szo երկուշաբթի
երեքշաբթի չորեքշաբթի հինգշաբթի ուրբաթ շաբաթ կիրակի երկ երք չրք հնգ ուր շբթ կիր senin selasa rabu kamis jumat
sabtu minggu sen sel rab kam jum min mánudagur þriðjudagur miðvikudagur fimmtudagur föstudagur laugardagur þri
mið fim fös lau lunedì martedì mercoledì giovedì venerdì sabato domenica gio 月曜日 火曜日 水曜日 木曜日 金曜日 土曜日 日曜日
ორშაბათი სამშაბათი ოთხშაბათი ხუთშაბათი პარასკევი შაბათი კვირა ორშ სამ ოთხ ხუთ პარ შაბ კვი дүйсенбі сейсенбі
сәрсенбі бейсенбі жұма сенбі жексенбі дс сс бс жм жс ច័ន្ទ អង្គារ ពុធ ព្រហស្បតិ៍ សុក្រ សៅរ៍ អាទិត្យ ចន្ទ ព្រហ
ಸೋಮವಾರ ಮಂಗಳವಾರ ಬುಧವಾರ ಗುರುವಾರ ಶುಕ್ರವಾರ ಶನಿವಾರ ಭಾನುವಾರ ಸೋಮ ಮಂಗಳ ಬುಧ ಗುರು ಶುಕ್ರ ಶನಿ ಭಾನು 월요일 화요일 수요일 목요일 금요일 토요일
일요일 дүйшөмбү шейшемби шаршемби бейшемби жума ишемби жекшемби дүй шейш шарш бейш ишм жек méindeg dënschdeg
mëttwoch donneschdeg freideg samschdeg sonndeg méi dën mët don son ວັນຈັນ ວັນອັງຄານ ວັນພຸດ ວັນພະຫັດ ວັນສຸກ
ວັນເສົາ ວັນອາທິດ ຈັນ ອັງຄານ ພຸດ ພະຫັດ ສຸກ ເສົາ ອາທິດ pirmadienis antradienis trečiadienis ketvirtadienis
penktadienis šeštadienis sekmadienis pr an tr kt pn sk pirmdiena otrdiena trešdiena ceturtdiena piektdiena
sestdiena svētdiena pirmd otrd trešd ceturtd piektd sestd svētd среда четврток петок сабота недела пон вто сре
чет пет саб нед തിങ്കളാഴ്‌ച ചൊവ്വാഴ്ച ബുധനാഴ്‌ച വ്യാഴാഴ്‌ച വെള്ളിയാഴ്‌ച ശനിയാഴ്‌ച ഞായറാഴ്‌ച തിങ്കൾ ചൊവ്വ ബുധൻ
വ്യാഴം വെള്ളി ശനി ഞായർ даваа мягмар лхагва пүрэв баасан бямба ням да мя лх пү ба бя ня मंगळवार मंगळ isnin
khamis jumaat ahad isn kha ahd it-tnejn it-tlieta l-erbgħa il-ħamis il-ġimgħa is-sibt il-ħadd tne tli erb ħam
ġim sib ħad တနင်္လာ အင်္ဂါ ဗုဒ္ဓဟူး ကြာသပတေး သောကြာ စနေ တနင်္ဂနွေ सोमबार मङ्गलबार बुधबार बिहिबार शुक्रबार
शनिबार आइतबार मङ्गल बिहि आइत vrijdag zaterdag zondag za zo tir tor ਸੋਮਵਾਰ ਮੰਗਲਵਾਰ ਬੁੱਧਵਾਰ ਵੀਰਵਾਰ ਸ਼ੁੱਕਰਵਾਰ
ਸ਼ਨਿੱਚਰਵਾਰ ਐਤਵਾਰ ਸੋਮ ਮੰਗਲ ਬੁੱਧ ਵੀਰ ਸ਼ੁੱਕਰ ਸ਼ਨਿੱਚਰ ਐਤ poniedziałek wtorek środa czwartek piątek niedziela wt śr
czw pt sob niedz دونۍ درېنۍ څلرنۍ پينځنۍ اونۍ يونۍ segunda-feira terça-feira quarta-feira quinta-feira
sexta-feira seg ter qua qui sex luni marți miercuri joi vineri sâmbătă duminică vin dum понедельник четверг
пятница суббота воскресенье вс සඳුදා අඟහරුවාදා බදාදා බ්‍රහස්පතින්දා සිකුරාදා සෙනසුරාදා ඉරිදා අඟහ බ්‍රහස් සිකු
සෙන pondelok utorok štvrtok piatok nedeľa pi ponedeljek torek sreda četrtek petek nedelja sre isniin talaado
arbaco khamiis jimco sabti axad tldo arbc khms jmc sbti axd e_hënë e_martë e_mërkurë e_enjte e_premte e_shtunë
e_diel hën enj pre sht die понедељак уторак четвртак петак недеља уто суб ponedeljak tisdag lördag tis lör
jumatatu jumanne jumatano alhamisi ijumaa jumamosi jumapili திங்கள் செவ்வாய் புதன் வியாழன் வெள்ளி சனி ஞாயிறு
திங் செவ் புத வியா வெள் ஞாயி సోమవారం మంగళవారం బుధవారం గురువారం శుక్రవారం శనివారం ఆదివారం సోమ మంగళ బుధ గురు
శుక్ర శని ఆది душанбе сешанбе чоршанбе панҷшанбе ҷумъа шанбе якшанбе дшб сшб чшб пшб ҷмъ шнб яшб วันจันทร์
วันอังคาร วันพุธ วันพฤหัสบดี วันศุกร์ วันเสาร์ วันอาทิตย์ พฤ อา duşenbe sişenbe çarşenbe penşenbe anna şenbe
ýekşenbe duş siş çar pen ann ýek pazartesi salı çarşamba perşembe cuma cumartesi pazar pzt sal per cum cmt paz
понеділок вівторок середа четвер пʼятниця неділя پیر منگل بدھ جمعرات جمعہ ہفتہ اتوار dushanba seshanba
chorshanba payshanba juma shanba yakshanba dush sesh chor pay shan yak thứ_hai thứ_ba thứ_tư thứ_năm thứ_sáu
thứ_bảy chủ_nhật th_2 th_3 th_4 th_5 th_6 th_7 cn 星期一 星期二 星期三 星期四 星期五 星期六 星期日 周一 周二 周三 周四 周五 周六 周日
"""
"""Whole and short names of some eighty languages, with _ for blanks."""
