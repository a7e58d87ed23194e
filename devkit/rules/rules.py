"""All rules: first the policies, in the order of their ids, then what reading, the engine and the history find."""

from __future__ import annotations

from devkit.rules import (
    caught_refusal,
    citus_not_used,
    distribution_before_data,
    engine_limit,
    engine_version_differs,
    floating_image,
    foreign_key_stays_local,
    image_not_in_lock,
    image_not_pinned,
    image_place_unknown,
    lock_out_of_date,
    name_cut_short,
    narrow_sequence,
    no_escape_settings,
    no_rules_on_distributed,
    no_triggers,
    platform_missing,
    reaches_outside,
    tenant_in_primary_key,
    tenant_table_not_distributed,
    tenants_not_colocated,
    unnamed_concurrent_index,
    unsafe_in_transaction,
)
from devkit.rules.engine import ENGINE
from devkit.rules.history import HISTORY
from devkit.rules.live import LIVE
from devkit.rules.reading import READING
from devkit.rules.rule import Rule
from devkit.rules.suppression import SUPPRESSION

RULES: tuple[Rule, ...] = (
    caught_refusal.RULE,
    citus_not_used.RULE,
    distribution_before_data.RULE,
    engine_limit.RULE,
    engine_version_differs.RULE,
    floating_image.RULE,
    foreign_key_stays_local.RULE,
    image_not_in_lock.RULE,
    image_not_pinned.RULE,
    image_place_unknown.RULE,
    lock_out_of_date.RULE,
    name_cut_short.RULE,
    narrow_sequence.RULE,
    no_escape_settings.RULE,
    no_rules_on_distributed.RULE,
    no_triggers.RULE,
    platform_missing.RULE,
    reaches_outside.RULE,
    tenant_in_primary_key.RULE,
    tenant_table_not_distributed.RULE,
    tenants_not_colocated.RULE,
    unnamed_concurrent_index.RULE,
    unsafe_in_transaction.RULE,
)

EVERY_RULE: tuple[Rule, ...] = tuple(
    sorted((*RULES, *READING, *ENGINE, *HISTORY, *LIVE, *SUPPRESSION), key=lambda rule: rule.id)
)
