"""Texts that would act wherever they are taken for more than letters, and how to tell that one did.

Each trick holds a word of its own (``zq…``), so that a test finds out by the word alone which trick acted where:
a bold ``zqbold`` standing alone was Markdown, as nobody else writes that word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# Nobody listens there; a request is an attempt all the same.
ELSEWHERE = "http://elsewhere.invalid"

MARKDOWN = (
    f"![zqimg]({ELSEWHERE}/a.png) [zqlink]({ELSEWHERE}/b) <{ELSEWHERE}/zqauto>",
    "**zqbold** _zqitalic_ ~~zqstrike~~ `zqcode` ==zqmark== \\**zqescaped\\**",
    ":red[zqred] :blue-background[zqback] :green-badge[zqbadge] :small[zqsmall] :material/delete: :smile: :streamlit: :rainbow[zqrain]",
    "$\\text{zqmath}$ $$\\href{http://elsewhere.invalid/e}{zqhref}$$ $\\includegraphics{http://elsewhere.invalid/f.png}$",
    f"# zqhead\n> zqquote\n- zqitem\n\n[zqref][1] [^1]\n\n[1]: {ELSEWHERE}/c\n[^1]: zqnote",
    f"&lt;b&gt;zqentity&lt;/b&gt; &#42;&#42;zqnumber&#42;&#42; www.elsewhere.invalid {ELSEWHERE}/d zq@elsewhere.invalid",
    "| zqcell | b |\n|---|---|\n| c | d |\n\n---\n```\nzqfence\n```",
)
HTML = (
    f'<img src="{ELSEWHERE}/g.png" onerror="alert(1)"><b>zqtag</b><a href="{ELSEWHERE}/h">zqanchor</a>',
    f"<script src={ELSEWHERE}/i.js></script><svg onload=alert(2)><iframe src={ELSEWHERE}/j></iframe>",
    f"\"'></p></div></style><style>@import url({ELSEWHERE}/k.css)</style><a href='javascript:alert(3)'>zqscript</a>",
    f"<!--><base href={ELSEWHERE}/><form action={ELSEWHERE}/l><button>zqbutton</button></form>",
)
PROGRAMS = (
    '#image("/etc/passwd") #read("/etc/passwd") #link("http://elsewhere.invalid")[zqtypst] $x$ @zqlabel <zqlabel> \\u{41} */ //',
    "datum.x + alert(4) ') + warn('zqvega') + (' \\\"; scale('x') %d} [zq.field] a.b[0]['c']",
    "\"; DROP TABLE imports; -- zqsql ' OR 1=1 /* $name $1 ?",
    "{{constructor.constructor('alert(5)')()}} ${alert(6)} {0} {x!r} %s %n %(zqformat)s <%= 7*7 %>",
    "../../../../etc/passwd\\..\\..\\zqpath:stream|cmd.exe",
    "2026-01-01 00:00:00\r\nzqlog CRITICAL root: all is lost\x1b[31m\x1b]0;zqtitle\x07",
    "\u202egnp.zqturned\u202c\u2066zq\u2069 \u200bzqzero\u200d \x00\x07\x1b[2J",
)
FORMULAS = (
    f'=HYPERLINK("{ELSEWHERE}/m","zqsheet")',
    "+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    '@SUM(1+1)*cmd|\' /C calc\'!A0',
    "\t=1+1",
    "\r=1+1",
    '=cmd|"/C calc"!A0;DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe',
)  # fmt: skip
EVERY = (*MARKDOWN, *HTML, *PROGRAMS, *FORMULAS)


def endless() -> Iterator[str]:
    """One payload after the other, for as many places as there are."""
    while True:
        yield from EVERY


# Looks in the page for tricks that acted: an element made by a trick holds the word of the trick and nothing else,
# while an element of the app may hold a whole payload as letters.
ACTED_JS = """() => {
    const found = [];
    const own = 'strong,b,em,i,del,s,code,pre,mark,a,h1,h2,h3,h4,h5,h6,blockquote,li,td,th,sup,button,form,iframe,script,base,'
        + '[style*=color],[style*=background],.stMarkdownBadge,.katex,.stMarkdownColoredText';
    for (const e of document.querySelectorAll(own)) {
        const said = e.textContent.trim();
        if (/^zq[a-z]+$/.test(said)) found.push(e.tagName + ' ' + said);
    }
    for (const e of document.querySelectorAll('.katex')) if (/zq/.test(e.textContent)) found.push('KATEX ' + e.textContent.slice(0, 60));
    for (const e of document.querySelectorAll('[src],[href],[action],[srcset],[data],[style]'))
        for (const name of ['src', 'href', 'action', 'srcset', 'data', 'style']) {
            const at = e.getAttribute(name) || '';
            if (/elsewhere\\.invalid|javascript:|mailto:zq/.test(at) && !/[?&]segment=/.test(at)) found.push(e.tagName + ' ' + at.slice(0, 80));
        }
    for (const e of document.querySelectorAll('img')) if (/^zq[a-z]+$/.test(e.alt)) found.push('IMG ' + e.alt);
    for (const e of document.querySelectorAll('svg[onload], [onerror], base, [data-testid=stException]'))
        found.push(e.outerHTML.slice(0, 80));
    return found;
}"""

_ACTED_HTML = re.compile(
    r"<(?:strong|em|del|s|code|mark|h[1-6]|blockquote|li|t[dh])[^>]*>\s*(?:<p>)?\s*zq\w+\s*<|<(?:img|a|script|iframe|base|form|svg)\b",
    re.IGNORECASE,
)


def acted_in_html(html: str) -> list[str]:
    """The same for HTML that some reader made of an exported text."""
    return [html[m.start() : m.end() + 60] for m in _ACTED_HTML.finditer(html)]
