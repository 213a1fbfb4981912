"""What a build writes: icp.json, the page as PDF and Markdown, the workbook, the reconciliation."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from icp_core.build import Build
from icp_core.export.crm import csv_bytes
from icp_core.export.markdown import markdown
from icp_core.export.pdf import one_pager
from icp_core.export.redact import redacted, shareable
from icp_core.export.workbook import workbook
from icp_core.facts.catalogue import Facts
from icp_core.profile.model import SCHEMA
from icp_core.retention.survival import survival_of
from icp_core.segments.conditions import Segment
from icp_core.segments.dashboard import Dashboard, dashboard
from icp_core.segments.discover import Candidate
from icp_core.segments.membership import members
from icp_core.value.concentration import concentration


def write_all(result: Build, folder: Path) -> list[Path]:
    """Write every output into ``folder``; returns the files. The same result gives the same bytes."""
    written = [_write(folder / "icp.json", icp_json(result).encode("utf-8"))]
    written.append(_write(folder / "reconciliation.csv", csv_bytes(result.reconciliation)))
    if result.profile is not None:
        page = one_pager(result.profile, brand=result.brand, paper=result.paper)
        written.append(_write(folder / "icp.pdf", page.data))
        written.append(_write(folder / "icp.md", markdown(result.profile).encode("utf-8")))
    if result.profile is not None and result.facts is not None:
        candidates = result.discovery.candidates if result.discovery else ()
        written.append(
            _write(
                folder / "icp.xlsx",
                workbook(
                    result.profile,
                    result.facts,
                    candidates=candidates,
                    prospects=result.prospects,
                    scorecard=result.live,
                ),
            )
        )
    return written


def _write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def icp_json(result: Build) -> str:
    """Everything found, as the JSON others rely on; the same inputs give the same text.

    Numbers keep six significant digits; what is not known is null. ``profile`` inside can be imported again.
    """
    facts, profile, found = result.facts, result.profile, result.discovery
    if facts is None or profile is None:
        document: dict[str, Any] = {
            "schema": SCHEMA,
            "verdict": result.verdict,
            "warnings": list(result.unread),
            "counts": {},
            "criteria": [],
            "candidates": [],
            "disqualifiers": [],
        }
        if profile is not None:
            document |= {
                "as_of": profile.meta.as_of.isoformat(),
                "counts": dict(result.heard.said),
                "statement": profile.statement.text.replace("**", ""),
                "voice": _voice(result),
                "warnings": [*profile.warnings, *result.unread],
                "profile": json.loads(shareable(profile).to_json()),
            }
        return json.dumps(_plain(document), ensure_ascii=False, indent=1)
    board = dashboard(facts, profile.criteria)
    kept = _kept(facts, profile.criteria)
    document = {
        "schema": SCHEMA,
        "as_of": facts.as_of.isoformat(),
        "unit": facts.unit,
        "currency": facts.currency,
        "counts": dict(facts.counts),
        "churn": _churn(facts, board),
        "revenue": {"definition": facts.revenue_definition},
        "outcome": profile.meta.outcome,
        "measures": {
            "all": _measures(board, "all", kept.get("all", {})),
            "icp": _measures(board, "segment", kept.get("segment", {})),
            "rest": _measures(board, "rest", kept.get("rest", {})),
        },
        "lifetime": _lifetime(result),
        "concentration": _concentration(facts),
        "candidates": [_candidate(c) for c in (found.candidates if found else ())],
        "rules_tried": found.n_rules_tried if found else 0,
        "skipped": [{"attribute": a, "reason": reason} for a, reason in (found.skipped if found else ())],
        "criteria": profile.criteria.to_dict()["conditions"],
        "words": profile.criteria_words,
        "statement": profile.statement.text.replace("**", ""),
        "disqualifiers": [
            {
                "conditions": d.segment.to_dict()["conditions"],
                "words": d.words,
                "why": d.why,
                "price": d.price.model_dump() if d.price else None,
            }
            for d in profile.disqualifiers
        ],
        "ideal_of_ideal": profile.ideal_of_ideal.model_dump(mode="json") if profile.ideal_of_ideal else None,
        "validation": dict(result.validation),
        "voice": _voice(result, board),
        "verdict": result.verdict,
        "warnings": [*facts.warnings, *profile.warnings, *result.unread],
        "version": profile.meta.version,
        "review_on": profile.meta.review_on.isoformat() if profile.meta.review_on else None,
        "profile": json.loads(shareable(profile).to_json()),
        "scorecard": result.scorecard.to_dict() if result.scorecard else None,
        "scored_before": _scored_before(result),
    }
    return json.dumps(_plain(document), ensure_ascii=False, indent=1)


def _scored_before(result: Build) -> dict[str, Any] | None:
    """Did tier A of an earlier run win more? None where no prospect was scored before."""
    found = result.scored_before
    if found is None:
        return None
    return {"message": found.message, "holds": found.holds, "tiers": found.table.to_dict("records")}


def _plain(value: Any) -> Any:
    """JSON without NaN and with six significant digits: the same on every machine."""
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, (float, np.floating)):
        if not math.isfinite(value):
            return None
        # First what the order of adding up leaves in the last digits, so that a half always rounds the same way.
        return float(f"{float(f'{float(value):.12g}'):.6g}")
    if isinstance(value, (date, pd.Timestamp)):
        return value.isoformat()[:10]
    return value


def _churn(facts: Facts, board: Dashboard) -> dict[str, Any]:
    churn = board.all.get("churn")
    return {
        "definition": facts.churn_definition,
        "rate": churn.value,
        "low": churn.low,
        "high": churn.high,
        "n": churn.n,
    }


def _kept(facts: Facts, segment: Segment) -> dict[str, dict[int, float]]:
    """Share of customers kept after 12, 24, 36 and 48 months (Kaplan–Meier) of all, the ICP and the rest."""
    if not (facts.has("tenure_months") and facts.has("churned")):
        return {}
    parts = [survival_of(facts)]
    if segment:
        parts.append(survival_of(facts, members(facts, segment)))
    found: dict[str, dict[int, float]] = {}
    for row in pd.concat([part.at_months for part in parts]).itertuples():
        found.setdefault(row.group, {})[int(row.month)] = row.survival
    return found


def _measures(board: Dashboard, group: str, months: dict[int, float]) -> dict[str, Any]:
    figures = {"all": board.all, "segment": board.segment, "rest": board.rest}[group]
    ltv, churn, nps = figures.get("ltv"), figures.get("churn"), figures.get("nps")
    return {
        "n": figures.n,
        "share_customers": figures.share,
        "share_revenue": figures.share_value,
        "ltv_median": ltv.value,
        "ltv_mean": ltv.mean,
        "ltv_interval": [ltv.low, ltv.high],
        "value_per_month_median": figures.get("value_per_month").value,
        "churn_rate": churn.value,
        "retention": {"months": months},
        "nps": {"score": nps.value, "low": nps.low, "high": nps.high, "n": nps.n},
        **{
            key: figures.get(key).value
            for key in ("mrr", "aov", "cac", "cycle", "win_rate")
            if key in figures.measures
        },
    }


def _lifetime(result: Build) -> dict[str, Any]:
    """How expected value was found: method in words, its trial on the past, the models' parameters (time in days)."""
    found = result.forecast
    if found is None:
        return {}
    return {
        "method": found.method,
        "sentence": found.sentence,
        "horizon_months": found.horizon_months,
        "refused": found.refused,
        "backtest": found.backtest._asdict() if found.backtest else None,
        "repeat_purchase": found.model._asdict() if found.model else None,
        "spending": found.spending._asdict() if found.spending else None,
    }


