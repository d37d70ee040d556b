"""Hosts of services and addresses of paid pieces, in many languages: words as words, never parts of them."""

from __future__ import annotations

import pytest

from scrapers.urls.services import names_paid, service_host

HOSTS = (  # noqa: SIM905  (a list of words reads best as words)
    "jobs stellen stellenangebote empleo trabajo emploi lavoro vacatures vagas praca jobb kariyer job-market shop "
    "webshop tienda boutique negozio winkel sklep abo abonnement suscripciones assinaturas abbonamenti prenumerata "
    "vorteile gutscheine coupons bons-plans codes-promo cupones descuentos sconti kortingscodes kody-rabatowe "
    "spiele jeux juegos jogos giochi sudoku raetsel trauer todesanzeigen obituaries necrologie esquelas "
    "avis-de-deces immobilien immo realestate inmuebles imoveis kfz anzeigen kleinanzeigen classifieds "
    "petites-annonces ogloszenia tickets billetterie entradas epaper e-paper newsletter"
).split()


@pytest.mark.parametrize("label", HOSTS)
def test_labels_before_the_name_of_a_site(label: str) -> None:
    assert service_host(f"{label}.echo.example") == "yes"
    assert service_host(f"{label}.echo.co.uk") == "yes"
    assert service_host(f"m.{label}.echo.example") == "yes"


@pytest.mark.parametrize(
    "name",
    [
        "www.echo.example",
        "echo.example",
        "jobs.example",  # a site that is called so
        "shop.co.uk",
        "jobson.echo.example",
        "workshop.echo.example",
        "about.echo.example",
        "trauerspiel.echo.example",
        "id.echo.example",  # Indonesian
        "blog.echo.example",
        "127.0.0.1",
        "localhost",
    ],
)
def test_other_hosts_are_none(name: str) -> None:
    assert service_host(name) == "no"


@pytest.mark.parametrize("label", ["games", "auto", "coches", "reise"])
def test_labels_that_may_be_sections(label: str) -> None:
    assert service_host(f"{label}.echo.example") == "perhaps"


FOLDERS = (  # noqa: SIM905  (a list of words reads best as words)
    "sponsored sponsored-content advertorials anzeige anzeigen werbung sonderveroeffentlichung paid-post brandvoice "
    "branded-content publireportage publirreportajes publi-redactionnel contenu-partenaire contenido-patrocinado "
    "conteudo-de-marca publicidade sponsorizzati advertentie annonsorinnhold annonse kaupallinen-yhteistyo reklama "
    "artykuly-sponsorowane komercni-sdeleni pr-clanky"
).split()


@pytest.mark.parametrize("folder", FOLDERS)
def test_folders_of_paid_pieces(folder: str) -> None:
    assert names_paid(f"https://echo.example/{folder}/why-everybody-wants-a-boiler-4711.html")
    assert names_paid(f"https://echo.example/news/{folder.replace('-', '_').upper()}/why-everybody-wants-a-boiler")
    assert names_paid(f"https://echo.example/news/why-everybody-wants-a-boiler/{folder}/")


@pytest.mark.parametrize(
    ("path", "paid"),
    [
        ("/news/advertorial-why-everybody-wants-a-boiler-4711.html", True),
        ("/news/why-everybody-wants-a-boiler-advertorial", True),
        ("/news/why-everybody-wants-a-boiler.html?sponsored=1", True),
        ("/news/why-everybody-wants-a-boiler.html?sponsored=0", False),
        ("/news/why-everybody-wants-a-boiler.html?sponsored=", False),
        ("/news/why-the-advertorial-is-dying-4711.html", False),
        ("/news/sponsored-how-a-brewery-bought-a-pitch-4711.html", False),
        ("/news/anzeige-gegen-den-buergermeister-4711.html", False),
        ("/news/werbung", False),  # a story's own name, or a section of it
        ("/unsponsored/why-everybody-wants-a-boiler", False),
        ("/pr/why-everybody-wants-a-boiler", False),  # Puerto Rico, Paraná
        ("/partner/why-everybody-wants-a-boiler", False),
        ("/", False),
    ],
)
def test_words_of_an_address(path: str, paid: bool) -> None:
    assert names_paid(f"https://echo.example{path}") is paid
