"""The demo city: its units, the people answerable for contracts, the users of the demo, and the suppliers."""

from app.rules.codes import Role
from app.sources.demo.shapes import Company, DemoUser, Office, Person

OFFICES = {
    "kaupunki": Office("Helsingin kaupunki", liaison="Lauri Luotonen"),
    "kanslia": Office("Kaupunginkanslia", "kaupunki"),
    "hankinnat": Office("Keskitetyt hankinnat", "kanslia"),
    "ymparisto": Office("Kaupunkiympäristön toimiala", "kaupunki", liaison="Henrik Wallin"),
    "rakennukset": Office("Rakennukset", "ymparisto", lead_days=120),
    "yleiset": Office("Yleiset alueet", "ymparisto"),
    "kasvatus": Office("Kasvatuksen ja koulutuksen toimiala", "kaupunki"),
    "varhaiskasvatus": Office("Varhaiskasvatus", "kasvatus"),
    "hallinto": Office("Koulutuksen hallinto- ja tukipalvelut", "kasvatus"),
    "kulttuuri": Office("Kulttuurin ja vapaa-ajan toimiala", "kaupunki"),
    "liikunta": Office("Liikuntapalvelut", "kulttuuri"),
    "kirjastot": Office("Kirjastopalvelut", "kulttuuri"),
    "sote": Office("Sosiaali- ja terveystoimiala", "kaupunki", liaison="Suvi Kortelainen"),
    "hoiva": Office("Sairaala-, kuntoutus- ja hoivapalvelut", "sote"),
    "perhe": Office("Perhe- ja sosiaalipalvelut", "sote"),
    "terveys": Office("Terveys- ja päihdepalvelut", "sote"),
}
"""Each after the one it belongs to."""


def _address(name: str) -> str:
    """The person's address at a domain that is kept for examples."""
    return name.lower().translate(str.maketrans("äöå ", "aoa.")) + "@example.org"


def _person(name: str, language: str = "fi") -> Person:
    return Person(name, _address(name), language)


def _company(name: str, business_id: str, contact: str, language: str = "fi") -> Company:
    return Company(name, business_id, _person(contact, language))


def liaison_address(key: str) -> str:
    """The shared mailbox of a unit's liaison."""
    return f"yritysluotsi.{key}@example.org"


OWNERS = {
    "anne": _person("Anne Heikkinen"),
    "elina": _person("Elina Martikainen"),
    "fredrik": _person("Fredrik Åkerblom", "sv"),
    "grace": _person("Grace Coleman", "en"),
    "jari": _person("Jari Nieminen"),
    "johanna": _person("Johanna Sjöblom", "sv"),
    "kari": _person("Kari Lindholm", "sv"),
    "mikael": _person("Mikael Nyström", "sv"),
    "petri": _person("Petri Koskela"),
    "riitta": _person("Riitta Salonen"),
    "sanna": _person("Sanna Rautio"),
    "tuula": _person("Tuula Väisänen"),
}

USERS = {
    "officer": DemoUser(_person("Noora Hankala"), Role.PROCUREMENT_OFFICER, "siepp_demo_officer"),
    "liaison": DemoUser(_person("Lauri Luotonen"), Role.BUSINESS_LIAISON, "siepp_demo_liaison"),
    "owner": DemoUser(OWNERS["elina"], Role.CONTRACT_OWNER, "siepp_demo_owner"),
    "reporter": DemoUser(_person("Riikka Raitanen"), Role.PROJECT_REPORTER, "siepp_demo_reporter"),
    "viewer": DemoUser(_person("Ville Vesterinen"), Role.VIEWER, "siepp_demo_viewer"),
    "admin": DemoUser(_person("Aino Adamsson", "sv"), Role.ADMIN, "siepp_demo_admin"),
}
"""All of them in the root unit."""

