"""Exports of survey and satisfaction tools."""

from __future__ import annotations

import datetime as dt

from tests.core.gather.exports import ExportFile, text
from tests.core.gather.files import workbook_bytes, zip_bytes

# ------------------------------------------------------------------------------------------- Qualtrics

_Q_FIXED = "StartDate,EndDate,Status,IPAddress,Progress,Duration (in seconds),Finished,RecordedDate,ResponseId,RecipientLastName,RecipientFirstName,RecipientEmail,ExternalReference,LocationLatitude,LocationLongitude,DistributionChannel,UserLanguage".split(",")  # fmt: skip
_Q_FIXED_ENGLISH = ["Start Date", "End Date", "Response Type", "IP Address", "Progress", "Duration (in seconds)", "Finished", "Recorded Date", "Response ID", "Recipient Last Name", "Recipient First Name", "Recipient Email", "External Data Reference", "Location Latitude", "Location Longitude", "Distribution Channel", "User Language"]  # fmt: skip
_Q_FIXED_GERMAN = ["Anfangsdatum", "Enddatum", "Antworttyp", "IP-Adresse", "Fortschritt", "Dauer (in Sekunden)", "Beendet", "Aufgezeichnetes Datum", "Antwort-ID", "Nachname des Empfängers", "Vorname des Empfängers", "E-Mail des Empfängers", "Externe Datenreferenz", "Standort-Breitengrad", "Standort-Längengrad", "Verteilungskanal", "Benutzersprache"]  # fmt: skip
_Q_IDS = ["startDate", "endDate", "status", "ipAddress", "progress", "duration", "finished", "recordedDate", "_recordId", "recipientLastName", "recipientFirstName", "recipientEmail", "externalDataReference", "locationLatitude", "locationLongitude", "distributionChannel", "userLanguage"]  # fmt: skip
_Q_ASKED = ["Q1_NPS_GROUP", "Q1", "Q2", "Q3", "Q3_5_TEXT", "Plan"]
_Q_ENGLISH = ["How likely are you to recommend us? - Group", "<div>How likely are you to<br>recommend us?</div>", "Why did you give\nthis score?", "What do you want to do? - Selected Choice", "What do you want to do? - Other - Text", "Plan"]  # fmt: skip
_Q_GERMAN = ["Gruppe", "Wie wahrscheinlich ist es, dass Sie uns weiterempfehlen?", "Warum haben Sie diese Note gegeben?", "Was möchten Sie tun?", "Anderes", "Plan"]  # fmt: skip
_Q_QIDS = ["QID1_NPS_GROUP", "QID1", "QID2_TEXT", "QID3", "QID3_5_TEXT", "Plan"]


def _q_ids(quote: str = '"') -> list[str]:
    return [f"{{{quote}ImportId{quote}:{quote}{name}{quote}" + (f",{quote}timeZone{quote}:{quote}America/Denver{quote}}}" if name.endswith("Date") else "}") for name in _Q_IDS + _Q_QIDS]  # fmt: skip


def _q_rows(numeric: bool) -> list[list[str]]:
    def row(n, status, nps, group, why, wants, plan, email):
        done = "1" if numeric else "True"
        return [f"2017-07-{n:02d} 08:20:09", f"2017-07-{n:02d} 08:28:09", status, "1.2.3.4", "100", "300", done, f"2017-07-{n:02d} 08:28:10", f"R_{n}abcDEF", "Lee", "Ann", email, "", "52.1", "13.2", "email", "EN", group, nps, why, wants, "", plan]  # fmt: skip

    ip, preview = ("0", "1") if numeric else ("IP Address", "Survey Preview")
    return [
        row(18, ip, "10", "3" if numeric else "Promoter", "It saves us hours every week", "1,2" if numeric else "Write a comment,I want to talk", "pro", "ann@quarry.com"),
        row(19, preview, "0", "1" if numeric else "Detractor", "test", "2" if numeric else "I want to talk", "pro", ""),
        row(20, ip, "7", "2" if numeric else "Passive", "Good but slow at times", "1" if numeric else "Write a comment", "core", "jo@bettina.ch"),
    ]  # fmt: skip


def _qualtrics(second=None, numeric=False, quote='"', **how) -> bytes:
    head = [_Q_FIXED + _Q_ASKED, second or _Q_FIXED_ENGLISH + _Q_ENGLISH, _q_ids(quote)]
    return text([*head, *_q_rows(numeric)], **how)


