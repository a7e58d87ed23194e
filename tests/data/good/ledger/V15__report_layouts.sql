-- Layouts of printed reports. Made as a reference table so that reports can join them.
CREATE TABLE ledger.report_layouts (
    title text CONSTRAINT report_layouts_pkey PRIMARY KEY,
    body text NOT NULL
);
CREATE UNIQUE INDEX report_layouts_title ON ledger.report_layouts (lower(title));
SELECT create_reference_table('ledger.report_layouts');
INSERT INTO ledger.report_layouts (title, body) VALUES
    ('Trial balance', $layout$account; debit; credit -- one line each$layout$),
    ('Balance sheet', E'asset;\nliability;\nequity;');
