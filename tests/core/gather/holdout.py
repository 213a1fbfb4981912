"""Tables no rule was tuned on: headings and the field each truly means (None = none of the vocabulary)."""

from __future__ import annotations

from random import Random

_COMPANIES = ("Brightwater Logistics Ltd", "Kessler Maschinenbau GmbH", "Atelier Dumont SARL", "Oakfield Foods Inc.", "Lindqvist Energi AB",
              "Polaris Clinics", "Fontana Tessuti S.p.A.", "Sierra Alta SL", "Van Dijk Bouw BV", "Moraes Consultoria Ltda",
              "Hartmann & Co. KG", "Blue Heron Media LLC", "Tanaka Optics", "Greenline Facility Services", "Costa Verde SA",
              "Northgate Dental", "Riviera Hotels", "Alpenblick Reisen AG", "Quarry Street Partners", "Delta Freight plc")  # fmt: skip
_PEOPLE = ("Ann Lee", "Jürgen Voss", "Chloé Martin", "Paolo Conti", "Sofía Ramos", "Tom Baker", "Eva de Boer", "João Lima", "Mia Chen",
           "Liam Murphy", "Nora Olsen", "Ben Katz", "Petra Wolf", "Omar Haddad", "Ines Prado")  # fmt: skip


def _values(kind: str, n: int, random: Random) -> list[str]:
    """Plausible texts of one sort."""
    pick = random.choice
    if kind == "company":
        return [
            f"{_COMPANIES[i % len(_COMPANIES)].split(' ')[0]} {i // len(_COMPANIES) or ''} {' '.join(_COMPANIES[i % len(_COMPANIES)].split(' ')[1:])}".replace(
                "  ", " "
            )
            for i in range(n)
        ]
    if kind == "domain":
        return [f"www.{_COMPANIES[i % 20].split(' ')[0].lower()}{i // 20 or ''}.com" for i in range(n)]
    if kind == "person":
        return [f"{pick(_PEOPLE).split()[0]} {pick(_PEOPLE).split()[-1]}" for _ in range(n)]
    if kind == "email":
        return [
            f"{pick(_PEOPLE).split()[0].lower()}.{i}@{_COMPANIES[i % 20].split(' ')[0].lower()}.com"
            for i in range(n)
        ]
    if kind == "id":
        return [str(10_400 + 7 * i) for i in range(n)]
    if kind == "repeated_id":
        return [f"C{random.randrange(200, 200 + n // 3)}" for _ in range(n)]
    if kind == "code":
        return [f"{pick('ABX')}{random.randrange(1000, 9999)}" for _ in range(n)]
    if kind == "order":
        return [f"SO-{5000 + i}" for i in range(n)]
    if kind == "date":
        return [
            f"{random.randrange(2021, 2026)}-{random.randrange(1, 13):02d}-{random.randrange(1, 29):02d}"
            for _ in range(n)
        ]
    if kind == "date_dmy":
        return [
            f"{random.randrange(1, 29):02d}.{random.randrange(1, 13):02d}.{random.randrange(2021, 2026)}"
            for _ in range(n)
        ]
    if kind == "money":
        return [f"{random.uniform(20, 9000):.2f}" for _ in range(n)]
    if kind == "money_eu":
        return [
            f"{random.uniform(1000, 9000):,.2f}".replace(",", "_").replace(".", ",").replace("_", ".")
            for _ in range(n)
        ]
    if kind == "big":
        return [str(random.randrange(200, 90_000) * 1000) for _ in range(n)]
    if kind == "int":
        return [str(random.randrange(1, 900)) for _ in range(n)]
    if kind == "small":
        return [str(random.randrange(1, 12)) for _ in range(n)]
    if kind == "percent":
        return [f"{random.randrange(5, 95)}%" for _ in range(n)]
    if kind == "nps":
        return [str(random.randrange(0, 11)) for _ in range(n)]
    if kind == "five":
        return [str(random.randrange(1, 6)) for _ in range(n)]
    if kind == "yes_no":
        return [pick(("Yes", "No")) for _ in range(n)]
    if kind == "text":
        return [
            f"We use it for {pick(('planning', 'billing', 'reports'))} and it {pick(('saves us hours', 'is hard to learn', 'works well'))} since week {i}"
            for i in range(n)
        ]
    if kind == "year":
        return [str(random.randrange(1950, 2020)) for _ in range(n)]
    if kind == "age":
        return [str(random.randrange(18, 80)) for _ in range(n)]
    return [pick(kind.split("|")) for _ in range(n)]


