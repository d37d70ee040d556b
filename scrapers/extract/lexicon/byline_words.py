"""The words of bylines, in the languages of the world's newspapers: jobs, desks, agencies, what is no name."""

from __future__ import annotations

from ..claims import words


def _phrases(text: str) -> tuple[str, ...]:
    """The entries of a table of regular expressions, with _ for spaces, longest first."""
    return tuple(sorted((entry.replace("_", " ") for entry in words(text)), key=len, reverse=True))


BY = _phrases(
    """
    by von vom par por di da af av door od oleh bởi של autor autorin autoren autors autory autorka autoři
    autorem author authors author\\(s\\) auteur\\(s\\) auteur auteurs auteure autore autrice autores autora
    forfatter journalist journalisten journaliste redakteur redakteurin reporter writer words text texte tekst
    texto testo szerző író napisał napisała yazar yazan penulis автор авторы автори текст στου του της των από
    συντάκτης بقلم كتب الكاتب מאת על_ידי โดย द्वारा লেখক kirjutas autorius parengė teksts teksti toimittaja
    skribent foto_und_text text_und_foto writer's_picture przez γράφει_ο γράφει_η
    tác_giả ผู้เขียน نویسنده लेखक piše пише autorius autors
    """
)
"""What stands before the name in a byline."""

KINDS = _phrases(
    """
    written reported posted published story words text report analysis review interview compiled edited
    verfasst geschrieben veröffentlicht erstellt gepostet eingestellt ein_artikel eine_analyse ein_gastbeitrag
    ein_kommentar eine_reportage ein_interview gastbeitrag reportage kommentar kolumne propos_recueillis
    article opinion commentary exclusive texte tekst texto testo szöveg
    kirjoittaja skrevet skriven publicado publicada escrito scritto écrit publié posté opracowanie autorstwa
    un_article a_cura geschreven gepubliceerd pubblicato postado опубликовал опубликовано interview_und_text
    recherche protokoll submitted soumis enviado gesendet eingereicht gespeichert inviato submetido wysłane
    geplaatst ingediend inskickat indsendt
    """
)
"""Kinds of texts and of work that stand before a name, alone with a colon or before "by"."""

WEEKDAYS = _phrases(
    """
    mon tue tues wed thu thur thurs fri sat sun monday tuesday wednesday thursday friday saturday sunday mo di
    mi do fr sa so montag dienstag mittwoch donnerstag freitag samstag sonntag lundi mardi mercredi jeudi
    vendredi samedi dimanche lunes martes miércoles jueves viernes sábado domingo lunedì martedì mercoledì
    giovedì venerdì sabato domenica
    """
)
"""Names of days before a date."""

DEGREES = frozenset(words("jr sr md m.d ph.d phd esq"))
"""What belongs to a name though it is no name."""

ROLES = frozenset(
    words(
        """
        staff reporter writer editor correspondent columnist journalist producer contributor contributing director
        analyst manager professor lecturer fellow author chief senior redakteur redakteurin korrespondent
        korrespondentin redaktion reporterin journalistin autor autorin volontär volontärin leiter leiterin
        chefredakteur chefredakteurin rédacteur rédactrice journaliste correspondant correspondante redactor
        redactora periodista corresponsal giornalista inviato redattore journalist redaktør redaktör skribent
        toimittaja dziennikarz dziennikarka redaktor redaktorka novinář novinářka корреспондент обозреватель
        журналист редактор ph.?d phd md m.d esq jr sr associate freelance freelancer bureau team desk politics
        business sports science health technology culture opinion economics news service services wire wires report
        reports agencies compiled
        """
    )
)
"""Words for jobs and desks: a byline made of nothing else names nobody."""

TEAMS = frozenset(
    words(
        "team teams desk newsroom editors bureau editorial staff service network redaktion rédaction redacción "
        "redazione"
    )
)
"""Words that end the names of organisations."""

TITLES = frozenset(
    words(
        """
        md phd ms msc ma mba mph rn rd rdn bsn msn ba bs bsc cfp cfa cpa jd llm llb dvm vmd dds dmd do pharmd psyd lcsw
        lmft pt dpt otr ccc esq jr sr ii iii frcs mrcp facp faap facs dacvb lvt vts dpsych meng beng phr sphr cisa cissp
        """
    )
)
"""Degrees and the like that stand behind a name and a comma."""

NOT_NAMES = frozenset(
    words(
        """
        admin administrator anonymous artikel_von author authors autor autorin by comment comments contributor default
        e-mail editor editorial editorial_board editorial_team editors email facebook false follow guest home instagram
        journalist linkedin mehr more news newsroom none null on online online-redaktion onlineredaktion posted
        published read_more redaccion redacción redacción_online redaction redakce redakcja redaktion redaktionen
        redaktor redazione reporter root rss rédaction see_all share staff staff_reporter staff_writer super_user
        superuser test the_editorial_board true twitter undefined unknown updated user veröffentlicht view_profile web
        webmaster webredaktion website wordpress wordpressadmin youtube 編集部
        """
    )
)
"""Bylines that are no names, with _ for spaces."""

AGENCIES = frozenset(
    words(
        """
        dpa afp ap reuters epd kna apa sda ansa efe pap sid ntb tt stt ritzau anp belga lusa pti ani ians xinhua
        tass unian ukrinform mti čtk ctk hina press_association associated_press the_associated_press
        """
    )
)
"""News agencies as bylines give them, folded, with _ for spaces."""

PARTICLES = frozenset(
    words("von van de der den del della di da dos das do la le el al bin ibn ben ter ten zu zum vom y e d’ d' du des")
)
"""Words of names that are written small."""

LINKS = frozenset(words("of the at and for und für de et y in"))
"""Words that join the names of jobs."""
