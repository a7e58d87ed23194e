-- An enum grows at its end.
ALTER TYPE shop_plan ADD VALUE IF NOT EXISTS 'enterprise';
