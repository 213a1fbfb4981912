"""Whose row is this? Rows of all tables become customers: sure matches at once, likely ones as proposals.

The cascade (METHODS, account matching): the same id, the same company domain, the same e-mail address, the same
name after removing the legal form together with the same place. A name alone decides only where a table says
nothing else and exactly one customer bears it. What looks alike beyond that is proposed, never merged.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from operator import attrgetter, itemgetter
from typing import TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa
from rapidfuzz import fuzz, process

from icp_core.vocabulary.names import (
    company_domain,
    is_free_mail,
    normalised_email,
    normalised_name,
    normalised_place,
    registrable_domain,
)
from icp_core.vocabulary.places import country_code

_Meaning = TypeVar("_Meaning")
_Item = TypeVar("_Item")

RECORD_COLUMNS = ("kind", "import_id", "row", "account_id", "account_name", "domain", "email", "person_name", "city", "country")  # fmt: skip

# Two lists of ids are one system's if the names behind equal ids agree at least this often.
_SAME_IDS_AGREE = 0.5
# Names of two rows of one customer list that share a web domain: above this they are one firm typed twice.
_DOUBLE_NAME = 84
# Proposals: likeness of the names (0–100) from which a pair is shown, and how much a place moves it.
_PROPOSE_FROM, _PLACE_SHIFT = 86, 8
# Pairs are compared in blocks of so many names against all; above so many pairs only names that share a word.
_BLOCK, _ALL_PAIRS = 500, 60_000_000
_PROPOSALS_EACH = 3
# A name like so many others tells nobody apart; and so many of one beginning are looked at in very long lists.
_CROWD, _NEAR = 100, 500
# A word of so many names is common; what is left of two names without such words must be this much alike.
_COMMON_FROM, _OWN_WORDS = 5, 84
# Neighbours: likeness of whole names, or one name within the other beside one telephone (less, as café and dining
# room of one hotel show, is two places); a tower block proves nothing.
_SAME_HOUSE_NAME, _SAME_PHONE_WORDS, _CROWDED_HOUSE = 80, 95, 60
# Long lists are gone through with word after so many, so that they can be followed and stopped.
_TOLD_EVERY = 500


@dataclass(frozen=True, eq=False)
class Matching:
    """Who is who.

    ``customers``: one row per customer (customer_id, customer_name, domain, email, city, country, n_records).
    ``links``: one row per record that belongs to a customer (kind, import_id, row, customer_id, reason, score);
    a record that names nobody has none. ``proposals``: pairs for the user to judge, most alike first (left_id,
    left_name, right_id, right_name, score, reason). ``merges``: every join that was made between records that
    are not plainly the same (customer_id, left_id, left_name, right_id, right_name, reason, score); the decision
    ``{"left": left_id, "right": right_id, "verdict": "different"}`` takes one back.
    """

    customers: pd.DataFrame
    links: pd.DataFrame
    proposals: pd.DataFrame
    merges: pd.DataFrame


def match(
    records: pa.Table | pd.DataFrame,
    decisions: Iterable[Mapping[str, str]] = (),
    progress: Callable[[float], None] | None = None,
) -> Matching:
    """Settle who is who; pure and deterministic.

    ``records`` has the columns ``RECORD_COLUMNS``, all text but ``import_id`` and ``row``; blank = not known;
    ``address``, ``postal_code`` and ``phone`` may be missing.
    ``decisions`` are the user's: ``{"left": id, "right": id, "verdict": "same" | "different"}`` with ids of
    ``customers``, ``proposals`` or ``merges``. They win over every rule. Customer ids come from the data: the
    customer list's own id, else the web domain, else a person's e-mail address, else another system's id, else
    the normalised name; so they stay the same from one import to the next. ``progress`` is told the share done,
    often enough to be followed, and may raise to stop.
    """
    frame = records.to_pandas() if isinstance(records, pa.Table) else records
    return _Matcher(frame, tuple(decisions), progress or (lambda share: None)).run()


_BLANK = {""}
_NOTHING: set[str] = set()


@dataclass(slots=True)
class _Node:
    """Records of one table that are plainly the same: one id, or one set of identities."""

    position: int
    import_id: int
    kind: str
    account_id: str
    name: str
    norm: str
    domain: str
    domain_from_mail: bool
    email: str
    person: str
    city: str
    country: str
    shown_city: str
    shown_country: str
    street: str
    phone: str
    records: list[int]

    @property
    def is_account(self) -> bool:
        return self.kind == "customers"


class _Matcher:
    def __init__(
        self, frame: pd.DataFrame, decisions: Sequence[Mapping[str, str]], tell: Callable[[float], None]
    ):
        self.frame = frame
        self.tell = tell
        self.nodes = _nodes(frame)
        self.parent = list(range(len(self.nodes)))
        self.members: dict[int, list[int]] = {}  # of the clusters of several nodes, by their first
        self.how: dict[int, tuple[str, float]] = {}
        self.merges: list[tuple[int, int, str, float]] = []
        self.proposals: dict[tuple[int, int], tuple[float, str]] = {}
        self.ids = self._node_ids()
        self.decisions = decisions
        self.apart: list[tuple[int, int]] = []
        self.common: frozenset[str] = frozenset()

    def run(self) -> Matching:
        by_id: dict[str, list[int]] = defaultdict(list)
        for i, node_id in enumerate(self.ids):
            by_id[node_id].append(i)
        said = [
            (by_id[d["left"]], by_id[d["right"]], d.get("verdict", "same"))
            for d in self.decisions
            if d.get("left") in by_id and d.get("right") in by_id
        ]
        self.apart = [
            (a, b) for left, right, verdict in said if verdict == "different" for a in left for b in right
        ]
        for left, right, verdict in said:
            if verdict == "same":
                for node in (*left[1:], *right):
                    self._join(left[0], node, "You said they are the same.", 1.0)
        for share, step in (
            (0.3, self._by_account_id),
            (0.4, self._by_domain),
            (0.45, self._by_email),
            (0.5, self._by_name),
            (0.6, self._by_street),
            (0.62, self._alike),
        ):
            self.tell(share)
            step()
        return self._result()

    def _each(self, items: Iterable[_Item], low: float, high: float) -> Iterator[_Item]:
        """The items one by one, with word now and then how far they are between two shares of the whole."""
        whole = list(items)
        for n, item in enumerate(whole):
            if n % _TOLD_EVERY == 0:
                self.tell(low + (high - low) * n / len(whole))
            yield item

    # --------------------------------------------------------------------------------------- joining

    def _find(self, i: int) -> int:
        while self.parent[i] != i:
            self.parent[i] = self.parent[self.parent[i]]
            i = self.parent[i]
        return i

    def _may_join(self, a: int, b: int) -> bool:
        return all({self._find(x), self._find(y)} != {a, b} for x, y in self.apart)

    def _join(self, i: int, j: int, reason: str, score: float) -> bool:
        a, b = self._find(i), self._find(j)
        if a == b:
            return True
        if not self._may_join(a, b):
            return False
        self.merges.append((i, j, reason, score))
        self.how.setdefault(j, (reason, score))
        low, high = min(a, b), max(a, b)
        self.parent[high] = low
        self.members.setdefault(low, [low]).extend(self.members.pop(high, (high,)))
        return True

    def _propose(self, i: int, j: int, score: float, reason: str) -> None:
        pair = (min(i, j), max(i, j))
        if pair not in self.proposals or self.proposals[pair][0] < score:
            self.proposals[pair] = (score, reason)

    def _together(self, i: int) -> Sequence[int]:
        """The nodes of the cluster that a node is in."""
        root = self._find(i)
        return self.members.get(root) or (root,)

    def _cluster(self, i: int) -> list[_Node]:
        return [self.nodes[m] for m in self._together(i)]

    def _has_account(self, i: int) -> bool:
        return any(self.nodes[m].is_account for m in self._together(i))

    def _values(self, i: int, name: str) -> set[str]:
        members = self._together(i)
        if len(members) == 1:
            value = getattr(self.nodes[members[0]], name)
            return {value} if value else _NOTHING
        return {getattr(self.nodes[m], name) for m in members} - _BLANK

    # --------------------------------------------------------------------------------------- the cascade

    def _by_account_id(self) -> None:
        """Equal ids are one customer, unless the names behind equal ids of two files disagree as a rule."""
        by_id: dict[str, list[int]] = defaultdict(list)
        lost_zeros = _without_zeros(self.nodes)
        for i, node in enumerate(self.nodes):
            if node.account_id:
                bare = node.import_id in lost_zeros
                by_id[node.account_id.lstrip("0") if bare else node.account_id].append(i)
        agree: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0])
        shared = [nodes for nodes in by_id.values() if len(nodes) > 1]
        for nodes in shared:
            for a in nodes:
                for b in nodes:
                    first, second = self.nodes[a], self.nodes[b]
                    if first.import_id < second.import_id:
                        verdict = _agree(first, second)
                        if verdict is not None:
                            agree[first.import_id, second.import_id][0] += verdict
                            agree[first.import_id, second.import_id][1] += 1
        other_system = {
            pair
            for pair, (same, compared) in agree.items()
            if compared >= 3 and same < _SAME_IDS_AGREE * compared
        }
        for nodes in shared:
            for later in nodes[1:]:
                for earlier in nodes:
                    if earlier >= later:
                        break
                    pair = tuple(sorted((self.nodes[earlier].import_id, self.nodes[later].import_id)))
                    if pair not in other_system:
                        same = self.nodes[earlier].account_id == self.nodes[later].account_id
                        reason = "Same customer id." if same else "Same customer id but for leading zeros."
                        self._join(earlier, later, reason, 1.0)
                        break

    def _groups(self, name: str) -> list[list[int]]:
        """Clusters that share a value, by one node each; only values that several clusters have."""
        values = list(map(attrgetter(name), self.nodes))
        often = Counter(values)
        by_value: dict[str, dict[int, int]] = defaultdict(dict)
        for i, value in enumerate(values):
            if value and often[value] > 1:
                root = self._find(i)
                known = by_value[value].get(root)
                if known is None or (self.nodes[i].is_account and not self.nodes[known].is_account):
                    by_value[value][root] = i
        return [list(found.values()) for found in by_value.values() if len(found) > 1]

    def _by_domain(self) -> None:
        for group in self._groups("domain"):
            accounts = [i for i in group if self._has_account(i)]
            others = [i for i in group if not self._has_account(i)]
            lead: list[int] = []
            for i in accounts:
                double = next((j for j in lead if self._is_double(i, j)), None)
                if double is None:
                    for j in lead:
                        self._propose(
                            i,
                            j,
                            70.0,
                            "Same web domain, different names: one firm, or parent and subsidiary?",
                        )
                    lead.append(i)
                else:
                    self._join(double, i, "Same web domain and nearly the same name.", 0.98)
            if len(lead) <= 1:
                self._join_domain(lead[0] if lead else None, others)
            else:
                self._share_out(lead, others)

    def _is_double(self, i: int, j: int) -> bool:
        """Two rows of a customer list with one web domain: the same firm typed twice, not its subsidiary."""
        if self._conflict(i, j, ("country",)):
            return False
        names = [(a, b) for a in self._values(i, "norm") for b in self._values(j, "norm")]
        if not names:
            return True
        return any(_alike(a, b) >= _DOUBLE_NAME for a, b in names)

    def _join_domain(self, first: int | None, others: Sequence[int]) -> None:
        others = list(others)
        if first is None:
            first, others = others[0], others[1:]
        apart: int | None = None
        for i in others:
            if (
                self.nodes[first].domain_from_mail
                and self.nodes[i].domain_from_mail
                and self._names_differ(first, i)
            ):
                self._propose(first, i, 72.0, "The e-mail addresses share a domain, the names differ.")
            elif not self._join(first, i, "Same web domain.", 0.98):
                # Told apart by the user; rows told apart from one customer still belong together.
                if apart is None:
                    apart = i
                else:
                    self._join(apart, i, "Same web domain.", 0.98)

    def _share_out(self, accounts: Sequence[int], others: Sequence[int]) -> None:
        """Several customers share a domain: a row joins the one whose name it bears, else it is asked."""
        for i in others:
            norms = self._values(i, "norm")
            same = [j for j in accounts if norms & self._values(j, "norm")]
            if len(same) == 1:
                self._join(same[0], i, "Same web domain and same name.", 0.99)
            else:
                for j in same or accounts[:_PROPOSALS_EACH]:
                    self._propose(j, i, 75.0, "Several customers share this web domain.")

    def _names_differ(self, i: int, j: int) -> bool:
        pairs = [(a, b) for a in self._values(i, "norm") for b in self._values(j, "norm")]
        return bool(pairs) and max(fuzz.token_set_ratio(a, b) for a, b in pairs) < 60

    def _by_email(self) -> None:
        for group in self._groups("email"):
            accounts = [i for i in group if self._has_account(i)]
            ids = {self.nodes[i].account_id for i in accounts}
            if len(accounts) > 1 and len(ids) > 1 and self._names_differ(accounts[0], accounts[1]):
                for i in group[1:]:
                    self._propose(group[0], i, 74.0, "Several customers share this e-mail address.")
                continue
            first = accounts[0] if accounts else group[0]
            for i in group:
                if i != first:
                    self._join(first, i, "Same e-mail address.", 0.99)

    def _conflict(
        self, i: int, j: int, names: Sequence[str] = ("domain", "country", "city", "street")
    ) -> str | None:
        """What speaks against two clusters being one: both have a value and share none."""
        for name in names:
            left, right = self._values(i, name), self._values(j, name)
            if left and right and not left & right:
                return name
        return None

    def _shares_place(self, i: int, j: int) -> bool:
        return any(self._values(i, name) & self._values(j, name) for name in ("city", "street"))

    def _by_name(self) -> None:
        for group in self._each(self._groups("norm"), 0.5, 0.6):
            if len(self.nodes[group[0]].norm) < 2:
                continue
            accounts = [i for i in group if self._has_account(i)]
            others = [i for i in group if not self._has_account(i)]
            lead = self._joined_by_place(accounts)
            if not lead:
                self._joined_by_place(others, alone=True)
                continue
            for i in others:
                self._join_by_name(lead, i)

    def _joined_by_place(self, group: Sequence[int], alone: bool = False) -> list[int]:
        """Join clusters of one name that share a place (or, ``alone``, where nothing speaks against it)."""
        lead: list[int] = []
        for i in group:
            for j in lead:
                against = self._conflict(i, j)
                shared = self._shares_place(i, j)
                if not against and shared:
                    self._join(j, i, "Same name and same place.", 0.98)
                    break
                if not against and alone and len(lead) == 1 and self._is_bare(i, j):
                    self._join(
                        j, i, "Same name after removing the legal form; nothing speaks against it.", 0.95
                    )
                    break
            else:
                for j in lead[:_PROPOSALS_EACH]:
                    self._propose_named(j, i)
                lead.append(i)
        return lead

    def _is_bare(self, i: int, j: int) -> bool:
        """One of two clusters says nothing but its name, and they come from different tables."""
        files_i = {node.import_id for node in self._cluster(i)}
        files_j = {node.import_id for node in self._cluster(j)}
        bare = any(not (self._values(k, "city") or self._values(k, "domain")) for k in (i, j))
        return bare and (
            files_i.isdisjoint(files_j)
            or not (self._values(i, "account_id") and self._values(j, "account_id"))
        )

    def _join_by_name(self, accounts: Sequence[int], i: int) -> None:
        fitting = [j for j in accounts if not self._conflict(j, i)]
        placed = [j for j in fitting if self._shares_place(j, i)]
        if len(placed) == 1:
            self._join(placed[0], i, "Same name and same place.", 0.98)
        elif len(accounts) == 1 and fitting:
            self._join(
                fitting[0], i, "Same name after removing the legal form; only one customer has it.", 0.95
            )
        else:
            for j in accounts[:_PROPOSALS_EACH]:
                self._propose_named(j, i)

    def _propose_named(self, i: int, j: int) -> None:
        against = self._conflict(i, j)
        if against == "domain":
            self._propose(i, j, 85.0, "Same name, different web domains.")
        elif against in ("country", "city"):
            where = "countries" if against == "country" else "towns"
            self._propose(i, j, 65.0, f"Same name, different {where}.")
        elif against:
            return  # the same name at two street addresses: two sites
        else:
            self._propose(i, j, 92.0, "Same name; nothing else is known.")

    def _by_street(self) -> None:
        """The same house in one street: one firm if the names are much alike, or one is in the other at one telephone."""
        for group in self._groups("street"):
            if len(group) > _CROWDED_HOUSE:
                continue
            for n, j in enumerate(group):
                for i in group[:n]:
                    if self._find(i) != self._find(j):
                        self._judge_neighbours(i, j)

    def _judge_neighbours(self, i: int, j: int) -> None:
        names = [(a, b) for a in self._values(i, "norm") for b in self._values(j, "norm")]
        if not names or self._conflict(i, j):
            return
        whole = max(_alike(a, b) for a, b in names)
        words = max(fuzz.token_set_ratio(a, b) for a, b in names)
        one_phone = bool(self._values(i, "phone") & self._values(j, "phone"))
        if whole >= _SAME_HOUSE_NAME or any(_contained(a, b) for a, b in names):
            self._join(i, j, "Same street address and nearly the same name.", 0.98)
        elif one_phone and words >= _SAME_PHONE_WORDS:
            self._join(
                i, j, "Same street address and telephone, and one name holds the words of the other.", 0.98
            )
        elif words >= 50:
            self._propose(i, j, 88.0 + words / 25, "Same street address; the names share words.")

    # --------------------------------------------------------------------------------------- proposals

    def _alike(self) -> None:
        """Propose clusters whose names look alike: rows of no known customer against all, or all against all."""
        roots = sorted({self._find(i) for i in range(len(self.nodes))})
        names = {root: next((n.norm for n in self._cluster(root) if n.norm), "") for root in roots}
        with_name = [root for root in roots if len(names[root]) >= 3]
        accounts = [root for root in with_name if self._has_account(root)]
        loose = [root for root in with_name if not self._has_account(root)]
        left = loose if accounts and loose else with_name
        right = with_name
        if not left or len(right) < 2:
            return
        self.common = _common_words(names[r] for r in with_name)
        keys_left, keys_right = [names[r] for r in left], [names[r] for r in right]
        blocks = _pairs_by_word if len(left) * len(right) > _ALL_PAIRS else _pairs_in_blocks
        pairs = blocks(keys_left, keys_right, lambda share: self.tell(0.62 + 0.1 * share))
        for a, b, score in self._each(pairs, 0.72, 0.85):
            i, j = left[a], right[b]
            if i == j or self._find(i) == self._find(j):
                continue
            if _own_words_differ(keys_left[a], keys_right[b], self.common):
                continue
            self._propose_alike(i, j, float(score))

    def _propose_alike(self, i: int, j: int, score: float) -> None:
        same_place = self._shares_place(i, j)
        against = self._conflict(i, j)
        # Two firms of one town with a web domain each are two firms, unless their names are nearly equal.
        score += -_PLACE_SHIFT if against else _PLACE_SHIFT if same_place else 0
        if against == "street":
            return
        if score < _PROPOSE_FROM:
            return
        reason = "The names are much alike" + (", and the place is the same." if same_place else ".")
        self._propose(i, j, min(score, 99.0) - (0 if same_place else 2), reason)

    # --------------------------------------------------------------------------------------- result

    def _node_ids(self) -> list[str]:
        """A stable id per node; two nodes may share one (the same domain in two files)."""
        return [_own_id(node) for node in self.nodes]

    def _result(self) -> Matching:
        self.parent = [self._find(i) for i in range(len(self.nodes))]  # nothing is joined any more
        roots = sorted(set(self.parent))
        by_root: dict[int, str] = {}
        taken: set[str] = set()
        rows = []
        for root in self._each(roots, 0.85, 0.9):
            cluster = self._cluster(root)
            customer_id = next(c for c in _id_choices(cluster) if c not in taken)
            taken.add(customer_id)
            by_root[root] = customer_id
            rows.append((customer_id, *_described(cluster), sum(len(n.records) for n in cluster)))
        customers = pd.DataFrame(
            rows, columns=["customer_id", "customer_name", "domain", "email", "city", "country", "n_records"]
        )
        return Matching(
            customers, self._links(by_root), self._proposal_frame(by_root), self._merge_frame(by_root)
        )

    def _links(self, by_root: Mapping[int, str]) -> pd.DataFrame:
        positions: list[int] = []
        ids: list[str] = []
        reasons: list[str] = []
        scores: list[float] = []
        for i, node in enumerate(self._each(self.nodes, 0.9, 0.92)):
            reason, score = self.how.get(i, ("Its own row.", 1.0))
            positions += node.records
            n = len(node.records)
            ids += [by_root[self.parent[i]]] * n
            reasons += [reason] * n
            scores += [score] * n
        links = self.frame.iloc[positions][["kind", "import_id", "row"]].reset_index(drop=True)
        links["customer_id"], links["reason"], links["score"] = ids, reasons, scores
        return links.sort_values(["import_id", "row", "kind"], kind="stable", ignore_index=True)

    def _proposal_frame(self, by_root: Mapping[int, str]) -> pd.DataFrame:
        best: dict[tuple[str, str], tuple[float, str, int, int]] = {}
        for (i, j), (score, reason) in self._each(self.proposals.items(), 0.92, 0.97):
            a, b = self._find(i), self._find(j)
            if a == b or not self._may_join(a, b):
                continue
            if self._has_account(b) and not self._has_account(a):
                a, b, i, j = b, a, j, i
            pair = (by_root[a], by_root[b])
            turned = (pair[1], pair[0])
            key = turned if turned in best else pair
            if key not in best or best[key][0] < score:
                best[key] = (score, reason, a, b)
        rows = [
            (left, _described(self._cluster(a if by_root[a] == left else b))[0], right,
             _described(self._cluster(b if by_root[b] == right else a))[0], round(score / 100, 3), reason)
            for (left, right), (score, reason, a, b) in self._each(best.items(), 0.97, 1.0)
        ]  # fmt: skip
        rows.sort(key=lambda r: (-r[4], r[0], r[2]))
        return pd.DataFrame(
            rows, columns=["left_id", "left_name", "right_id", "right_name", "score", "reason"]
        )

    def _merge_frame(self, by_root: Mapping[int, str]) -> pd.DataFrame:
        rows = [
            (
                by_root[self.parent[i]],
                self.ids[i],
                _shown(self.nodes[i]),
                self.ids[j],
                _shown(self.nodes[j]),
                reason,
                score,
            )
            for i, j, reason, score in self.merges
            if self.ids[i] != self.ids[j]
        ]
        columns = ["customer_id", "left_id", "left_name", "right_id", "right_name", "reason", "score"]
        return pd.DataFrame(rows, columns=columns)


# ------------------------------------------------------------------------------------------- nodes


def _text(frame: pd.DataFrame, name: str) -> list[str]:
    if name not in frame.columns:
        return [""] * len(frame)
    values = frame[name].astype(object).tolist()  # much faster than the strings of Arrow one by one
    return ["" if v is None or v != v else str(v).strip() for v in values]


def _each(texts: Sequence[str], reading: Callable[[str], _Meaning]) -> list[_Meaning]:
    """What every text means; equal texts are read once."""
    means = {text: reading(text) for text in dict.fromkeys(texts)}
    return [means[text] for text in texts]


def _nodes(frame: pd.DataFrame) -> list[_Node]:
    """One node per file and id (or per set of identities where there is no id), in the order of the records."""
    kinds, imports = _text(frame, "kind"), frame["import_id"].tolist()
    account_ids, names = _text(frame, "account_id"), _text(frame, "account_name")
    domains, persons = _text(frame, "domain"), _text(frame, "person_name")
    cities, countries = _text(frame, "city"), _text(frame, "country")
    addresses = _text(frame, "address")
    read: dict[tuple[str, str], tuple[str, str]] = {}
    places = [
        read.get(given) or read.setdefault(given, _place(*given))
        for given in zip(cities, addresses, strict=True)
    ]
    phones = _each(_text(frame, "phone"), _phone)
    emails = _each(_text(frame, "email"), normalised_email)
    # The company's own address, else that of its e-mail unless a provider of free mail keeps it.
    own, by_mail = _each(domains, company_domain), _each(emails, lambda email: company_domain("", email))
    is_address = _each(domains, lambda text: bool(registrable_domain(text)))
    norms = _each(names, normalised_name)
    nations = _each(countries, lambda text: country_code(text) or normalised_place(text))
    by_key: dict[tuple, _Node] = {}
    for i, kind in enumerate(kinds):
        email, domain, norm = emails[i], own[i] or by_mail[i], norms[i]
        if not (account_ids[i] or norm or domain or email):
            if kind != "customers" or not persons[i]:
                continue
            names[i], norm = persons[i], normalised_name(persons[i])  # a person known by name alone
        # Of a contact at a company the address is not the company's; of a consumer it is all there is.
        if account_ids[i]:
            key: tuple = (imports[i], account_ids[i])
        else:
            # Two lines of a customer list that differ in the legal form may be two firms: by name alone nobody is merged.
            written = " ".join(names[i].casefold().split()) if kind == "customers" else norm
            key = (
                imports[i],
                kind,
                written,
                domain,
                email if not domain else "",
                *places[i],
                countries[i],
                phones[i],
            )
        node = by_key.get(key)
        if node is None:
            by_key[key] = _Node(
                position=i, import_id=int(imports[i]), kind=kind, account_id=account_ids[i], name=names[i], norm=norm,
                domain=domain, domain_from_mail=bool(domain) and not is_address[i], email=email,
                person=persons[i], city=places[i][0], street=places[i][1], phone=phones[i],
                country=nations[i], shown_city=cities[i],
                shown_country=countries[i], records=[i],
            )  # fmt: skip
        else:
            node.records.append(i)
            node.name, node.norm = (node.name, node.norm) if node.norm else (names[i], norm)
            if domain and (not node.domain or node.domain_from_mail and is_address[i]):
                node.domain, node.domain_from_mail = domain, not is_address[i]
            node.email = node.email or email
            node.person = node.person or persons[i]
            if not node.city:
                node.city, node.shown_city = places[i][0], cities[i]
            node.street, node.phone = node.street or places[i][1], node.phone or phones[i]
            if not node.country:
                node.country, node.shown_country = nations[i], countries[i]
    return list(by_key.values())


_STREET_WORDS = frozenset(
    """street st avenue ave av road rd boulevard blvd drive dr place pl lane ln court ct parkway pkwy highway hwy
    way square sq n s e w north south east west ne nw se sw rue de la du des strasse str via calle rua straat laan
    the of floor suite ste unit apt""".split()
)


def _place(city: str, address: str) -> tuple[str, str]:
    """The town and the street key (house number and first name of the street) of a record; "" when unknown.

    >>> _place("Kiel", "12 N. Ogden Ave."), _place("27 Washington Oak Park", ""), _place("Ulm", "Hauptstraße 5")
    (('kiel', '12 ogden'), ('', '27 washington'), ('ulm', '5 hauptstrasse'))
    """
    words = normalised_place(address or city).split()
    number = next((word for word in words if word[0].isdigit()), "")
    names = [word for word in words if word not in _STREET_WORDS and not word.isdigit() and word != number]
    street = f"{number} {names[0]}" if number and names else ""
    if address:
        return normalised_place(city), street
    # A place given as an address ("27 Washington, Oak Park") is no town, but says even more.
    return (
        ("", street) if street and words[0][0].isdigit() and len(words) > 2 else (normalised_place(city), "")
    )


def _phone(text: str) -> str:
    """The last digits of a telephone number, which country and trunk codes do not touch.

    >>> _phone("+1 (312) 226-2649") == _phone("312.2262649"), _phone("n/a")
    (True, '')
    """
    digits = "".join(c for c in text if c.isdigit())
    return digits[-7:] if len(digits) >= 7 else ""


def _own_id(node: _Node) -> str:
    return node.account_id if node.is_account and node.account_id else next(_id_choices([node]))


def _id_choices(cluster: Sequence[_Node]) -> Iterator[str]:
    """Ids a customer can have, the preferred one first."""
    ordered = sorted(cluster, key=lambda n: not n.is_account) if len(cluster) > 1 else cluster
    yield from (n.account_id for n in ordered if n.is_account and n.account_id)
    yield from (n.domain for n in ordered if n.domain)
    yield from (n.email for n in ordered if n.email and (is_free_mail(n.email) or not n.norm))
    yield from (n.account_id for n in ordered if n.account_id)
    yield from (n.norm for n in ordered if n.norm)
    yield from (f"{n.norm}|{n.city or n.street or n.country}" for n in ordered if n.norm)
    yield from (f"{n.account_id}@{n.import_id}" for n in ordered if n.account_id)
    yield from (n.email for n in ordered if n.email)
    first = ordered[0]
    yield from (f"{_shown(first)}|{n}" for n in count(2))


def _described(cluster: Sequence[_Node]) -> tuple[str | None, str | None, str | None, str | None, str | None]:
    if len(cluster) == 1:
        (n,) = cluster
        return _shown(n), n.domain or None, n.email or None, n.shown_city or None, n.shown_country or None
    ordered = sorted(cluster, key=lambda n: (not n.is_account, n.position))

    def first(name: str) -> str | None:
        return next((getattr(n, name) for n in ordered if getattr(n, name)), None)

    name = first("name") or first("person") or first("email") or first("domain") or first("account_id")
    return name, first("domain"), first("email"), first("shown_city"), first("shown_country")


def _shown(node: _Node) -> str | None:
    return node.name or node.person or node.email or node.domain or node.account_id or None


def _without_zeros(nodes: Sequence[_Node]) -> frozenset[int]:
    """The imports whose ids are compared without leading zeros: one pads its ids to a width, from another a
    spreadsheet has taken the zeros.
    """
    ids: dict[int, set[str]] = defaultdict(set)
    for node in nodes:
        if node.account_id:
            ids[node.import_id].add(node.account_id)
    digits = {
        number: found for number, found in ids.items() if all(i.isascii() and i.isdigit() for i in found)
    }
    padded = {number for number, found in digits.items() if any(i[0] == "0" for i in found)}
    widths = {len(i) for number in padded for i in digits[number]}
    if len(widths) != 1:
        return frozenset()
    width = widths.pop()
    bare = {n for n in digits.keys() - padded if max(map(len, digits[n])) <= width > min(map(len, digits[n]))}
    return frozenset(padded | bare) if bare else frozenset()


def _agree(a: _Node, b: _Node) -> bool | None:
    """Whether two nodes with one id look like one customer; None when they cannot be compared."""
    if a.domain and b.domain and a.domain == b.domain:
        return True
    if a.email and a.email == b.email:
        return True
    if a.norm and b.norm:
        return _alike(a.norm, b.norm) >= 70 or fuzz.token_set_ratio(a.norm, b.norm) >= 85
    return False if a.domain and b.domain and not (a.domain_from_mail or b.domain_from_mail) else None


def _alike(a: str, b: str) -> float:
    return max(
        fuzz.ratio(a, b), fuzz.token_sort_ratio(a, b), fuzz.ratio(a.replace(" ", ""), b.replace(" ", ""))
    )


def _contained(a: str, b: str) -> bool:
    """Whether all words of the shorter name, three at least, stand in the longer one.

    >>> _contained("erie neighborhood house", "erie neighborhood house erie house"), _contained("acme", "acme bank")
    (True, False)
    """
    left, right = set(a.split()), set(b.split())
    return len(left & right) >= 3 and (left <= right or right <= left)


def _common_words(names: Iterable[str]) -> frozenset[str]:
    """Words that many names of the list have (cleaning, services): they tell nobody apart."""
    counts = Counter(word for name in names for word in set(name.split()))
    return frozenset(word for word, n in counts.items() if n >= _COMMON_FROM)


def _own_words_differ(a: str, b: str, common: frozenset[str]) -> bool:
    """Whether what is left of two names without common words is plainly not the same.

    >>> words = frozenset(("facility", "management"))
    >>> _own_words_differ("wieselgrund facility management", "distelgrund facility management", words)
    True
    >>> _own_words_differ("wieselgrund facility management", "wiesel grund facility management", words)
    False
    """
    (our_numbers, left), (their_numbers, right) = _own_words(a, common), _own_words(b, common)
    if our_numbers and their_numbers and our_numbers != their_numbers:
        return True  # Branch 12 is not Branch 13
    return bool(left and right) and _alike(left, right) < _OWN_WORDS


@lru_cache(maxsize=200_000)
def _own_words(name: str, common: frozenset[str]) -> tuple[frozenset[str], str]:
    """The numbers in a name, and its words that few others have."""
    words = name.split()
    return frozenset(w for w in words if w.isdigit()), " ".join(w for w in words if w not in common)


def _pairs_in_blocks(
    left: Sequence[str], right: Sequence[str], tell: Callable[[float], None]
) -> Iterable[tuple[int, int, int]]:
    """The most alike names of ``right`` for each of ``left``: (left, right, likeness), a few each."""
    cutoff = _PROPOSE_FROM - _PLACE_SHIFT
    for start in range(0, len(left), _BLOCK):
        tell(start / len(left))
        block = left[start : start + _BLOCK]
        scores = process.cdist(
            block, right, scorer=fuzz.ratio, score_cutoff=cutoff, dtype=np.uint8, workers=-1
        )
        scores[(scores > 0).sum(axis=1) > _CROWD] = 0
        rows, columns = np.nonzero(scores)
        likeness = scores[rows, columns]
        order = np.lexsort((columns, -likeness.astype(int), rows))
        seen = 0
        last = -1
        for n in order:
            seen = seen + 1 if rows[n] == last else 0
            last = rows[n]
            if seen <= 2 * _PROPOSALS_EACH:
                yield start + int(rows[n]), int(columns[n]), int(likeness[n])


def _pairs_by_word(
    left: Sequence[str], right: Sequence[str], tell: Callable[[float], None]
) -> Iterable[tuple[int, int, int]]:
    """As ``_pairs_in_blocks`` for very long lists: only names that share their first letters are compared."""
    of_right, of_left = _by_beginning(right), _by_beginning(left)
    cutoff = _PROPOSE_FROM - _PLACE_SHIFT
    found: list[tuple[int, int, int]] = []
    done = 0
    for beginning, ours in of_left.items():
        near = of_right.get(beginning, [])[:_NEAR]
        names = [right[j] for j in near]
        for start in range(0, len(ours) if near else 0, _BLOCK):
            tell(done / len(left))
            block = ours[start : start + _BLOCK]
            done += len(block)
            scores = process.cdist(
                [left[i] for i in block],
                names,
                scorer=fuzz.ratio,
                score_cutoff=cutoff,
                dtype=np.float64,
                workers=-1,
            )
            for row in np.flatnonzero(scores.any(axis=1)):
                likeness = scores[row]
                best = np.argsort(-likeness, kind="stable")[: 2 * _PROPOSALS_EACH + 1]
                found += [(block[row], near[n], int(likeness[n])) for n in best if likeness[n]]
    return sorted(found, key=itemgetter(0))


def _by_beginning(names: Sequence[str]) -> dict[str, list[int]]:
    """Places of the names by their first letters."""
    found: dict[str, list[int]] = defaultdict(list)
    for i, name in enumerate(names):
        found[name[:4]].append(i)
    return found
