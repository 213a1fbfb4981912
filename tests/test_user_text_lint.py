"""No text of an upload reaches Streamlit's Markdown unescaped: read from the source of every page.

Whatever is shown where Streamlit reads Markdown must be a constant, a number, ``md(…)``, wording of the core
made of numbers, or one of the expressions named below, each with its reason.
"""

import ast
from functools import lru_cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "app.py", *sorted((ROOT / "pages").rglob("*.py"))]

# Streamlit's functions that read Markdown in their first argument …
LABELLED = frozenset(
    """markdown caption title header subheader write info warning error success toast exception button checkbox
    radio selectbox multiselect slider select_slider text_input text_area number_input date_input time_input toggle
    expander popover form_submit_button download_button file_uploader link_button page_link metric progress spinner
    status tabs segmented_control pills feedback badge dialog color_picker camera_input chat_input table"""
    .split()
)  # fmt: skip
# … and in these arguments by name. (Options of ``selectbox`` and ``multiselect`` are plain text.)
NAMED = ("label", "body", "text", "help", "caption", "captions", "value_label", "delta")
OPTION_LABELS = frozenset({"radio", "pills", "segmented_control", "select_slider"})
RECEIVERS_WITHOUT_MARKDOWN = frozenset(
    {"re", "html", "json", "load", "store", "state", "parser", "log", "logger"}
)

# Functions that give back text which is safe: escaped, or made of constants and numbers alone.
SAFE_CALLS = frozenset("md len str.join sum round max min abs int float count".split())
SAFE_MODULES = frozenset({"wording"})  # figures and dates in words
# Rooms whose functions put numbers and constants into words; these of them also say what they are given.
WORDING = frozenset({"icp_core.stats.wording", "icp_core.stats.phrases"})
NOT_WORDING = frozenset({"money", "figure", "interval_words", "change_words"})
KEEPS_SAFE = frozenset(
    "lower upper strip rstrip lstrip capitalize title removesuffix removeprefix replace format join get items "
    "values keys date strftime split isoformat".split()
)
NUMBERS = frozenset("n number dots repeats horizon base".split())  # attributes that are numbers everywhere
NUMBER_FORMATS = ("d", "f", ",", "%", "g", "n", "e")

# Expressions that were looked at: (file, expression as written) → why it is safe.
LOOKED_AT: dict[tuple[str, str], str] = {
    ("customers_best.py", "place"): "a number",
    ("customers_best.py", "', '.join(marks)"): "two words of the program",
    ("customers_best.py", "listed(missing)"): "names of our own signals",
    ("downloads.py", "label"): "a parameter; callers are held by HELPERS",
    ("feedback.py", "what"): "a parameter; callers are held by HELPERS",
    ("figures.py", "note"): "a parameter; callers are held by HELPERS",
    ("segment_page.py", "label"): "a parameter; callers are held by HELPERS",
    ("segment_picker.py", "name.capitalize()"): "a parameter; callers are held by HELPERS",
    ("segment_picker.py", "tip"): "a parameter; callers are held by HELPERS",
    ("voice_codes.py", "label"): "a parameter; callers are held by HELPERS",
    ("doubts.py", "n"): "a count",
    ("one_pager_versions.py", "title"): "Entering, Leaving",
    (
        "profile_check.py",
        "holdout.openings_words(holdout.openings(workspace), sealed=found.is_sealed)",
    ): "a sentence about a count",
    ("profile_check.py", "n"): "a count",
    ("parts.py", "names"): "titles of our own parts",
    ("profile_document.py", "section.title"): "our own section names",
    ("profile_document.py", "dots"): "dots",
    ("profile_document.py", "title"): "our own section names",
    ("profile_plan.py", "_STATUS.get(one.status, '')"): "a table of our own words",
    ("prospect_checks.py", "found.worst_tenth + 1"): "a number",
    ("segment_page.py", "found.retention.verdict"): "one of our own phrases",
    ("prospect_list.py", "scored['tier']"): "one of our own tiers",
    ("prospect_list.py", "scored['fit_points']"): "a number",
    ("prospect_list.py", "scored['low']"): "a number",
    ("prospect_list.py", "scored['high']"): "a number",
    ("research_kit.py", "lambda t: topics[t]"): "our own topics",
    ("retention_cohorts.py", "str.capitalize"): "of our own words",
    ("retention_slipping.py", "meaning"): "our own sentence",
    ("segment_picker.py", "counts[o][0]"): "Yes, No, Not known",
    ("segment_picker.py", "said"): "figures and dates in words",
    ("uploads.py", "what"): "the label of a kind of table",
}
# Our own functions that pass a text on to Markdown: which argument, by position or by name.
HELPERS = {
    "show_chart": ("note",),
    "download_csv": (0,),
    "download_bytes": (0,),
    "nothing_loaded": (0,),
    "_tool": (0, 1),
    "_act": (0,),
    "_attribute_choice": (1,),
}


