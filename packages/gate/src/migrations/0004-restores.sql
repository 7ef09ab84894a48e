-- The last run that brought this practice back, and the order of two that ended the stillness after it.
CREATE TABLE restores (
  practice bytea PRIMARY KEY,
  restore bytea NOT NULL,
  at bigint NOT NULL,
  resume bytea
);
-- Resumptions of this gate and of the vaults. Each acts once: again, it would lower heads that have risen since.
CREATE TABLE resumes (
  practice bytea NOT NULL,
  order_id bytea NOT NULL,
  PRIMARY KEY (practice, order_id)
);
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['restores', 'resumes'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY own_practice ON %I USING (practice = current_practice()) WITH CHECK (practice = current_practice())',
      name
    );
    EXECUTE format('GRANT SELECT, INSERT ON %I TO sinetti_app', name);
  END LOOP;
END
$$;
GRANT UPDATE (restore, at, resume) ON restores TO sinetti_app;
