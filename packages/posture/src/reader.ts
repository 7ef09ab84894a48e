import { quoteIdentifier } from "./quote.ts";

/**
 * What a superuser runs once in a database, so that a role which reads no table sees everything that the checks need.
 * Of passwords the function gives the kind; the hash stays where it is.
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
    "REVOKE ALL ON FUNCTION posture.password_methods() FROM PUBLIC",
    `GRANT USAGE ON SCHEMA posture TO ${reader}`,
    `GRANT EXECUTE ON FUNCTION posture.password_methods() TO ${reader}`,
  ];
}