_INDUSTRIES = "Construction|Retail|Software|Healthcare|Logistics|Food"
_COUNTRIES = "Germany|France|Spain|Italy|Netherlands|United States"
_BANDS = "1-10|11-50|51-200|201-500|501-1000"

# (true kind, file name, {heading: (true field, values)})
TABLES: tuple[tuple[str, str, dict[str, tuple[str | None, str]]], ...] = (
    ("customers", "export_1.csv", {
        "Client Ref": ("account_id", "id"), "Trading Name": ("account_name", "company"), "Web": ("domain", "domain"),
        "Vertical": ("industry", _INDUSTRIES), "Headcount": ("employees", "int"), "HQ Country": ("country", _COUNTRIES),
        "Town": ("city", "Leeds|Lyon|Köln|Turin|Porto"), "Signed Up": ("customer_since", "date"), "MRR (GBP)": ("mrr", "money"),
        "Churned?": ("churned", "yes_no"), "Churn Date": ("churned_on", "date"), "CSM": ("owner", "person"),
        "Favourite colour": (None, "red|blue|green"), "Acquisition Channel": ("lead_source", "Search|Referral|Event"),
        "Health": ("health_score", "int"), "Tools used": ("tech_stack", "Slack;Jira|Slack|Jira;Zoom|Zoom"),
    }),
    ("customers", "kundenliste.csv", {
        "Kd.-Nr.": ("account_id", "id"), "Firmenname": ("account_name", "company"), "Internetadresse": ("domain", "domain"),
        "Branche": ("industry", "Bau|Handel|Software|Pflege"), "Anzahl Mitarbeiter": ("employees", "int"),
        "Jahresumsatz": ("company_revenue", "big"), "Land": ("country", "Deutschland|Österreich|Schweiz"), "Ort": ("city", "Kiel|Ulm|Bonn|Graz"),
        "PLZ": ("postal_code", "code"), "Kunde seit": ("customer_since", "date_dmy"), "Vertragsart": ("contract_type", "monatlich|jährlich"),
        "Monatsumsatz": ("mrr", "money_eu"), "Gekündigt am": ("churned_on", "date_dmy"), "Kündigungsgrund": ("churn_reason", "Preis|Umzug|Wettbewerb"),
        "Betreuer": ("owner", "person"), "Messestand": (None, "ja|nein"), "Herkunft": ("lead_source", "Messe|Web|Empfehlung"),
    }),
    ("orders", "ventes.csv", {
        "N° commande": ("order_id", "order"), "Code client": ("account_id", "repeated_id"), "Raison sociale": ("account_name", "company"),
        "Date de commande": ("ordered_on", "date_dmy"), "Désignation": ("product", "Chaise|Table|Lampe|Bureau"), "Quantité": ("quantity", "small"),
        "Prix unitaire": ("unit_price", "money_eu"), "Montant HT": ("amount", "money_eu"), "TVA": ("tax", "money_eu"), "Devise": ("currency", "EUR|EUR|CHF"),
        "Pays": ("country", "France|Belgique|Suisse"), "Entrepôt": (None, "Nord|Sud"), "Remise": ("discount", "money_eu"),
    }),
    ("orders", "pedidos.csv", {
        "Nº pedido": ("order_id", "order"), "Nombre del cliente": ("account_name", "company"), "Fecha de pedido": ("ordered_on", "date_dmy"),
        "Artículo": ("product", "Silla|Mesa|Lámpara"), "Cantidad": ("quantity", "small"), "Importe": ("amount", "money_eu"), "Moneda": ("currency", "EUR|USD"),
        "Estado del pedido": ("status", "pagado|pendiente|cancelado"), "Canal de venta": ("channel", "web|tienda"), "Transportista": (None, "DHL|UPS"),
        "Correo electrónico": ("email", "email"),
    }),
    ("deals", "pipeline_q3.csv", {
        "Opp ID": ("deal_id", "order"), "Opportunity": ("deal_name", "text"), "Company": ("account_name", "company"), "Sales Stage": ("stage", "Discovery|Proposal|Closed Won|Closed Lost"),
        "ACV": ("arr", "money"), "Deal Size": ("amount", "money"), "Date Created": ("created_on", "date"), "Date Closed": ("closed_on", "date"), "Reason Lost": ("lost_reason", "Price|Timing|Competitor"),
        "AE": ("owner", "person"), "Source": ("lead_source", "Inbound|Outbound"), "Win Probability": ("probability", "percent"), "Next Steps": (None, "Call|Demo|Wait"), "Competitor": (None, "Acme|None of them|Globex"),
        "Forecast Close Date": ("expected_close_on", "date"),
    }),
    ("subscriptions", "contracts.csv", {
        "Contract No": ("subscription_id", "order"), "Customer No": ("account_id", "repeated_id"), "Customer": ("account_name", "company"), "Package": ("plan", "Basic|Pro|Max"),
        "Seats": ("quantity", "small"), "Contract Start": ("started_on", "date"), "Contract End": ("ended_on", "date"), "Billing Cycle": ("interval", "monthly|annual"),
        "Monthly Fee": ("mrr", "money"), "Currency": ("currency", "EUR|GBP|USD"), "State": ("status", "active|cancelled|trial"), "Cancel Reason": ("cancel_reason", "Price|Closed business"),
        "Renewal Date": ("period_end_on", "date"), "Voucher": ("coupon", "SPRING|FALL"), "Payment terms": (None, "30 days|60 days"),
    }),
    ("usage", "telemetry.csv", {
        "Tenant ID": ("account_id", "repeated_id"), "Week": ("period_on", "date"), "API calls": ("events", "int"), "MAU": ("active_users", "int"), "Visits": ("sessions", "int"), "Time spent (min)": ("minutes", "int"),
        "Module": ("feature", "billing|planning|crm"), "Crash rate": (None, "percent"),
    }),
    ("tickets", "cases.csv", {
        "Case Number": ("ticket_id", "order"), "Client": ("account_name", "company"), "Date Opened": ("opened_on", "date"), "Date Resolved": ("solved_on", "date"), "Severity": ("priority", "low|medium|high"),
        "Issue Type": ("category", "Billing|Bug|How-to"), "Summary": ("subject", "text"), "Star rating": ("csat", "five"), "Agent": (None, "person"), "Reopened": (None, "yes_no"), "Status": ("status", "open|solved|closed"),
    }),
    ("responses", "umfrage.csv", {
        "Antwort-ID": ("response_id", "id"), "Abgabedatum": ("answered_on", "date_dmy"), "E-Mail-Adresse": ("email", "email"), "Wie wahrscheinlich ist es, dass Sie uns weiterempfehlen?": ("nps", "nps"),
        "Was ist der Hauptgrund für Ihre Bewertung?": ("comment", "text"), "Wie zufrieden sind Sie mit dem Support?": ("csat", "five"), "Welche Funktionen nutzen Sie?": (None, "Plan;Zeit|Plan|Zeit;Lohn"),
        "Ihre Abteilung": (None, "IT|HR|Bau"), "Sprache": ("language", "de|en"),
    }),
    ("responses", "form_answers.csv", {
        "Submitted at": ("answered_on", "date"), "Your email": ("email", "email"), "Your company": ("account_name", "company"), "What is your role?": (None, "Owner|Manager|Engineer"),
        "On a scale of 0 to 10, how likely are you to recommend us to a colleague?": ("nps", "nps"), "What could we do better?": ("comment", "text"), "Which tools do you use every week?": (None, "Excel;Slack|Excel|Slack;Jira"),
        "How many people are in your team?": (None, _BANDS),
    }),
    ("prospects", "leads_fair.csv", {
        "Lead ID": ("account_id", "id"), "Company": ("account_name", "company"), "Website": ("domain", "domain"), "Contact Person": ("person_name", "person"), "Position": ("job_title", "CEO|Head of IT|Buyer"),
        "Work Email": ("email", "email"), "Sector": ("industry", _INDUSTRIES), "Size Band": ("employee_band", _BANDS), "Country": ("country", _COUNTRIES), "Year Founded": ("founded_year", "year"), "Booth visited": (None, "yes_no"),
    }),
    ("customers", "members.csv", {
        "Member ID": ("account_id", "id"), "Full Name": ("person_name", "person"), "Email": ("email", "email"), "Sex": ("gender", "Male|Female"), "Age": ("age", "age"), "Income Bracket": ("income_band", "$0-$25,000|$25,000-$50,000|$50,000-$100,000"),
        "Marital Status": ("household", "single|married"), "Joined": ("customer_since", "date"), "Membership Type": ("plan", "Gold|Silver"), "Total Spent": ("total_revenue", "money"), "Last Purchase": ("last_activity_on", "date"),
        "Locker": (None, "code"), "Degree": ("education", "Bachelor|Master|None yet"), "Referred customers": ("referrals", "small"),
    }),
    ("costs", "uitgaven.csv", {
        "Maand": ("period_on", "date"), "Kanaal": ("channel", "Zoeken|Beurs|Mail"), "Campagne": ("campaign", "Voorjaar|Herfst"), "Kosten": ("cost", "money_eu"), "Valuta": ("currency", "EUR|GBP"), "Nieuwe klanten": ("new_customers", "small"), "Klikken": (None, "int"),
    }),
    ("customers", "clienti.csv", {
        "Codice cliente": ("account_id", "id"), "Ragione sociale": ("account_name", "company"), "Sito web": ("domain", "domain"), "Settore": ("industry", "Edilizia|Moda|Cibo"), "Numero dipendenti": ("employees", "int"),
        "Fatturato": ("company_revenue", "big"), "Provincia": ("region", "Milano|Torino|Bari"), "Città": ("city", "Milano|Torino|Bari"), "Cliente dal": ("customer_since", "date_dmy"), "Canone mensile": ("mrr", "money_eu"), "Nota interna": (None, "text"),
        "Referente": ("person_name", "person"),
    }),
    ("notes", "besprekingen.csv", {
        "Gespreksdatum": ("noted_on", "date"), "Klantnaam": ("account_name", "company"), "Notitie": ("note", "text"), "Geschreven door": ("author", "person"), "Thema": ("topic", "Prijs|Planning"),
    }),
    ("contacts", "people.csv", {
        "Person ID": ("contact_id", "id"), "Contact Name": ("person_name", "person"), "Contact Email": ("email", "email"), "Employer": ("account_name", "company"), "Role": ("job_title", "CEO|CFO|Head of Sales"), "Seniority Level": ("seniority", "C-level|Director"),
        "Dept": (None, "Finance|Sales|IT"), "Stakeholder Role": ("buying_role", "Champion|Blocker|Decision maker"), "Assistant email": (None, "email"), "Newsletter": (None, "yes_no"),
    }),
)  # fmt: skip