def _concentration(facts: Facts) -> dict[str, float]:
    for name in ("revenue", "ltv"):
        if facts.has(name):
            found = concentration(facts.frame[name].to_numpy())
            return {"top1": found.top1, "top5": found.top5, "top10": found.top10, "top20": found.top20}
    return {}


def _candidate(c: Candidate) -> dict[str, Any]:
    return {
        "conditions": c.segment.to_dict()["conditions"],
        "words": c.words,
        "n": c.n,
        "share": c.share,
        "effect_raw": c.effect_raw,
        "effect": c.effect,
        "low": c.low,
        "high": c.high,
        "effect_kind": c.effect_kind,
        "p_adjusted": c.p_adjusted,
        "stability": c.stability,
        "verdict": c.verdict,
        "aliases": list(c.aliases),
        "n_aliases": c.n_aliases,
        "warnings": list(c.warnings),
    }


def _voice(result: Build, board: Dashboard | None = None) -> dict[str, Any]:
    """What people said; the NPS is the customers' own where there are customers, else that of all answers."""
    heard = result.heard
    nps = board.all.get("nps") if board else None
    own = {"score": nps.value, "low": nps.low, "high": nps.high, "n": nps.n} if nps else None
    return {
        "nps": own or (dict(heard.nps) if heard.nps else None),
        "csat": dict(heard.csat) if heard.csat else None,
        "themes": [{**theme, "verbatim": redacted(str(theme["verbatim"]))} for theme in heard.themes],
        "phrases": [dict(phrase) for phrase in heard.phrases],
        "jobs": [job.text for job in heard.jobs],
        "pains": [pain.text for pain in heard.pains],
        "triggers": [trigger.text for trigger in heard.triggers],
    }