COMPANIES = {
    "apukasi": _company("Apukäsi Avustajapalvelut Oy", "9000101-4", "Marjo Ketola"),
    "apuvaline": _company("Apuvälinepiha Oy", "9000238-3", "Timo Hakkarainen"),
    "asupaja": _company("Työasupaja Oy", "9000375-7", "Kirsi Rantala"),
    "ateriakaari": _company("Ateriakaari Oy", "9000649-9", "Sari Kujala"),
    "aulavieno": _company("Aulavieno Oy", "9000786-2", "Heidi Saarela"),
    "avustajarengas": _company("Avustajarengas Osk", "9000923-5", "Pasi Lehtola"),
    "henkilovoima": _company("Henkilövoima Suomi Oy", "9001060-7", "Jukka Pelkonen"),
    "hirsimaki": _company("Hirsimäen Rakennus Oy", "9001197-6", "Antti Hirvelä"),
    "hoitovarasto": _company("Hoitovarasto Oy", "9001334-9", "Merja Tiainen"),
    "hoivakaari": _company("Hoivakaari Kotipalvelut Oy", "9001471-2", "Leena Ruotsala"),
    "kallioranta": _company("Kalliorannan Rakennus Oy", "9001608-0", "Markku Kallioniemi"),
    "kalustepaja": _company("Kalustepaja Tukeva Oy", "9001745-4", "Jaana Sillanpää"),
    "kantajat": _company("Kaupungin Kantajat Oy", "9001882-8", "Samuli Vainio"),
    "kaupunkikyyti": _company("Kaupunkikyyti Kolmonen Oy", "9002019-4", "Erkki Holopainen"),
    "keikkakaari": _company("Keikkakaari Henkilöstö Oy", "9002156-8", "Nina Aaltola"),
    "kenttatiimi": _company("Kenttätiimi Oy", "9002293-1", "Juha Peräniemi"),
    "kiertolaite": _company("Kiertolaite Oy", "9002430-4", "Minna Arola"),
    "kirkasranta": _company("Kirkasranta Siivous Oy", "9002567-3", "Päivi Kirkkola"),
    "kotipiha": _company("Kotipihan Hoiva Oy", "9002704-6", "Outi Seppänen"),
    "kukkaketo": _company("Kukkakedon Puutarhurit Oy", "9002978-9", "Eeva Niittymäki"),
    "lahettipiste": _company("Lähettipiste Oy", "9003252-3", "Toni Sorsa"),
    "laiteportti": _company("Laiteportti Oy", "9003389-2", "Mika Harjula"),
    "lehtohoiva": _company("Lehtohoivan Palvelukodit Oy", "9003526-5", "Ulla Lehtisaari"),
    "lumiaura": _company("Lumiaura ja Kone Oy", "9003663-9", "Esa Talvitie"),
    "merituuli": _company("Merituulen Palvelukodit Oy", "9003800-1", "Helena Meriläinen"),
    "muuttosiivet": _company("Muuttosiivet Oy", "9003937-0", "Janne Kantola"),
    "nordvik": _company("Nordvik Städ Ab", "9004074-2", "Camilla Nordvik", "sv"),
    "nuortuki": _company("Nuorten Tukipolku Oy", "9004211-5", "Katja Virtala"),
    "nurmitaito": _company("Nurmitaito Oy", "9004348-4", "Ville Nurmela"),
    "painosato": _company("Painosato Oy", "9004485-8", "Reijo Painola"),
    "perhepolku": _company("Perhepolku Palvelut Oy", "9004622-0", "Tiina Suvanto"),
    "peruskivi": _company("Peruskivi Urakointi Oy", "9004896-3", "Hannu Kivistö"),
    "pesulahti": _company("Pesulahti Tekstiilihuolto Oy", "9005033-4", "Anu Lahtela"),
    "pikkubussi": _company("Pikkubussi Idänpää Oy", "9005170-8", "Raimo Kuusela"),
    "puhtola": _company("Puhtolan Palvelut Oy", "9005307-6", "Satu Puhto"),
    "saarihoiva": _company("Saarihoiva Oy", "9005581-3", "Maarit Saarikko"),
    "saneerauslinja": _company("Saneerauslinja Oy", "9005718-1", "Teemu Linjala"),
    "siirtoapu": _company("Siirtoapu Muutot Oy", "9005855-5", "Kimmo Alatalo"),
    "sporrgard": _company("Sporrgård Bygg Ab", "9005992-9", "Niklas Sporrgård", "sv"),
    "strandberg": _company("Strandbergs Transport Ab", "9006129-5", "Tom Strandberg", "sv"),
    "talkkarit": _company("Etelän Talkkarit Oy", "9006266-9", "Jarmo Hovi"),
    "tammikoti": _company("Tammikodin Asumispalvelut Oy", "9006403-1", "Raija Tammela"),
    "tekijat": _company("Tekijät Töihin Osk", "9006540-5", "Laura Niskala"),
    "tilamestari": _company("Tilamestari Kalusteet Oy", "9006677-4", "Harri Mestarila"),
    "tilauskyydit": _company("Idän Tilauskyydit Oy", "9006814-7", "Pentti Ajola"),
    "tornirakennus": _company("Tornin Rakennustyöt Oy", "9006951-0", "Olli Tornikoski"),
    "turvakulma": _company("Turvakulma Oy", "9007088-8", "Jari Kulmala"),
    "tyokanta": _company("Työkanta Henkilöstöpalvelut Oy", "9007225-0", "Susanna Kantele"),
    "valvova": _company("Valvova Turvallisuus Oy", "9007362-4", "Risto Valve"),
    "valopylvas": _company("Valopylväs Kunnossapito Oy", "9007499-3", "Tapio Valkama"),
    "vanhapiha": _company("Vanhanpihan Hoivakoti Oy", "9007636-6", "Aila Pihlaja"),
    "viherpolku": _company("Viherpolku Kunnossapito Oy", "9007910-2", "Sirkka Polvi"),
}
"""Business IDs that begin with 9 are given to nobody; their check digits are right."""
