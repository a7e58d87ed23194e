-- Fiscal periods. Their length is the company's business, but they end after they begin.
CREATE TABLE ledger.periods (
    tenant_id bigint NOT NULL,
    period_id bigint NOT NULL,
    covers daterange NOT NULL,
    label text GENERATED ALWAYS AS ('P' || period_id::text) STORED,
    closed_at timestamptz,
    digest bytea,
    CONSTRAINT periods_pkey PRIMARY KEY (tenant_id, period_id),
    CONSTRAINT periods_once UNIQUE (tenant_id, covers),
    CONSTRAINT periods_bounded CHECK (NOT isempty(covers) AND NOT lower_inf(covers) AND NOT upper_inf(covers)),
    CONSTRAINT periods_closed_with_digest CHECK ((closed_at IS NULL) = (digest IS NULL)),
    CONSTRAINT periods_company FOREIGN KEY (tenant_id) REFERENCES ledger.companies (tenant_id)
);
SELECT create_distributed_table('ledger.periods', 'tenant_id', colocate_with => 'ledger.companies');
