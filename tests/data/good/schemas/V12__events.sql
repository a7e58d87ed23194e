-- What happened, by the month. Partitions must lie in the schema of their parent.
CREATE TABLE tenant_a.events (
    id bigint GENERATED ALWAYS AS IDENTITY,
    happened_at timestamptz NOT NULL,
    kind text NOT NULL,
    payload jsonb NOT NULL DEFAULT '{}',
    PRIMARY KEY (id, happened_at)
) PARTITION BY RANGE (happened_at);
CREATE TABLE tenant_a.events_2026_01 PARTITION OF tenant_a.events
    FOR VALUES FROM ('2026-01-01 00:00:00+00') TO ('2026-02-01 00:00:00+00');
CREATE TABLE tenant_a.events_2026_02 PARTITION OF tenant_a.events
    FOR VALUES FROM ('2026-02-01 00:00:00+00') TO ('2026-03-01 00:00:00+00');
CREATE INDEX events_happened ON tenant_a.events USING brin (happened_at);
