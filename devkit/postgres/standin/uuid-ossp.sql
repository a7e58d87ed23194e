-- uuid-ossp as SQL: the C library that the real one needs (libossp-uuid) is not in the embedded server.
-- Signatures and volatility are the original's. v1 and v1mc are random here where the original takes the clock and
-- the network card: nobody may rely on either in a migration.
CREATE FUNCTION uuid_nil() RETURNS uuid IMMUTABLE STRICT PARALLEL SAFE
LANGUAGE sql AS $$ SELECT '00000000-0000-0000-0000-000000000000'::uuid $$;
CREATE FUNCTION uuid_ns_dns() RETURNS uuid IMMUTABLE STRICT PARALLEL SAFE
LANGUAGE sql AS $$ SELECT '6ba7b810-9dad-11d1-80b4-00c04fd430c8'::uuid $$;
CREATE FUNCTION uuid_ns_url() RETURNS uuid IMMUTABLE STRICT PARALLEL SAFE
LANGUAGE sql AS $$ SELECT '6ba7b811-9dad-11d1-80b4-00c04fd430c8'::uuid $$;
CREATE FUNCTION uuid_ns_oid() RETURNS uuid IMMUTABLE STRICT PARALLEL SAFE
LANGUAGE sql AS $$ SELECT '6ba7b812-9dad-11d1-80b4-00c04fd430c8'::uuid $$;
CREATE FUNCTION uuid_ns_x500() RETURNS uuid IMMUTABLE STRICT PARALLEL SAFE
LANGUAGE sql AS $$ SELECT '6ba7b814-9dad-11d1-80b4-00c04fd430c8'::uuid $$;

CREATE FUNCTION uuid_generate_v4() RETURNS uuid VOLATILE STRICT PARALLEL SAFE
LANGUAGE sql AS $$ SELECT pg_catalog.gen_random_uuid() $$;
CREATE FUNCTION uuid_generate_v1() RETURNS uuid VOLATILE STRICT PARALLEL SAFE
LANGUAGE sql AS $$ SELECT overlay(pg_catalog.gen_random_uuid()::text PLACING '1' FROM 15)::uuid $$;
CREATE FUNCTION uuid_generate_v1mc() RETURNS uuid VOLATILE STRICT PARALLEL SAFE
LANGUAGE sql AS $$ SELECT overlay(pg_catalog.gen_random_uuid()::text PLACING '1' FROM 15)::uuid $$;

-- RFC 4122, 4.3: a hash of namespace and name, with the version and the variant put in
CREATE FUNCTION uuid_generate_v3(namespace uuid, name text) RETURNS uuid IMMUTABLE STRICT PARALLEL SAFE
LANGUAGE sql AS $$
    SELECT encode(set_byte(set_byte(h, 6, (get_byte(h, 6) & 15) | 48), 8, (get_byte(h, 8) & 63) | 128), 'hex')::uuid
      FROM (SELECT decode(md5(uuid_send(namespace) || convert_to(name, 'UTF8')), 'hex')) AS hash(h)
$$;

CREATE FUNCTION uuid_generate_v5(namespace uuid, name text) RETURNS uuid IMMUTABLE STRICT PARALLEL SAFE
LANGUAGE plpgsql AS $$
DECLARE  -- SHA-1 (FIPS 180-4): the server itself has only its successors
    mask CONSTANT bigint := 4294967295;
    data bytea := uuid_send(namespace) || convert_to(name, 'UTF8');
    bits bigint := length(data) * 8;
    h bigint[] := ARRAY[1732584193, 4023233417, 2562383102, 271733878, 3285377520];
    w bigint[];
    v bigint[];
    f bigint;
    k bigint;
    t bigint;
    hash bytea := '';
BEGIN
    data := data || '\x80'::bytea || decode(repeat('00', (119 - length(data) % 64) % 64), 'hex') || int8send(bits);
    FOR block IN 0 .. length(data) / 64 - 1 LOOP
        w := ARRAY[]::bigint[];
        FOR i IN 0 .. 79 LOOP
            IF i < 16 THEN
                t := (get_byte(data, block * 64 + i * 4)::bigint << 24) | (get_byte(data, block * 64 + i * 4 + 1) << 16)
                   | (get_byte(data, block * 64 + i * 4 + 2) << 8) | get_byte(data, block * 64 + i * 4 + 3);
            ELSE
                t := w[i - 2] # w[i - 7] # w[i - 13] # w[i - 15];
                t := ((t << 1) | (t >> 31)) & mask;
            END IF;
            w := w || t;
        END LOOP;
        v := h;
        FOR i IN 0 .. 79 LOOP
            IF i < 20 THEN
                f := (v[2] & v[3]) | (~v[2] & mask & v[4]); k := 1518500249;
            ELSIF i < 40 THEN
                f := v[2] # v[3] # v[4]; k := 1859775393;
            ELSIF i < 60 THEN
                f := (v[2] & v[3]) | (v[2] & v[4]) | (v[3] & v[4]); k := 2400959708;
            ELSE
                f := v[2] # v[3] # v[4]; k := 3395469782;
            END IF;
            t := ((((v[1] << 5) | (v[1] >> 27)) & mask) + f + v[5] + k + w[i + 1]) & mask;
            v := ARRAY[t, v[1], ((v[2] << 30) | (v[2] >> 2)) & mask, v[3], v[4]];
        END LOOP;
        FOR i IN 1 .. 5 LOOP
            h[i] := (h[i] + v[i]) & mask;
        END LOOP;
    END LOOP;
    FOR i IN 1 .. 4 LOOP
        hash := hash || substring(int8send(h[i]) FROM 5);
    END LOOP;
    RETURN encode(set_byte(set_byte(hash, 6, (get_byte(hash, 6) & 15) | 80), 8, (get_byte(hash, 8) & 63) | 128), 'hex')::uuid;
END $$;
