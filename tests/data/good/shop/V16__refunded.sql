-- Orders can be given back. The value is used from the next migration on: not in the transaction that adds it.
ALTER TYPE order_status ADD VALUE IF NOT EXISTS 'refunded' AFTER 'shipped';
ALTER TYPE order_status ADD VALUE IF NOT EXISTS 'disputed';
