import { countingText } from "./collect/samples.ts";
import { quoteIdentifier, quoteLiteral } from "./quote.ts";

/** A count with its names left open, for `format()`. */
function countingFormat(isBytes: boolean, isWhole: boolean): string {
  const sample = isWhole ? null : { limit: "%4$s", percent: "%5$s" };
  const place = { table: "only %1$I.%2$I", column: "%3$I", marked: "true" };
  return quoteLiteral(
    countingText({ ...place, isBytes, sample })
      .replace(/\s+/g, " ")
      .trim(),
  );
}

/**
 * Counts in a column with the rights of its owner. Only tables, locked before they are looked at, and only types that PostgreSQL brought: a cast that somebody
 * made for a type of their own would run with these rights.
 */
function countingFunction(): string {
  return `CREATE OR REPLACE FUNCTION posture.count_values(in_schema text, in_relation text, in_column text, in_rows integer)
  RETURNS TABLE (sampled integer, unmarked integer, plain integer)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $$
  DECLARE place record;
  BEGIN
    EXECUTE format('LOCK TABLE ONLY %I.%I IN ACCESS SHARE MODE', in_schema, in_relation);
    WITH RECURSIVE base AS (
      SELECT t.oid, t.typbasetype, t.typname, t.typnamespace, c.reltuples FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type t ON t.oid = a.atttypid
        WHERE n.nspname = in_schema AND c.relname = in_relation AND c.relkind IN ('r', 'm') AND a.attname = in_column
      UNION ALL SELECT t.oid, t.typbasetype, t.typname, t.typnamespace, b.reltuples FROM base b JOIN pg_type t ON t.oid = b.typbasetype)
    SELECT typname = 'bytea' AS is_bytes, least(100, greatest(0.01, in_rows / greatest(1, reltuples) * 200)) AS percent INTO place
      FROM base WHERE typbasetype = 0 AND typnamespace = 'pg_catalog'::regnamespace
        AND typname IN ('bytea', 'text', 'varchar', 'bpchar', 'json', 'jsonb', 'xml');
    IF NOT FOUND THEN
      RAISE EXCEPTION 'only columns of bytes and text of tables are counted in' USING ERRCODE = '42501';
    END IF;
    RETURN QUERY EXECUTE format(CASE WHEN place.is_bytes AND in_rows > 0 THEN ${countingFormat(true, false)}
      WHEN place.is_bytes THEN ${countingFormat(true, true)}
      WHEN in_rows > 0 THEN ${countingFormat(false, false)}
      ELSE ${countingFormat(false, true)} END,
      in_schema, in_relation, in_column, (in_rows + 1) / 2, place.percent);
  END
  $$`;
}

/**
 * What a superuser runs once in a database, so that a role which reads no table sees everything that the checks need.
 * Of passwords one function gives the kind; the hash stays where it is. Of columns the other one gives counts, and no value.
 */
export function readerStatements(role: string): readonly string[] {
  const reader = quoteIdentifier(role);
  return [
    `ALTER ROLE ${reader} NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB NOREPLICATION`,
    `ALTER ROLE ${reader} SET default_transaction_read_only = on`,
    `GRANT pg_read_all_settings, pg_read_all_stats TO ${reader}`,
    `GRANT SELECT ON pg_hba_file_rules, pg_ident_file_mappings, pg_file_settings TO ${reader}`,
    `GRANT EXECUTE ON FUNCTION pg_hba_file_rules(), pg_ident_file_mappings(), pg_show_all_file_settings(), pg_stat_file(text) TO ${reader}`,
    "CREATE SCHEMA IF NOT EXISTS posture",
    "REVOKE ALL ON SCHEMA posture FROM PUBLIC",
    `CREATE OR REPLACE FUNCTION posture.password_methods() RETURNS TABLE (role text, method text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT rolname::text, CASE WHEN rolpassword IS NULL THEN 'none' WHEN rolpassword LIKE 'md5%' THEN 'md5'
      WHEN rolpassword LIKE 'SCRAM-SHA-256$%' THEN 'scram-sha-256' ELSE 'other' END
    FROM pg_authid WHERE rolcanlogin
  $$`,
    countingFunction(),
    "REVOKE ALL ON FUNCTION posture.password_methods(), posture.count_values(text, text, text, integer) FROM PUBLIC",
    `GRANT USAGE ON SCHEMA posture TO ${reader}`,
    `GRANT EXECUTE ON FUNCTION posture.password_methods(), posture.count_values(text, text, text, integer) TO ${reader}`,
  ];
}