def _q_anonymous() -> bytes:
    gone = {
        "IPAddress",
        "RecipientLastName",
        "RecipientFirstName",
        "RecipientEmail",
        "LocationLatitude",
        "LocationLongitude",
    }
    keep = [i for i, name in enumerate(_Q_FIXED + _Q_ASKED) if name not in gone]
    rows = [_Q_FIXED + _Q_ASKED, _Q_FIXED_ENGLISH + _Q_ENGLISH, _q_ids(), *_q_rows(False)]
    return text([[row[i] for i in keep] for row in rows])


_Q_MEANS = {"ResponseId": "response_id", "Q1": "nps", "Q2": "comment", "Q1_NPS_GROUP": "nps_group", "EndDate": "answered_on", "RecipientEmail": "email", "Q3": None, "Plan": None}  # fmt: skip
_Q_VALUES = {"nps": [10.0, 7.0], "comment": ["It saves us hours every week", "Good but slow at times"], "answered_on": ["2017-07-18", "2017-07-20"], "email": ["ann@quarry.com", "jo@bettina.ch"]}  # fmt: skip

QUALTRICS = [
    ExportFile("qualtrics, texts", "three header rows; HTML and line breaks in questions; previews do not count; answers joined by commas", "Feedback_January 31, 2026_09.03.csv", lambda: _qualtrics(), "qualtrics", "responses", _Q_MEANS, _Q_VALUES, 2),
    ExportFile("qualtrics, numbers", "choices and statuses are numbers; several choices are no decimals", "Feedback numeric.csv", lambda: _qualtrics(numeric=True), "qualtrics", "responses", {**_Q_MEANS, "Q3": None}, {**_Q_VALUES, "q3": [["1", "2"], ["1"]]}, 2),
    ExportFile("qualtrics, second row in German", "the second row is in the user's language", "Rückmeldung.csv", lambda: _qualtrics(_Q_FIXED_GERMAN + _Q_GERMAN), "qualtrics", "responses", _Q_MEANS, _Q_VALUES, 2),
    ExportFile("qualtrics, single quotes in the third row", "import ids between single quotes", "Feedback old.csv", lambda: _qualtrics(quote="'"), "qualtrics", "responses", _Q_MEANS, _Q_VALUES, 2),
    ExportFile("qualtrics, tabs in UTF-16", "TSV exports are UTF-16 with a mark", "Feedback.tsv", lambda: _qualtrics(delimiter="\t", encoding="utf-16"), "qualtrics", "responses", _Q_MEANS, _Q_VALUES, 2),
    ExportFile("qualtrics, anonymised", "no address, name or place of the respondent", "Feedback anonymous.csv", _q_anonymous, "qualtrics", "responses", {k: v for k, v in _Q_MEANS.items() if k != "RecipientEmail"}, {k: v for k, v in _Q_VALUES.items() if k != "email"}, 2),
    ExportFile("qualtrics, third row deleted", "two header rows, the second in German", "Rückmeldung bereinigt.csv", lambda: text([_Q_FIXED + _Q_ASKED, _Q_FIXED_GERMAN + _Q_GERMAN, *_q_rows(False)]), "qualtrics", "responses", _Q_MEANS, _Q_VALUES, 2),
    ExportFile(
        "qualtrics, legacy", "two header rows, V1 to V10, a trailing empty column, spam", "Sample_Survey.csv",
        lambda: text([
            ["V1", "V2", "V3", "V4", "V5", "V6", "V7", "V8", "V9", "V10", "Q1", "Q2", ""],
            ["ResponseID", "ResponseSet", "Name", "ExternalDataReference", "EmailAddress", "IPAddress", "Status", "StartDate", "EndDate", "Finished", "How likely are you to recommend us?", "Why did you give this score?", ""],
            ["R_1", "Default Response Set", "Ann Lee", "", "ann@quarry.com", "1.2.3.4", "0", "2015-01-01 10:00:00", "2015-01-01 10:05:00", "1", "9", "Fast and simple to learn", ""],
            ["R_2", "Default Response Set", "Anonymous", "", "", "1.2.3.4", "8", "2015-01-02 10:00:00", "2015-01-02 10:05:00", "1", "3", "Spam", ""],
            ["R_3", "Default Response Set", "Jo Voss", "", "jo@bettina.ch", "1.2.3.4", "0", "2015-01-03 10:00:00", "2015-01-03 10:05:00", "1", "4", "Slow at times", ""],
        ]), "qualtrics", "responses", {"ResponseID": "response_id", "EndDate": "answered_on", "EmailAddress": "email"}, {"nps": [9.0, 4.0], "comment": ["Fast and simple to learn", "Slow at times"]}, 2,
    ),
]  # fmt: skip

