"""Industry names under one spelling: codes, labels and newer names of one industry are one."""

from __future__ import annotations

from functools import cache

from icp_core.vocabulary.headers import header_words

# Names as LinkedIn and the CRMs built on its list show them. A code such as COMPUTER_SOFTWARE is a name's words.
_NAMES = """
Accounting|Airlines & Aviation|Alternative Dispute Resolution|Alternative Medicine|Animation|Apparel & Fashion|
Architecture & Planning|Arts and Crafts|Automotive|Aviation & Aerospace|Banking|Biotechnology|Broadcast Media|
Building Materials|Business Supplies and Equipment|Capital Markets|Chemicals|Civic & Social Organization|
Civil Engineering|Commercial Real Estate|Computer & Network Security|Computer Games|Computer Hardware|
Computer Networking|Computer Software|Internet|Construction|Consumer Electronics|Consumer Goods|Consumer Services|
Cosmetics|Dairy|Defense & Space|Design|Education Management|E-Learning|Electrical & Electronic Manufacturing|
Entertainment|Environmental Services|Events Services|Executive Office|Facilities Services|Farming|
Financial Services|Fine Art|Fishery|Food & Beverages|Food Production|Fund-Raising|Furniture|Gambling & Casinos|
Glass, Ceramics & Concrete|Government Administration|Government Relations|Graphic Design|
Health, Wellness and Fitness|Higher Education|Hospital & Health Care|Hospitality|Human Resources|
Import and Export|Individual & Family Services|Industrial Automation|Information Services|
Information Technology and Services|Insurance|International Affairs|International Trade and Development|
Investment Banking|Investment Management|Judiciary|Law Enforcement|Law Practice|Legal Services|
Legislative Office|Leisure, Travel & Tourism|Libraries|Logistics and Supply Chain|Luxury Goods & Jewelry|
Machinery|Management Consulting|Maritime|Market Research|Marketing and Advertising|
Mechanical or Industrial Engineering|Media Production|Medical Devices|Medical Practice|Mental Health Care|
Military|Mining & Metals|Motion Pictures and Film|Museums and Institutions|Music|Nanotechnology|Newspapers|
Non-Profit Organization Management|Oil & Energy|Online Media|Outsourcing/Offshoring|Package/Freight Delivery|
Packaging and Containers|Paper & Forest Products|Performing Arts|Pharmaceuticals|Philanthropy|Photography|
Plastics|Political Organization|Primary/Secondary Education|Printing|Professional Training & Coaching|
Program Development|Public Policy|Public Relations and Communications|Public Safety|Publishing|
Railroad Manufacture|Ranching|Real Estate|Recreational Facilities and Services|Religious Institutions|
Renewables & Environment|Research|Restaurants|Retail|Security and Investigations|Semiconductors|Shipbuilding|
Sporting Goods|Sports|Staffing and Recruiting|Supermarkets|Telecommunications|Textiles|Think Tanks|Tobacco|
Translation and Localization|Transportation/Trucking/Railroad|Utilities|Venture Capital & Private Equity|
Veterinary|Warehousing|Wholesale|Wine and Spirits|Wireless|Writing and Editing|Mobile Games
"""
# Newer names for industries of the list above.
_NEWER = {
    "Software Development": "Computer Software",
    "IT Services and IT Consulting": "Information Technology and Services",
    "Technology, Information and Internet": "Internet",
    "Hospitals and Health Care": "Hospital & Health Care",
    "Advertising Services": "Marketing and Advertising",
    "Business Consulting and Services": "Management Consulting",
}


def _key(name: str) -> str:
    return "".join(word.removesuffix("s") for word in header_words(name) if word != "and")


@cache
def _by_key() -> dict[str, str]:
    known = {_key(name): name for name in _NAMES.replace("\n", "").split("|")}
    return known | {_key(newer): name for newer, name in _NEWER.items()}


def is_industry(text: str) -> bool:
    """Whether a text is the name or code of an industry of the list.

    >>> is_industry("COMPUTER_SOFTWARE"), is_industry("Roof repair")
    (True, False)
    """
    return _key(text) in _by_key()


def industry_name(text: str) -> str:
    """Return the one spelling of a known industry; any other text as it is.

    >>> industry_name("COMPUTER_SOFTWARE"), industry_name("Software Development"), industry_name("Food and Beverages")
    ('Computer Software', 'Computer Software', 'Food & Beverages')
    >>> industry_name("Food & Beverage"), industry_name("Roof repair")
    ('Food & Beverages', 'Roof repair')
    """
    return _by_key().get(_key(text), text)
