"""The policy rules, all of them, in the order of their ids."""

from __future__ import annotations

from devkit.rules import floating_image, no_triggers, tenant_in_primary_key
from devkit.rules.rule import Rule

RULES: tuple[Rule, ...] = (floating_image.RULE, no_triggers.RULE, tenant_in_primary_key.RULE)
