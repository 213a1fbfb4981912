"""Countries under one name, whatever language or code they were written in."""

from __future__ import annotations

from functools import cache, lru_cache

import pycountry
from babel import Locale

from icp_core.vocabulary.names import normalised_place

LANGUAGES = ("en", "de", "fr", "es", "pt", "it", "nl")
# Further languages in which countries are read, though headings are known in few words of them only.
_READ_TOO = (
    "da",
    "sv",
    "nb",
    "fi",
    "pl",
    "cs",
    "sk",
    "hu",
    "ro",
    "hr",
    "tr",
    "el",
    "ru",
    "uk",
    "ja",
    "zh",
    "ko",
)

# Names in daily use that no list of official names has. Parts of a country go by the country's name.
_OTHER_NAMES = {
    "uk": "GB", "u k": "GB", "great britain": "GB", "britain": "GB", "england": "GB", "scotland": "GB", "wales": "GB",
    "northern ireland": "GB", "usa": "US", "u s a": "US", "u s": "US", "united states of america": "US", "america": "US",
    "eire": "IE", "republic of ireland": "IE", "holland": "NL", "the netherlands": "NL", "rsa": "ZA", "uae": "AE",
    "south korea": "KR", "korea": "KR", "republic of korea": "KR", "russia": "RU", "czech republic": "CZ", "turkey": "TR",
    "hong kong": "HK", "taiwan": "TW", "vietnam": "VN", "bolivia": "BO", "venezuela": "VE", "iran": "IR", "syria": "SY",
    "macedonia": "MK", "moldova": "MD", "tanzania": "TZ", "ivory coast": "CI", "brasil": "BR", "espana": "ES",
    "deutschland": "DE", "osterreich": "AT", "schweiz": "CH", "suisse": "CH", "svizzera": "CH", "italia": "IT",
    "belgie": "BE", "belgique": "BE", "polska": "PL", "sverige": "SE", "norge": "NO", "danmark": "DK", "suomi": "FI",
}  # fmt: skip
# Where the official English name is longer than what people write.
_SHOWN = {"HK": "Hong Kong", "MO": "Macao", "MM": "Myanmar", "CZ": "Czechia", "PS": "Palestine", "CD": "Congo (DRC)",
          "CG": "Congo", "BA": "Bosnia and Herzegovina", "TT": "Trinidad and Tobago"}  # fmt: skip


@cache
def _by_name() -> dict[str, str]:
    known = {country.alpha_2 for country in pycountry.countries}
    names: dict[str, str] = {}
    for language in (*LANGUAGES, *_READ_TOO):
        for code, name in Locale(language).territories.items():
            if code in known:
                names.setdefault(normalised_place(name), code)
                names.setdefault(normalised_place(name.replace("&", "and")), code)
    for country in pycountry.countries:
        for attribute in ("name", "official_name", "common_name"):
            if hasattr(country, attribute):
                names.setdefault(normalised_place(getattr(country, attribute)), country.alpha_2)
    return names | _OTHER_NAMES


@cache
def _codes() -> dict[str, str]:
    codes = {country.alpha_2: country.alpha_2 for country in pycountry.countries}
    codes |= {country.alpha_3: country.alpha_2 for country in pycountry.countries}
    return codes | {"UK": "GB", "EL": "GR"}


@cache
def _shown() -> dict[str, str]:
    return dict(Locale("en").territories) | _SHOWN


@lru_cache(maxsize=20_000)
def country_code(text: str | None) -> str | None:
    """Return the two-letter code of a country given by name (seven languages) or code; None when unknown.

    >>> country_code("Allemagne"), country_code("USA"), country_code("nl"), country_code("Atlantis")
    ('DE', 'US', 'NL', None)
    """
    if not text:
        return None
    text = text.strip()
    return _codes().get(text.upper()) or _by_name().get(normalised_place(text))


@lru_cache(maxsize=20_000)
def country_name(text: str | None) -> str | None:
    """Return the English name under which a country is shown; None when it is not known as one.

    >>> country_name("Deutschland"), country_name("GB"), country_name("The Netherlands")
    ('Germany', 'United Kingdom', 'Netherlands')
    """
    code = country_code(text)
    return _shown().get(code) if code else None
