"""How CRMs say that a deal was won, lost or is still open; patterns for lower-case text that every engine reads."""

from __future__ import annotations

WON = (
    r"(\bwon\b|closed.?won|gewonnen|gagn|ganad|ganh[oa]\b|vint[oa]\b|wygran|vunn|vundet|voitettu|contract signed"
    r"|受注|成約|赢单)"
)
LOST = (
    r"(\blost\b|closed.?lost|verloren|perdu|perdid|pers[oa]\b|przegran|förlora|tapt\b|tabt\b|hävi"
    r"|out-sold|cancel|disqualif|no decision|\bdead\b|失注|输单)"
)
OPEN = r"(\bopen\b|offen|ouvert|abiert|abert|apert)"
# Not over yet, but also said of records that are in use.
UNDER_WAY = r"(in progress|\bactive)"
