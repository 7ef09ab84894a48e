-- What a service must see of its cluster before it starts, and what only a superuser may read: the access lines, and
-- which roles log in without a password. Made by a superuser in a schema that the services cannot change.
CREATE SCHEMA IF NOT EXISTS sinetti_audit;
REVOKE ALL ON SCHEMA sinetti_audit FROM PUBLIC;

CREATE OR REPLACE FUNCTION sinetti_audit.hba_lines()
  RETURNS TABLE (line integer, type text, database text[], role text[], address text, netmask text, method text, error text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT line_number, type, database, user_name, address, netmask, auth_method, error FROM pg_hba_file_rules
  $$;
CREATE OR REPLACE FUNCTION sinetti_audit.roles_without_password()
  RETURNS TABLE (role text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT rolname::text FROM pg_authid WHERE rolcanlogin AND rolpassword IS NULL
  $$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA sinetti_audit FROM PUBLIC;
GRANT USAGE ON SCHEMA sinetti_audit TO sinetti_owner;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA sinetti_audit TO sinetti_owner;