# Headings that mislead: colleagues' addresses, parents' names, marks that are no survey scores.
ADVERSE: tuple[tuple[str, str, dict[str, tuple[str | None, str]]], ...] = (
    ("customers", "table.csv", {
        "Account Name": ("account_name", "company"),
        "Account Owner Email": (None, "email"),
        "Parent Account Name": ("parent_account", "company"),
        "Rating": (None, "Hot|Warm|Cold"),
        "Score": (None, "int"),
        "Last Modified By": (None, "person"),
        "State": ("region", "Texas|Ohio|Utah"),
        "Ticker": (None, "ACM|GLX|INI"),
        "# of employees": ("employees", "int"),
        "Annual Rev.": ("company_revenue", "big"),
        "Renewal": (None, "date"),
        "Type": (None, "Direct|Partner"),
        "Segment": ("customer_type", "SMB|Mid|Ent"),
        "Go-live": ("customer_since", "date"),
        "Exec sponsor": (None, "person"),
    }),
    ("orders", "table.csv", {
        "Transaction ID": ("order_id", "order"),
        "Timestamp": ("ordered_on", "date"),
        "Buyer": (None, "person"),
        "Buyer email": ("email", "email"),
        "SKU": ("product_id", "code"),
        "Title": (None, "Mug|Plate"),
        "Qty": ("quantity", "small"),
        "Price": ("unit_price", "money"),
        "Subtotal": (None, "money"),
        "Total": ("order_total", "money"),
        "Gift": (None, "yes_no"),
        "Ship date": (None, "date"),
        "Warehouse": (None, "N|S"),
        "Weight": (None, "money"),
        "Rating": (None, "five"),
    }),
    ("deals", "table.csv", {
        "ID": ("deal_id", "id"),
        "Name": ("deal_name", "text"),
        "Account": ("account_name", "company"),
        "Account ID": ("account_id", "repeated_id"),
        "Stage": ("stage", "Lead|Demo|Won|Lost"),
        "Age": (None, "int"),
        "Value": ("amount", "money"),
        "Created": ("created_on", "date"),
        "Close date": ("closed_on", "date"),
        "Type": (None, "New|Upsell"),
        "Owner": ("owner", "person"),
        "Region": (None, "EMEA|AMER"),
        "Score": (None, "int"),
        "Notes": (None, "text"),
        "Created by": (None, "person"),
    }),
    ("responses", "table.csv", {
        "Date": ("answered_on", "date"),
        "Name": ("person_name", "person"),
        "Email": ("email", "email"),
        "Score": ("nps", "nps"),
        "Comment": ("comment", "text"),
        "Plan": (None, "Pro|Core"),
        "Country": (None, "Germany|France|Spain"),
        "Lead score": (None, "int"),
        "Agent": (None, "person"),
    }),
    ("customers", "table.csv", {
        "id": ("account_id", "id"),
        "name": ("account_name", "company"),
        "plan": ("plan", "pro|core|max"),
        "status": ("status", "active|cancelled"),
        "created_at": ("created_on", "date"),
        "cancelled_at": ("churned_on", "date"),
        "mrr": ("mrr", "money"),
        "country": ("country", "Germany|France|Spain"),
        "users": (None, "int"),
        "last_seen": ("last_activity_on", "date"),
        "source": ("lead_source", "ads|seo"),
        "score": (None, "int"),
        "trial_days": (None, "small"),
        "notes": (None, "text"),
    }),
    ("subscriptions", "table.csv", {
        "Subscription": ("subscription_id", "order"),
        "Customer email": ("email", "email"),
        "Plan name": ("plan", "Pro|Core"),
        "Start": ("started_on", "date"),
        "End": ("ended_on", "date"),
        "Amount": ("amount", "money"),
        "Interval": ("interval", "month|year"),
        "Status": ("status", "active|canceled"),
        "Auto renew": (None, "yes_no"),
        "Sales rep": (None, "person"),
        "Discount": (None, "percent"),
    }),
    ("tickets", "table.csv", {
        "Ticket": ("ticket_id", "order"),
        "Title": ("subject", "text"),
        "Company": ("account_name", "company"),
        "Created": ("opened_on", "date"),
        "Resolved": ("solved_on", "date"),
        "Priority": ("priority", "P1|P2|P3"),
        "Type": ("category", "Bug|Question"),
        "Owner": (None, "person"),
        "Score": (None, "five"),
        "Tags": (None, "vip;bug|bug|vip"),
    }),
    ("customers", "table.csv", {
        "Cust No": ("account_id", "id"),
        "Cust Name": ("account_name", "company"),
        "Bill-to Country": ("country", "Germany|France"),
        "Ship-to Country": (None, "Germany|France"),
        "Last Invoice": (None, "date"),
        "Salesperson Code": (None, "AB|CD"),
        "Credit Limit": (None, "money"),
        "Payment Terms": (None, "30D|60D"),
        "Blocked": (None, "yes_no"),
        "E-Mail": ("email", "email"),
        "Phone No.": ("phone", "code"),
        "VAT Reg No.": (None, "code"),
        "Industry Group": ("industry", "Bau|IT"),
    }),
    ("usage", "table.csv", {
        "account": ("account_name", "company"),
        "month": ("period_on", "date"),
        "logins": ("sessions", "int"),
        "active_users": ("active_users", "int"),
        "seats": (None, "int"),
        "storage_gb": (None, "money"),
        "errors": (None, "int"),
    }),
    ("orders", "table.csv", {
        "Rechnungsnr.": ("order_id", "order"),
        "Rechnungsdatum": ("ordered_on", "date_dmy"),
        "Kunde": ("account_name", "company"),
        "Kundennr.": ("account_id", "repeated_id"),
        "Positionsbetrag": ("line_amount", "money_eu"),
        "MwSt.": ("tax", "money_eu"),
        "Gesamtbetrag": ("order_total", "money_eu"),
        "Fällig am": (None, "date_dmy"),
        "Bezahlt": (None, "yes_no"),
        "Artikelnr.": ("product_id", "code"),
        "Bezeichnung": ("product", "Stuhl|Tisch"),
        "Menge": ("quantity", "small"),
    }),
)  # fmt: skip


def tables(n_rows: int = 120):
    """(true kind, file name, headings, rows, {heading: true field}) per table; the same each time."""
    for number, (kind, file_name, columns) in enumerate(TABLES + ADVERSE):
        random = Random(1000 + number)
        values = [_values(sort, n_rows, random) for _, sort in columns.values()]
        rows = [list(row) for row in zip(*values, strict=True)]
        yield kind, file_name, list(columns), rows, {name: field for name, (field, _) in columns.items()}
