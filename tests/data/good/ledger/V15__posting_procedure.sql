CREATE PROCEDURE ledger.post(of_tenant bigint, of_book bigint, entry uuid)
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO ledger.entries (tenant_id, id, book_id, booked_on) VALUES (of_tenant, entry, of_book, current_date);
EXCEPTION
    WHEN unique_violation THEN
        RAISE NOTICE 'posted already: %', entry;
END
$$;
