-- Set once for every table: forced, and the same policy everywhere.
DO $$
DECLARE
  name text;
BEGIN
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY own_practice ON %I USING (practice = current_practice()) WITH CHECK (practice = current_practice())',
      name
    );
  END LOOP;
END
$$;

-- The application: no more than each flow needs. Chains, shares and the log can only grow.
REVOKE ALL ON FUNCTION current_practice() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION current_practice() TO sinetti_app;
GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA public TO sinetti_app;
GRANT UPDATE (head_seq, head_hash, state) ON practices TO sinetti_app;
GRANT UPDATE (cancelled) ON pending_orders TO sinetti_app;
GRANT DELETE ON pending_orders, pending_approvals, pending_cancellations TO sinetti_app;
GRANT UPDATE (sequenced) ON stops TO sinetti_app;
GRANT UPDATE (access_state, access_seq, epoch, record_seq, record_hash, last_released_at, canary) ON files TO sinetti_app;
-- Erasure destroys the halves.
GRANT DELETE ON shares TO sinetti_app;
GRANT DELETE ON holdings TO sinetti_app;
GRANT UPDATE (next_idx, hash, time, overlay) ON log_heads TO sinetti_app;
GRANT UPDATE (used) ON opening_approvals TO sinetti_app;
GRANT UPDATE (cleared_idx) ON blocks TO sinetti_app;
