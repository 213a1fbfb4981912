"""All export files of all vendors."""

from __future__ import annotations

from tests.core.gather.exports import crm, money, surveys, usage

FILES = [*crm.FILES, *money.FILES, *surveys.FILES, *usage.FILES]