# ------------------------------------------------------------------------------------------- SurveyMonkey

_SM = [
    ["Respondent ID", "Collector ID", "Start Date", "End Date", "IP Address", "Email Address", "First Name", "Last Name", "Custom Data 1", "How likely is it that you would recommend us to a friend?", "Which tools – do you use?", "", "", "Rank these", "", "How do you see<br>us?", "Anything else?"],
    ["", "", "", "", "", "", "", "", "", "Response", "CRM", "Spreadsheet", "Other (please specify)", "Price", "Support", "Brand", "Open-Ended Response"],
    ["3292879998", "7", "06/21/2024 09:12:00 AM", "06/21/2024 09:15:00 AM", "1.2.3.4", "ann@quarry.com", "Ann", "Lee", "", "9", "CRM", "", "", "1", "2", "Very favorably", "Café “Zoë” is great for our planning"],
    ["3292879999", "7", "07/02/2024 09:12:00 AM", "07/02/2024 09:15:00 AM", "1.2.3.4", "jo@bettina.ch", "Jo", "Voss", "", "3", "CRM", "Spreadsheet", "", "2", "1", "Somewhat favorably", "It is too slow for us"],
    ["3292880000", "7", "07/03/2024 09:12:00 AM", "07/03/2024 09:15:00 AM", "1.2.3.4", "al@gamma.io", "Al", "Fox", "", "0", "", "Spreadsheet", "A wall calendar", "N/A", "1", "Very favorably", ""],
    ["3292880001", "7", "07/04/2024 09:12:00 PM", "07/04/2024 09:15:00 PM", "1.2.3.4", "", "", "", "", "", "", "", "", "", "", "", ""],
]  # fmt: skip
_SM_VALUES = {"nps": [9.0, 3.0, 0.0, None], "answered_on": ["2024-06-21", "2024-07-02", "2024-07-03", "2024-07-04"], "email": ["ann@quarry.com", "jo@bettina.ch", "al@gamma.io", None]}  # fmt: skip
_SM_MEANS = {"Respondent ID": "response_id", "End Date": "answered_on", "Email Address": "email", "How likely is it that you would recommend us to a friend?": "nps", "Which tools – do you use? - CRM": None, "Which tools – do you use? - Other (please specify)": None, "Rank these - Price": None, "Anything else?": "comment"}  # fmt: skip

SURVEYMONKEY = [
    ExportFile("surveymonkey, expanded", "two header rows, question only above its first option, cp1252, br in headings, partial answers", "CSV/Survey.csv".split("/")[1], lambda: text(_SM, encoding="cp1252"), "surveymonkey", "responses", _SM_MEANS, _SM_VALUES, 4),
    ExportFile("surveymonkey, expanded workbook in an archive", "zip with a folder Excel and the sheet named Sheet", "Data_All_260131.zip", lambda: zip_bytes({"Excel/Survey.xlsx": workbook_bytes({"Sheet": [[c or None for c in r] for r in _SM]})}), "surveymonkey", "responses", {"Respondent ID": "response_id", "End Date": "answered_on"}, _SM_VALUES, 4),
    ExportFile(
        "surveymonkey, condensed", "one column per question, several answers in one cell, second row empty", "Survey condensed.csv",
        lambda: text([["Respondent ID", "Collector ID", "Start Date", "End Date", "Which tools do you use?", "How likely is it that you would recommend us?"], ["", "", "", "", "", ""],
                      ["11", "7", "01/22/2026 09:00:00 AM", "01/22/2026 09:05:00 AM", "CRM, Spreadsheet", "9"], ["12", "7", "01/23/2026 09:00:00 AM", "01/23/2026 09:05:00 AM", "CRM", "0"]]),
        "surveymonkey", "responses", {"Respondent ID": "response_id", "How likely is it that you would recommend us?": "nps"}, {"nps": [9.0, 0.0], "answered_on": ["2026-01-22", "2026-01-23"]}, 2,
    ),
    ExportFile(
        "surveymonkey, who answers is asked in the form", "the fixed address is empty; name, company and address stand in a block of questions", "Sheet_1.csv",
        lambda: text([["Respondent ID", "Collector ID", "Start Date", "End Date", "Email Address", "Contact information", "", "", "How satisfied are you with us?"], ["", "", "", "", "", "Name", "Company", "Email Address", "Response"],
                      ["11", "7", "01/22/2026 09:00:00 AM", "01/22/2026 09:05:00 AM", "", "Ann Lee", "Quarry Inc", "ann@quarry.com", "Very satisfied"], ["12", "7", "01/23/2026 09:00:00 AM", "01/23/2026 09:05:00 AM", "", "Jo Voss", "Bettina AG", "jo@bettina.ch", "Somewhat dissatisfied"]]),
        "surveymonkey", "responses", {"Contact information - Name": "person_name", "Contact information - Company": "account_name", "Contact information - Email Address": "email"},
        {"email": ["ann@quarry.com", "jo@bettina.ch"], "csat": [1.0, 0.25]}, 2,
    ),
    ExportFile(
        "surveymonkey, trimmed", "only RespondentID is left of the fixed columns", "steak.csv",
        lambda: text([["RespondentID", "Do you ever smoke cigarettes?", "How do you like your steak prepared?", "Gender", "Age"], ["", "Response", "Response", "Response", "Response"], ["3237565956", "Yes", "Rare", "Male", "> 60"], ["3234982343", "No", "Medium", "Female", "18-29"]]),
        "surveymonkey", "responses", {"RespondentID": "response_id", "Gender": None, "How do you like your steak prepared?": None}, n=2,
    ),
    ExportFile(
        "surveymonkey, one header row", "question and option joined by a dash", "thanks.csv",
        lambda: text([["RespondentID", "Which of these do you eat? - Turkey", "Which of these do you eat? - Pie", "How old are you?"], ["4337954960", "Turkey", "", "18 - 29"], ["4337951949", "Turkey", "Pie", "30 - 44"], ["4337951950", "", "Pie", "60+"]]),
        "surveymonkey", "responses", {"RespondentID": "response_id", "Which of these do you eat? - Turkey": None}, n=3,
    ),
]  # fmt: skip

