"""What docs/reference/ is written from: verbs, settings, rules, checks and schemas, as the code has them."""
