"""Invented companies and persons. Every domain ends in `.example`, which belongs to nobody by RFC 2606."""

import re
import unicodedata
from random import Random

_STEMS = {
    "de": (
        "Hall Brack Oster Lind Eichen Rosen Wester Kirsch Birken Fuchs Amsel Distel Ginster Haller Isen Jung "
        "Kolben Luchs Marder Nuss Otter Pappel Quell Reiher Seiden Tannen Ulmen Vogel Weiden Zander Drossel Falken "
        "Ahorn Bieber Dachs Erlen Farn Greif Hasel Iltis Kranich Lerchen Mohn Nebel Schilf Star Trappen Wiesel",
        "kamm brink horn strut loh wiek fenn tobel mark grund hain steig aue furt kuhl rode",
    ),
    "en": (
        "Brack Thorn Ember Hazel Quill Sedge Marl Wren Larch Fenn Gorse Tarn Pell Stave Harrow Kestrel "
        "Alder Brindle Copper Dunmore Elder Foss Gannet Heron Ivel Juniper Kelp Linnet Moor Nettle Oaken Plover",
        "wick combe stead mere worth ley ford garth holt beck dale thwaite brook hurst den low",
    ),
    "nl": (
        "Berken Duin Eiken Gans Haver Kievit Linden Meeuw Noord Oever Peppel Riet Spreeuw Terp Veen Wilgen "
        "Zwaluw Akker Bever Delf Elzen Grutto Heide Ijzel Adelaar Braam Distel Esdoorn Fazant Hazel Kraan Merel Nachtegaal "
        "Olm Patrijs Roerdomp Salie Vlier",
        "dijk zand horst kreek laar broek wijk stal waard veld kolk sluis",
    ),
    "fr": (
        "Bruy Char Font Gren Lav Mont Noi Pier Roc Saul Val Aub Bel Cler Dor Fay Haut Mar Orm Tour",
        "ères ault eneuve ière ancourt elle aie emont eval igny oisy andre",
    ),
    "da": (
        "Ager Birke Elm Gran Havn Lyng Mose Nord Rav Skov Sten Tang Vind Øster Ælle Bøge",
        "bæk holm lund skær toft vang vig bro høj dal",
    ),
}
_LEGAL = {
    "de": ("GmbH", "GmbH", "GmbH", "GmbH & Co. KG", "AG", "KG"),
    "en": ("Ltd", "Ltd", "Limited", "LLP", "Group Ltd"),
    "nl": ("B.V.", "B.V.", "BV", "N.V."),
    "fr": ("SAS", "SARL", "S.A.", "SAS"),
    "da": ("A/S", "ApS", "ApS"),
}
# What the firm does, in the language of its country; keys are HubSpot industry labels.
_TRADES = {
    "Facilities Services": {
        "de": ("Gebäudeservice", "Gebäudetechnik", "Facility Management", "Gebäudereinigung & Service"),
        "en": ("Facilities", "Building Services", "Cleaning & Maintenance", "Facility Care"),
        "nl": ("Gebouwbeheer", "Schoonmaak & Beheer", "Facilitair"),
        "fr": ("Propreté & Services", "Maintenance Bâtiment", "Multiservices"),
        "da": ("Ejendomsservice", "Facility Service", "Bygningsdrift"),
    },
    "Environmental Services": {
        "de": ("Entsorgung", "Umweltservice", "Recycling & Container"),
        "en": ("Waste & Recycling", "Environmental", "Drain Care"),
        "nl": ("Milieudienst", "Afval & Recycling"),
        "fr": ("Environnement", "Assainissement"),
        "da": ("Miljø", "Affald & Genbrug"),
    },
    "Construction": {
        "de": ("Bau", "Dachbau", "Hochbau & Sanierung", "Elektrotechnik"),
        "en": ("Construction", "Roofing", "Electrical & Plumbing", "Builders"),
        "nl": ("Bouw", "Installatietechniek", "Dakwerken"),
        "fr": ("Bâtiment", "Couverture", "Électricité"),
        "da": ("Byg", "Tag & Facade", "El-teknik"),
    },
    "Utilities": {
        "de": ("Netzservice", "Wärme & Wasser"),
        "en": ("Utilities", "Metering"),
        "nl": ("Netbeheer", "Warmte"),
        "fr": ("Réseaux", "Énergie Services"),
        "da": ("Forsyning", "Varme & Vand"),
    },
    "Security and Investigations": {
        "de": ("Sicherheitsdienst", "Wachschutz"),
        "en": ("Security", "Guarding"),
        "nl": ("Beveiliging", "Bewaking"),
        "fr": ("Sécurité", "Gardiennage"),
        "da": ("Vagt & Sikring", "Sikkerhed"),
    },
    "Machinery": {
        "de": ("Maschinenservice", "Aufzüge", "Fördertechnik"),
        "en": ("Lifts", "Machine Service", "Compressors"),
        "nl": ("Liften", "Machinebouw"),
        "fr": ("Ascenseurs", "Machines"),
        "da": ("Elevator", "Maskinservice"),
    },
    "Telecommunications": {
        "de": ("Glasfaser", "Netzbau"),
        "en": ("Fibre", "Telecom Works"),
        "nl": ("Glasvezel", "Telecom"),
        "fr": ("Fibre & Télécom", "Télécoms"),
        "da": ("Fiber", "Telenet"),
    },
    "Consumer Services": {
        "de": ("Hausmeisterdienst", "Gartenpflege", "Schädlingsbekämpfung"),
        "en": ("Home Care", "Pest Control", "Garden Care"),
        "nl": ("Tuinonderhoud", "Klusbedrijf"),
        "fr": ("Jardins", "Services à Domicile"),
        "da": ("Havepleje", "Skadedyr"),
    },
    "Medical Devices": {
        "de": ("Medizintechnik", "Reha-Technik"),
        "en": ("Medical Equipment", "Mobility Aids"),
        "nl": ("Medische Techniek", "Hulpmiddelen"),
        "fr": ("Matériel Médical", "Santé Équipement"),
        "da": ("Medicoteknik", "Hjælpemidler"),
    },
    "Renewables & Environment": {
        "de": ("Solar", "Wärmepumpen"),
        "en": ("Solar", "Heat Pumps"),
        "nl": ("Zonnepanelen", "Warmtepompen"),
        "fr": ("Solaire", "Pompes à Chaleur"),
        "da": ("Solenergi", "Varmepumper"),
    },
}
LANGUAGE = {
    "Germany": "de", "Austria": "de", "Switzerland": "de", "Netherlands": "nl", "Belgium": "nl",
    "United Kingdom": "en", "Ireland": "en", "France": "fr", "Denmark": "da",
}  # fmt: skip
CITIES = {
    "Germany": ("Berlin", "Hamburg", "Leipzig", "Köln", "München", "Nürnberg", "Bremen", "Kassel", "Münster"),
    "Austria": ("Wien", "Graz", "Linz", "Salzburg"),
    "Switzerland": ("Zürich", "Bern", "Winterthur"),
    "Netherlands": ("Utrecht", "Zwolle", "Eindhoven", "Rotterdam", "Groningen"),
    "Belgium": ("Gent", "Antwerpen", "Mechelen"),
    "United Kingdom": ("Leeds", "Bristol", "Manchester", "Nottingham", "Glasgow", "London"),
    "Ireland": ("Dublin", "Cork", "Galway"),
    "France": ("Lille", "Lyon", "Nantes", "Strasbourg"),
    "Denmark": ("Aarhus", "Odense", "Aalborg"),
}
_FIRST = {
    "de": "Anja Birgit Carsten Dirk Elif Frauke Gerd Heike Ingo Jana Katrin Lars Miriam Nils Petra Ralf Sabine "
    "Thorsten Uta Volker Wiebke Yusuf",
    "en": "Alice Brian Claire Declan Eleanor Fiona Gareth Helen Imran Joanne Keith Lorna Martin Niamh Owen Priya "
    "Rachel Stuart Tracy Wayne",
    "nl": "Anouk Bas Carla Daan Esther Femke Gijs Hanneke Joost Karin Lotte Maarten Nienke Pieter Ruud Sanne Wouter",
    "fr": "Amélie Benoît Camille Didier Élodie Franck Gaëlle Hugues Inès Julien Karim Laure Mathieu Nadège Pascal",
    "da": "Anders Bodil Claus Ditte Emil Freja Henrik Inge Jesper Kirsten Lone Mads Nanna Palle Rikke Søren",
}
FEMALE_NAMES = frozenset(
    "Anja Birgit Elif Frauke Heike Jana Katrin Miriam Petra Sabine Uta Wiebke Alice Claire Eleanor Fiona Helen Joanne "
    "Lorna Niamh Priya Rachel Tracy Anouk Carla Esther Femke Hanneke Karin Lotte Nienke Sanne Amélie Camille Élodie "
    "Gaëlle Inès Laure Nadège Bodil Ditte Freja Inge Kirsten Lone Nanna Rikke".split()
)
_LAST = {
    "de": "Ahrling Brodbeckh Cordsen Dreyling Ebbers Friesel Gutzmann Hellerich Ihmels Jaspers Knobling Lüdtke "
    "Mertling Nolting Ottens Petzold Rademann Siebrecht Tietjen Ullmer Voßkamp Wiegandt",
    "en": "Abbotsley Birtwhist Crowhill Dunsford Easterby Fairweather Gosling Hathersage Ingleby Kettleworth "
    "Lanyon Merriman Northcote Oldroyd Pettifer Quayle Ramsbottom Swales Tolliver Wetherby",
    "nl": "Aalbers Boterman Cuypers Dijkgraaf Elzinga Fonteijn Grootveld Hoekstra Jorna Kuipers Lammerts Meppel "
    "Noordhof Oosterhuis Poelstra Ruitenberg Schelling Terpstra Veldink",
    "fr": "Aubrette Bellanger Chastel Delorme Estève Fournel Garnaud Haudry Jourdain Lacombe Morvan Nivelle "
    "Perrault Quentin Rivoire Sauval Tessier Vauclin",
    "da": "Aagaard Bjerring Christholm Dalgaard Enevold Friis Grønlund Hvidberg Iversen Kjeldal Lindegaard "
    "Mølgaard Nørskov Overgaard Ravnholt Skovlund Thygesen Vestermark",
}
INDUSTRIES = tuple(_TRADES)


