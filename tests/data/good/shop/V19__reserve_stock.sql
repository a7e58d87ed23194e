-- Taking stock for an order, where the rows are: the call goes to the node of the tenant's shard.
CREATE FUNCTION reserve_stock(p_tenant_id bigint, p_sku text, p_quantity integer) RETURNS boolean
LANGUAGE plpgsql AS $reserve$
BEGIN
    UPDATE product_variants
       SET stock = stock - p_quantity
     WHERE tenant_id = p_tenant_id AND sku = p_sku AND stock >= p_quantity;
    RETURN FOUND;
END;
$reserve$;
COMMENT ON FUNCTION reserve_stock(bigint, text, integer) IS 'False when there is not enough; nothing is taken then';
SELECT create_distributed_function('reserve_stock(bigint, text, integer)', 'p_tenant_id', colocate_with => 'tenants');
