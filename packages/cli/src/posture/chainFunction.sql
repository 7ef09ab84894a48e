-- The signed statements of the practices in a database, for whoever verifies who its administrators are. Only a table of
-- columns whose types PostgreSQL brought, locked before it is looked at: a view, or a cast of somebody's own type, would run
-- with the rights of this function.
CREATE OR REPLACE FUNCTION posture.practice_chain()
  RETURNS TABLE (practice bytea, seq bigint, statement bytea, acceptance bytea)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $$
  BEGIN
    IF to_regclass('public.practice_links') IS NULL THEN
      RETURN;
    END IF;
    LOCK TABLE ONLY public.practice_links IN ACCESS SHARE MODE;
    IF 4 <> (
      SELECT count(*) FROM pg_class c
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname IN ('practice', 'seq', 'statement', 'acceptance')
        JOIN pg_type t ON t.oid = a.atttypid
        LEFT JOIN pg_type b ON b.oid = t.typbasetype
      WHERE c.oid = to_regclass('public.practice_links') AND c.relkind = 'r'
        AND coalesce(b.oid, t.oid) IN ('pg_catalog.bytea'::regtype, 'pg_catalog.int8'::regtype)
    ) THEN
      RAISE EXCEPTION 'public.practice_links is not the table that it should be' USING ERRCODE = '42501';
    END IF;
    RETURN QUERY SELECT l.practice::bytea, l.seq::bigint, l.statement::bytea, l.acceptance::bytea
      FROM ONLY public.practice_links l ORDER BY 1, 2;
  END
  $$;
REVOKE ALL ON FUNCTION posture.practice_chain() FROM PUBLIC