class Function:
    """What names stand for inside one function (or the module)."""

    def __init__(self, path: Path, node: ast.AST, outer: "Function | None" = None):
        self.path, self.outer = path, outer
        self.values: dict[str, list[ast.expr]] = {}
        for child in body_of(node):
            if isinstance(child, ast.Assign):
                for target in child.targets:
                    self.bind(target, child.value)
            elif isinstance(child, (ast.AnnAssign, ast.NamedExpr)) and child.value is not None:
                self.bind(child.target, child.value)
            elif isinstance(child, ast.AugAssign):
                self.bind(child.target, child.value)
            elif isinstance(child, (ast.For, ast.comprehension)):
                self.bind(child.target, child.iter)

    def bind(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            self.values.setdefault(target.id, []).append(value)
        elif isinstance(target, (ast.Tuple, ast.List)):
            same = isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == len(target.elts)
            for i, part in enumerate(target.elts):
                self.bind(part, value.elts[i] if same else value)

    def find(self, name: str) -> list[ast.expr] | None:
        if name in self.values:
            return self.values[name]
        return self.outer.find(name) if self.outer else None

    def safe(self, node: ast.expr | None, seen: frozenset = frozenset()) -> bool:
        """Whether an expression can hold nothing but the program's own words and numbers."""
        if node is None or isinstance(node, (ast.Constant, ast.Compare)):
            return True
        if (self.path.name, ast.unparse(node)) in LOOKED_AT:
            return True
        if isinstance(node, ast.JoinedStr):
            return all(self.safe(part, seen) for part in node.values)
        if isinstance(node, ast.FormattedValue):
            spec = ast.unparse(node.format_spec)[2:-1] if node.format_spec else ""
            return (
                (bool(spec) and spec.endswith(NUMBER_FORMATS)) or "%" in spec or self.safe(node.value, seen)
            )
        if isinstance(node, ast.IfExp):
            return self.safe(node.body, seen) and self.safe(node.orelse, seen)
        if isinstance(node, ast.BoolOp):
            return all(self.safe(v, seen) for v in node.values)
        if isinstance(node, ast.BinOp):
            return self.safe(node.left, seen) and self.safe(node.right, seen)
        if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
            return all(self.safe(e, seen) for e in node.elts)
        if isinstance(node, ast.Dict):
            return all(self.safe(e, seen) for e in [*node.keys, *node.values])
        if isinstance(node, ast.Starred):
            return self.safe(node.value, seen)
        if isinstance(node, (ast.GeneratorExp, ast.ListComp, ast.SetComp)):
            return self.safe(node.elt, seen)
        if isinstance(node, ast.DictComp):
            return self.safe(node.value, seen)
        if isinstance(node, ast.Lambda):
            return self.safe(node.body, seen)
        if isinstance(node, ast.Subscript):
            return self.safe(node.value, seen)
        if isinstance(node, ast.Name):
            if (
                node.id in seen
                or node.id == "md"
                or is_constant(node.id)
                or node.id in words_of_the_core(self.path)
            ):
                return True
            found = self.find(node.id)
            return found is not None and all(self.safe(v, seen | {node.id}) for v in found)
        if isinstance(node, ast.Attribute):
            return (
                is_constant(node.attr)
                or node.attr in NUMBERS
                or (node.attr in KEEPS_SAFE | {"__getitem__"} and self.safe(node.value, seen))
            )
        if isinstance(node, ast.Call):
            return self.safe_call(node, seen)
        return False

    def safe_call(self, node: ast.Call, seen: frozenset) -> bool:
        called = node.func
        if isinstance(called, ast.Name):
            if called.id in SAFE_CALLS or called.id in words_of_the_core(self.path):
                return True
            if called.id in ("list", "tuple", "sorted", "dict", "zip", "enumerate", "set"):
                return all(self.safe(a, seen) for a in node.args)
            return self.own_function_is_safe(called.id, seen)
        if not isinstance(called, ast.Attribute):
            return False
        if isinstance(called.value, ast.Name) and called.value.id in SAFE_MODULES:
            return True
        if called.attr in KEEPS_SAFE:
            return self.safe(called.value, seen) and all(self.safe(a, seen) for a in node.args)
        return False

    def own_function_is_safe(self, name: str, seen: frozenset) -> bool:
        """Whether a function of the same file gives back safe text whatever it is given."""
        if name in seen:
            return True
        for node in ast.walk(tree(self.path)):
            if isinstance(node, ast.FunctionDef) and node.name == name:
                inside = Function(self.path, node, Function(self.path, tree(self.path)))
                returned = [n.value for n in body_of(node) if isinstance(n, ast.Return)]
                return bool(returned) and all(inside.safe(v, seen | {name}) for v in returned)
        return False


def is_constant(name: str) -> bool:
    return name.isupper() or (name.startswith("_") and name[1:].isupper())


@lru_cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@lru_cache
def words_of_the_core(path: Path) -> frozenset[str]:
    """Names the file imports from the rooms that put figures into words."""
    return frozenset(
        alias.asname or alias.name
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and node.module in WORDING
        for alias in node.names
        if alias.name not in NOT_WORDING
    )


def body_of(node: ast.AST):
    """All nodes of a function without those of functions inside it."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.FunctionDef, ast.ClassDef)):
            continue
        yield child
        yield from body_of(child)


def scopes(path: Path):
    module = tree(path)
    top = Function(path, module)
    yield module, top
    pending = [(module, top)]
    while pending:
        node, outer = pending.pop()
        for child in ast.walk(node):
            if isinstance(child, ast.FunctionDef) and child is not node:
                yield child, Function(path, child, top)


def faults(path: Path) -> list[str]:
    found = []
    for node, scope in scopes(path):
        for call in body_of(node):
            if not isinstance(call, ast.Call):
                continue
            if isinstance(call.func, ast.Name) and call.func.id in HELPERS:
                which = HELPERS[call.func.id]
                passed = [a for i, a in enumerate(call.args) if i in which]
                passed += [k.value for k in call.keywords if k.arg in which]
                found += [f"{path.name}:{v.lineno}: {ast.unparse(v)}" for v in passed if not scope.safe(v)]
            if not isinstance(call.func, ast.Attribute):
                continue
            receiver = call.func.value
            if call.func.attr not in LABELLED or (
                isinstance(receiver, ast.Name) and receiver.id in RECEIVERS_WITHOUT_MARKDOWN
            ):
                continue
            shown = call.args[:1] + [k.value for k in call.keywords if k.arg in NAMED]
            if call.func.attr in ("page_link", "progress"):  # a file; a share
                shown = shown[1:]
            if call.func.attr == "metric":
                shown += call.args[1:3] + [k.value for k in call.keywords if k.arg == "value"]
            if call.func.attr in OPTION_LABELS:
                labels = [k.value for k in call.keywords if k.arg == "format_func"]
                shown += labels or call.args[1:2]
            for value in shown:
                if not scope.safe(value):
                    found.append(f"{path.name}:{value.lineno}: {ast.unparse(value)}")
    return sorted(set(found))


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.stem)
def test_only_escaped_text_reaches_markdown(path):
    assert faults(path) == []


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("st.markdown(row.customer_name)", True),
        ("st.button(f'Erase {row.customer_name}')", True),
        ("st.caption(md(row.customer_name))", False),
        ("st.metric('Customers', f'{n:,}')", False),
        ("name = facts.label\nst.tabs([name])", True),
        ("name = md(facts.label)\nst.tabs([name])", False),
        ("st.radio('Which', options, format_func=lambda o: o.label)", True),
        ("st.selectbox('Which', options)", False),
        ("st.markdown('x', help=about.description)", True),
        ("st.error(str(problem))", True),
        ("def words(a):\n    return f'{a}'\nst.info(words(1))", True),
        ("def words(a):\n    return md(a)\nst.info(words(1))", False),
        ("show_chart(chart, note=facts.revenue_definition)", True),
    ],
)
def test_the_lint_tells_escaped_from_raw(tmp_path, code, fault):
    path = tmp_path / "page.py"
    path.write_text(code, encoding="utf-8")

    assert bool(faults(path)) == fault


def test_every_exception_to_the_rule_is_still_needed():
    sources = {p.name: ast.unparse(tree(p)) for p in PAGES}

    assert [key for key in LOOKED_AT if key[1] not in sources.get(key[0], "")] == []