# ------------------------------------------------------------------------------------------- Typeform, Google Forms, Microsoft Forms, Hotjar

_TOKENS = (
    "a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d6",
    "b1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d6",
    "c1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d6",
)

FORMS = [
    ExportFile(
        "typeform, newer", "guarded phone numbers, duplicate headings, merge tags, forms opened but not answered", "responses-AbC123-01HXYZ.csv",
        lambda: text([
            ["#", "What is your company, {{field:2c3d}}?", "How likely are you to recommend us?", "Other", "Other", "Your phone", "Response Type", "Start Date (UTC)", "Stage Date (UTC)", "Submit Date (UTC)", "Network ID", "Tags", "Ending"],
            [_TOKENS[0], "Quarry Inc", "9", "", "", "'+56954886178", "completed", "2025-02-22 17:15:19", "", "2025-02-22 17:16:19", "n1", "", "Thanks"],
            [_TOKENS[1], "Bettina AG", "4", "Other", "", "'+91 99999 11111", "partial", "2025-02-23 17:15:19", "2025-02-23 17:15:59", "", "n2", "", ""],
            [_TOKENS[2], "", "", "", "", "", "started", "2025-02-24 17:15:19", "", "", "n3", "", ""],
        ]), "typeform", "responses", {"#": "response_id", "Submit Date (UTC)": "answered_on", "How likely are you to recommend us?": "nps", "Network ID": None}, {"nps": [9.0, 4.0], "your_phone": ["+56954886178", "+91 99999 11111"]}, 2,
    ),
    ExportFile(
        "typeform, several answers in one cell", "a stroke before each answer", "responses.csv",
        lambda: text([["#", "Which tools do you use?", "Company", "Response Type", "Start Date (UTC)", "Stage Date (UTC)", "Submit Date (UTC)", "Network ID", "Tags", "Ending"],
                      [_TOKENS[0], " / Excel / Slack", "Quarry", "completed", "2025-02-22 17:15:19", "", "2025-02-22 17:16:19", "n1", "", ""], [_TOKENS[1], " / Excel", "Bettina", "completed", "2025-02-23 17:15:19", "", "2025-02-23 17:16:19", "n2", "", ""]]),
        "typeform", "responses", {"Which tools do you use?": None, "Company": "account_name"}, {"which_tools_do_you_use": [["Excel", "Slack"], ["Excel"]]}, 2,
    ),
    ExportFile(
        "typeform, older", "options as headings of their own, no Response Type", "typeform-old.csv",
        lambda: text([["#", "How likely are you to recommend us?", "Excel", "Slack", "Other", "Why did you choose this number?", "Start Date (UTC)", "Submit Date (UTC)", "Network ID"],
                      [_TOKENS[0], "10", "Excel", "", "", "It is so quick to learn", "2021-02-22 17:15:19", "2021-02-22 17:16:19", "n1"], [_TOKENS[1], "0", "Excel", "Slack", "", "Too slow for our work", "2021-02-23 17:15:19", "2021-02-23 17:16:19", "n2"]]),
        "typeform", "responses", {"#": "response_id", "How likely are you to recommend us?": "nps", "Excel": None, "Why did you choose this number?": "comment"}, {"nps": [10.0, 0.0], "answered_on": ["2021-02-22", "2021-02-23"]}, 2,
    ),
    ExportFile(
        "google forms, sheet", "moments of the sheet's locale, checkboxes joined by commas, grid questions, a repeated question, a score", "Feedback (Responses) - Form Responses 1.csv",
        lambda: text([["Timestamp", "Email Address", "Score", "What do you use it for?", "How happy are you? [Price]", "How happy are you? [Support]", "How likely are you to recommend us to a colleague?", "Email Address2", "Any other feedback?"],
                      ["5/13/2026 09:15:00", "ann@quarry.com", "4 / 5", "Replay, workbook", "Happy", "Unhappy", "10", "", "Great work, thank you all"], ["5/14/2026 10:15:00", "jo@bettina.ch", "2 / 5", "Replay", "Happy", "Happy", "6", "", "It could be faster when loading"], ["5/15/2026 11:15:00", "al@gamma.io", "3 / 5", "workbook, Replay", "Unhappy", "Happy", "0", "", ""]]),
        "google_forms", "responses", {"Timestamp": "answered_on", "Email Address": "email", "How likely are you to recommend us to a colleague?": "nps", "What do you use it for?": None}, {"answered_on": ["2026-05-13", "2026-05-14", "2026-05-15"], "nps": [10.0, 6.0, 0.0]}, 3,
    ),
    ExportFile(
        "google forms, direct file", "moments with the zone in words, checkboxes joined by semicolons", "Feedback.csv",
        lambda: text([["Timestamp", "Username", "What do you use it for?", "How likely are you to recommend us to a colleague?"], ["2026/09/27 3:00:00 PM GMT+3", "ann@quarry.com", "Replay;workbook", "10"], ["2026/09/28 11:00:00 AM GMT+3", "jo@bettina.ch", "workbook", "0"], ["2026/09/29 11:00:00 AM GMT+3", "al@gamma.io", "workbook;Replay", "5"]], quote_all=True),
        "google_forms", "responses", {"Timestamp": "answered_on", "Username": "email"}, {"answered_on": ["2026-09-27", "2026-09-28", "2026-09-29"], "nps": [10.0, 0.0, 5.0], "what_do_you_use_it_for": [["Replay", "workbook"], ["workbook"], ["workbook", "Replay"]]}, 3,
    ),
    ExportFile(
        "google forms, localised workbook", "the sheet and the first heading follow the language", "Encuesta (respuestas).xlsx",
        lambda: workbook_bytes({"Respuestas de formulario 1": [["Marca temporal", "¿Qué probabilidad hay de que nos recomiende?", "¿Por qué?"], [dt.datetime(2026, 5, 13, 9, 15), 9, "Porque es muy rápido y fácil"], [dt.datetime(2026, 5, 14, 9, 15), 0, "Porque es demasiado lento hoy"]]}),
        "google_forms", "responses", {"Marca temporal": "answered_on", "¿Qué probabilidad hay de que nos recomiende?": "nps", "¿Por qué?": "comment"}, {"answered_on": ["2026-05-13", "2026-05-14"]}, 2,
    ),
    ExportFile(
        "microsoft forms", "trailing semicolons, NBSP and line breaks in headings, anonymous addresses, repeated names", "Feedback(1-3).xlsx",
        lambda: workbook_bytes({"Sheet1": [["ID", "Start time", "Completion time", "Email", "Name", "Last modified time", "Which tools\u00a0do you use?\u00a0", "How likely are you to recommend us?\n", "Name1"],
                                           [1, dt.datetime(2026, 7, 27, 19, 1), dt.datetime(2026, 7, 27, 19, 6, 23), "anonymous", None, None, "AGOL;Cartography;", 9, "Quarry"], [2, dt.datetime(2026, 7, 28, 19, 1), dt.datetime(2026, 7, 28, 19, 6), "ann@quarry.com", "Ann Lee", None, "AGOL;", 0, "Blue"], [3, dt.datetime(2026, 7, 29, 19, 1), dt.datetime(2026, 7, 29, 19, 6), "jo@bettina.ch", "Jo Voss", None, "Cartography;Survey;", 7, "Gamma"]]}),
        "microsoft_forms", "responses", {"ID": "response_id", "Completion time": "answered_on", "Email": "email"}, {"email": [None, "ann@quarry.com", "jo@bettina.ch"], "nps": [9.0, 0.0, 7.0], "which_tools_do_you_use": [["AGOL", "Cartography"], ["AGOL"], ["Cartography", "Survey"]]}, 3,
    ),
    ExportFile(
        "microsoft forms in German", "the fixed headings follow the language of the form's owner; Anonym is no name", "Umfrage(1-2).xlsx",
        lambda: workbook_bytes({"Sheet1": [["ID", "Startzeit", "Fertigstellungszeit", "E-Mail", "Name", "Wie wahrscheinlich ist es, dass Sie uns weiterempfehlen?", "Was nutzen Sie?"],
                                           [1, dt.datetime(2026, 7, 27, 19, 1), dt.datetime(2026, 7, 27, 19, 6, 23), "anonymous", "Anonym", 9, "Excel;Papier;"], [2, dt.datetime(2026, 7, 28, 19, 1), dt.datetime(2026, 7, 28, 19, 6), "ann@quarry.com", "Ann Lee", 0, "Excel;"]]}),
        "microsoft_forms", "responses", {"Fertigstellungszeit": "answered_on", "E-Mail": "email", "Startzeit": None}, {"email": [None, "ann@quarry.com"], "person_name": [None, "Ann Lee"], "nps": [9.0, 0.0], "was_nutzen_sie": [["Excel", "Papier"], ["Excel"]]}, 2,
    ),
    ExportFile(
        "microsoft forms, quiz saved as text", "points and feedback after each question, a cp1252 dash, short years", "Quiz.csv",
        lambda: text([["Id", "Start time", "Completion time", "Email", "Name", "Total points", "Quiz feedback", "What is our price – roughly?", "Points - What is our price – roughly?", "Feedback - What is our price – roughly?", "How likely are you to recommend us?"],
                      ["1", "7/27/26 19:01:23", "7/27/26 19:06:23", "anonymous", "", "3", "", "100", "1", "", "10"], ["2", "7/28/26 19:01:23", "7/28/26 19:06:23", "jo@bettina.ch", "Jo Voss", "2", "", "90", "0", "", "0"]], encoding="cp1252"),
        "microsoft_forms", "responses", {"Id": "response_id", "Completion time": "answered_on", "Points - What is our price – roughly?": None, "How likely are you to recommend us?": "nps"}, {"answered_on": ["2026-07-27", "2026-07-28"], "nps": [10.0, 0.0]}, 2,
    ),
    ExportFile(
        "hotjar", "delivered as zip; trailing blanks and line breaks in headings", "hotjar-survey.zip",
        lambda: zip_bytes({"survey.csv": text([["Number", "User", "Date Submitted", "Country", "Source URL", "Device", "Browser", "OS", "Hotjar User ID", "How likely are you to recommend us? ", "Why did you give that score?\n"],
                                               ["1", "u-1", "2024-05-01 10:00:00", "Germany", "https://x.com/a", "desktop", "Chrome", "Windows", "h1", "10", "Quick and friendly answers always"], ["2", "u-2", "2024-05-02 10:00:00", "France", "https://x.com/b", "phone", "Safari", "iOS", "h2", "0", "Too many clicks to find it"]])}),
        "hotjar", "responses", {"Number": "response_id", "Date Submitted": "answered_on", "Country": None}, {"nps": [10.0, 0.0], "comment": ["Quick and friendly answers always", "Too many clicks to find it"]}, 2,
    ),
    ExportFile(
        "hotjar, older", "no Hotjar User ID", "hotjar.csv",
        lambda: text([["Number", "User", "Date Submitted", "Country", "Source URL", "Device", "Browser", "OS", "How satisfied are you?"], ["1", "u-1", "2024-05-01 10:00:00", "Germany", "https://x.com/a", "desktop", "Chrome", "Windows", "5"], ["2", "u-2", "2024-05-02 10:00:00", "France", "https://x.com/b", "phone", "Safari", "iOS", "1"]]),
        "hotjar", "responses", {"Number": "response_id", "Source URL": None, "How satisfied are you?": "csat"}, n=2,
    ),
]  # fmt: skip