class NamePool:
    """Hands out company names whose first word is used only once, and persons to work there."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._stems: dict[str, list[str]] = {}
        for language, (heads, tails) in _STEMS.items():
            stems = [head + tail for head in heads.split() for tail in tails.split()]
            random.shuffle(stems)
            self._stems[language] = stems

    def company(self, industry: str, country: str) -> tuple[str, str]:
        """Name with legal form, and domain."""
        language = LANGUAGE[country]
        stem = self._stems[language].pop()
        trade = self._random.choice(_TRADES[industry][language])
        if language == "nl" and self._random.random() < 0.35:
            stem = "Van " + stem
        name = f"{stem} {trade} {self._random.choice(_LEGAL[language])}"
        short = slug(stem) if self._random.random() < 0.5 else slug(f"{stem} {trade.split()[0]}")
        return name, f"{short}.example"

    def person(self, country: str) -> tuple[str, str]:
        """First and last name usual in the country."""
        language = LANGUAGE[country]
        return self._random.choice(_FIRST[language].split()), self._random.choice(_LAST[language].split())


def slug(text: str) -> str:
    """Lower-case ASCII with dashes, as companies write their domain."""
    for umlaut, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"), ("ø", "oe"), ("æ", "ae")):
        text = text.replace(umlaut, letters).replace(umlaut.upper(), letters)
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def email(first: str, last: str, domain: str) -> str:
    """Address as `first.last@domain`."""
    return f"{slug(first)}.{slug(last)}@{domain}"


_LEGAL_FORM = re.compile(
    r"\s+(GmbH & Co\. KG|GmbH|AG|KG|Group Ltd|Ltd|Limited|LLP|B\.V\.|BV|N\.V\.|SAS|SARL|S\.A\.|A/S|ApS)$"
)
_OTHER_SPELLING = {
    "GmbH": ("Gmbh", "GmbH "), "GmbH & Co. KG": ("GmbH & Co KG", "GmbH&Co.KG"), "Ltd": ("Limited", "Ltd.", "LTD"),
    "Limited": ("Ltd", "LTD."), "Group Ltd": ("Group Limited",), "B.V.": ("BV", "bv"), "BV": ("B.V.",),
    "SARL": ("S.à r.l.", "Sarl"), "SAS": ("Sas",), "ApS": ("APS",),
}  # fmt: skip


def misspell_as_accounting_does(name: str, random: Random) -> str:
    """The same firm as another department writes it: legal form, case, `&`/and, blanks. Normalising finds it again."""
    match = _LEGAL_FORM.search(name)
    bare, legal = (name[: match.start()], match.group(1)) if match else (name, "")
    draw = random.random()
    if draw < 0.34:
        return name
    if draw < 0.50:
        return bare
    if draw < 0.72 and legal in _OTHER_SPELLING:
        return f"{bare} {random.choice(_OTHER_SPELLING[legal])}"
    if draw < 0.82:
        return name.upper()
    if draw < 0.88:
        return name.lower()
    if draw < 0.95:
        return name.replace("&", "and") if "&" in name else f"{name}  "
    return f" {name}"
