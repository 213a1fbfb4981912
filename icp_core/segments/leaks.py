"""Which attributes must not be criteria because they came after the sale or are made from the outcome."""

from __future__ import annotations

from icp_core.facts.catalogue import Facts


def leaks(facts: Facts) -> dict[str, str]:
    """Attributes that must not be criteria, each with the reason in one sentence."""
    found = {}
    for attribute in facts.attributes():
        if attribute.leak:
            found[attribute.name] = attribute.leak
        elif not attribute.known_before:
            found[attribute.name] = "It is known only after somebody has become a customer."
    return found