# ------------------------------------------------------------------------------------------- scores

SCORES = [
    ExportFile(
        "an nps tool", "names of the interface, properties of the person with a dot", "nps.csv",
        lambda: text([["id", "email", "name", "survey_type", "score", "comment", "permalink", "created_at", "updated_at", "person_properties.plan", "tags"], ["1", "ann@quarry.com", "Ann Lee", "nps", "10", "It is quick", "https://x.co/1", "2024-05-01T10:00:00Z", "", "pro", ""], ["2", "jo@bettina.ch", "Jo Voss", "nps", "0", "It is slow", "https://x.co/2", "2024-05-02T10:00:00Z", "", "core", ""]]),
        "nps_tool", "responses", {"score": "nps", "comment": "comment", "created_at": "answered_on", "email": "email", "person_properties.plan": None}, {"nps": [10.0, 0.0]}, 2,
    ),
    ExportFile(
        "a satisfaction tool", "the same tool asks for satisfaction from 1 to 5", "csat.csv",
        lambda: text([["id", "email", "name", "survey_type", "score", "comment", "permalink", "created_at"], *([str(i), f"a{i}@quarry{i}.com", "Ann Lee", "csat", str(1 + i % 5), "It is quick", f"https://x.co/{i}", f"2024-05-{1 + i:02d}T10:00:00Z"] for i in range(10))]),
        "nps_tool", "responses", {"score": "csat", "comment": "comment"}, {"csat": [float(1 + i % 5) for i in range(10)]}, 10,
    ),
    ExportFile(
        "an nps tool that also asks for effort and satisfaction", "answers to several questions in one file: the one of recommending is read, the others are listed", "all-surveys.csv",
        lambda: text([["id", "email", "survey_type", "score", "comment", "permalink", "created_at"], ["1", "ann@quarry.com", "nps", "10", "It is quick", "https://x.co/1", "2024-05-01T10:00:00Z"], ["2", "jo@bettina.ch", "csat", "2", "It is slow", "https://x.co/2", "2024-05-02T10:00:00Z"], ["3", "al@gamma.io", "nps", "0", "It is slow", "https://x.co/3", "2024-05-03T10:00:00Z"]]),
        "nps_tool", "responses", {"score": "nps"}, {"nps": [10.0, 0.0]}, 2,
    ),
    ExportFile(
        "an effort survey", "the same tool asks how easy it was", "ces.csv",
        lambda: text([["id", "email", "survey_type", "score", "comment", "permalink", "created_at"], ["1", "ann@quarry.com", "ces", "7", "It is quick", "https://x.co/1", "2024-05-01T10:00:00Z"], ["2", "jo@bettina.ch", "ces", "2", "It is slow", "https://x.co/2", "2024-05-02T10:00:00Z"]]),
        "nps_tool", "responses", {"score": "ces"}, {"ces": [7.0, 2.0]}, 2,
    ),
    ExportFile(
        "ratings as faces", "Help Scout and others show faces", "happiness.csv",
        lambda: text([["Date", "Rating", "Comments", "Customer Email"], ["2026-05-13", "😃", "Thanks a lot for the help", "ann@quarry.com"], ["2026-05-13", "😐", "", "jo@bettina.ch"], ["2026-05-14", "🙁", "Nobody answered me at all", "al@gamma.io"]]),
        None, "responses", {"Rating": "csat", "Comments": "comment", "Customer Email": "email"}, {"csat": [1.0, 0.5, 0.0]}, 3,
    ),
    *(
        ExportFile(
            f"reviews rated {written[0]}", "stars are satisfaction, never a recommendation", "reviews.csv",
            lambda written=written: text([["Date", "Customer", "Rating", "Review"], *([f"2026-05-1{i}", firm, mark, f"{firm} say it helps them a lot"] for i, (firm, mark) in enumerate(zip(("Quarry Inc", "Bettina AG", "Gamma Ltd"), written, strict=True), 1))]),
            None, "responses", {"Rating": "csat", "Review": "comment"}, {"csat": [5.0, 2.0, 4.0]}, 3,
        )
        for written in (("★★★★★", "★★", "★★★★☆"), ("5 stars", "2 stars", "4 stars"), ("5/5", "2/5", "4/5"), ("5 out of 5", "2 out of 5", "4 out of 5"))
    ),
    ExportFile(
        "satisfaction in percent", "a percent sign beside the score", "csat-percent.csv",
        lambda: text([["Ticket ID", "Customer Email", "CSAT Score (%)", "Created at"], ["1", "ann@quarry.com", "100%", "2026-05-13"], ["2", "jo@bettina.ch", "0%", "2026-05-14"]]),
        None, "tickets", {"CSAT Score (%)": "csat"}, {"csat": [100.0, 0.0]}, 2,
    ),
    ExportFile(
        "zendesk tickets", "words of satisfaction; offered is no answer", "tickets.csv",
        lambda: text([["Id", "Subject", "Requester", "Requester email", "Organization", "Group", "Assignee", "Status", "Priority", "Created at", "Solved at", "Satisfaction Score"],
                      ["48200", "Print the plan", "Inès", "ines@quarry.com", "Quarry Inc", "How to", "Sven", "Solved", "Normal", "2024-11-02 08:00", "2024-11-03 08:00", "Good"], ["48201", "Log in fails", "Jo", "jo@bettina.ch", "Bettina AG", "Bugs", "Sven", "Open", "High", "2024-11-02 08:00", "", "Offered"], ["48202", "Wrong bill", "Al", "al@gamma.io", "Gamma", "Bills", "Sven", "Solved", "Low", "2024-11-04 08:00", "2024-11-05 08:00", "Bad"]]),
        "zendesk", "tickets", {"Id": "ticket_id", "Requester email": "email", "Organization": "account_name", "Satisfaction Score": "csat", "Assignee": None}, {"csat": [1.0, None, 0.0]}, 3,
    ),
    ExportFile(
        "zendesk ratings, legacy interface", "scores in words, some with a comment", "satisfaction_ratings.csv",
        lambda: text([["id", "score", "comment", "reason", "assignee_id", "group_id", "requester_id", "ticket_id", "created_at"], ["1", "good_with_comment", "Thanks a lot", "", "7", "3", "501", "48200", "2024-11-02T08:00:00Z"], ["2", "bad", "", "The issue took too long to resolve", "7", "3", "502", "48201", "2024-11-03T08:00:00Z"], ["3", "offered", "", "", "7", "3", "503", "48202", "2024-11-04T08:00:00Z"]]),
        "zendesk", "responses", {"id": "response_id", "score": "csat", "comment": "comment", "requester_id": "account_id", "created_at": "answered_on"}, {"csat": [1.0, 0.0]}, 2,
    ),
    ExportFile(
        "intercom ratings", "ratings 1 to 5 with a remark", "intercom.csv",
        lambda: text([["Conversation ID", "Conversation rating", "Conversation remark", "Teammate", "User email", "Company name", "Created at", "Closed at"], ["1", "5", "Thanks", "Ann", "jo@bettina.ch", "Bettina AG", "2024-11-02 08:00", "2024-11-02 09:00"], ["2", "1", "Slow", "Ann", "al@gamma.io", "Gamma", "2024-11-03 08:00", "2024-11-03 09:00"]]),
        "intercom", "tickets", {"Conversation ID": "ticket_id", "Conversation rating": "csat", "User email": "email", "Teammate": None}, {"csat": [5.0, 1.0]}, 2,
    ),
    ExportFile(
        "ratings great, okay, bad", "no vendor's headings are known; the words are scores", "happiness.csv",
        lambda: text([["Date", "Customer", "Customer email", "Rating", "Comments", "User"], *([f"2024-05-{1 + i:02d}", f"Quarry {i} Inc", f"a{i}@quarry{i}.com", ("Great", "Okay", "Bad")[i % 3], f"Quick and friendly answers in case {i}" if i % 2 else "", "Sven"] for i in range(12))]),
        None, "responses", {"Rating": "csat", "Comments": "comment", "Customer email": "email", "Date": "answered_on"}, {"csat": [(1.0, 0.5, 0.0)[i % 3] for i in range(12)]}, 12,
    ),
    ExportFile(
        "agent ratings with stars", "star_rating, request and response moments", "agent_connect.csv",
        lambda: text([["request_id", "request_sent_at", "response_received_at", "star_rating", "comments", "customer_name", "request_sent_to"], *([f"q{i}", f"2024-05-{1 + i:02d} 10:00", f"2024-05-{2 + i:02d} 10:00", str(1 + i % 5), "Quick and friendly answers", f"Ann Lee {i}", f"a{i}@quarry{i}.com"] for i in range(12))]),
        None, "responses", {"star_rating": "csat", "comments": "comment", "request_sent_to": "email", "response_received_at": "answered_on"}, {"csat": [float(1 + i % 5) for i in range(12)]}, 12,
    ),
    ExportFile(
        "scores with words beside them", "0 and 10 carry their meaning in words", "answers.csv",
        lambda: text([["Submitted at", "Email", "How likely are you to recommend us to a friend?", "Why?"], *([f"2024-05-{1 + i:02d}", f"a{i}@quarry{i}.com", {10: "10 - Extremely likely", 0: "0 (Not at all likely)"}.get(i % 11, str(i % 11)), f"Quick and friendly answers, always, since week {i}"] for i in range(22))]),
        None, "responses", {"How likely are you to recommend us to a friend?": "nps", "Why?": "comment"}, {"nps": [float(i % 11) for i in range(22)]}, 22,
    ),
]  # fmt: skip

FILES = [*QUALTRICS, *SURVEYMONKEY, *FORMS, *SCORES]
