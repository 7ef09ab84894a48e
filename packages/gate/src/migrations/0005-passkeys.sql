-- Passkeys that may raise their member's budget; the gate keeps public halves alone.
CREATE TABLE passkeys (
  practice bytea NOT NULL,
  member bytea NOT NULL,
  credential bytea NOT NULL CHECK (octet_length(credential) BETWEEN 1 AND 1023),
  device bytea NOT NULL,
  algorithm text NOT NULL,
  key bytea NOT NULL,
  added_at bigint NOT NULL,
  sign_count bigint NOT NULL DEFAULT 0,
  -- Told with the first answer, and never another after it.
  backup_eligible boolean,
  PRIMARY KEY (practice, credential)
);
CREATE INDEX passkeys_of_member ON passkeys (practice, member);
-- One a device: asked again, the one before is worth nothing.
CREATE TABLE top_up_challenges (
  practice bytea NOT NULL,
  device bytea NOT NULL,
  challenge bytea NOT NULL CHECK (octet_length(challenge) = 32),
  member bytea NOT NULL,
  reason text NOT NULL,
  until bigint NOT NULL,
  PRIMARY KEY (practice, device)
);
-- The whole request, whose hash stands in the line of the log.
ALTER TABLE top_ups ADD COLUMN request bytea NOT NULL;

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['passkeys', 'top_up_challenges'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY own_practice ON %I USING (practice = current_practice()) WITH CHECK (practice = current_practice())',
      name
    );
    EXECUTE format('GRANT SELECT, INSERT, DELETE ON %I TO sinetti_app', name);
  END LOOP;
END
$$;
GRANT UPDATE (sign_count, backup_eligible) ON passkeys TO sinetti_app;
GRANT UPDATE (challenge, member, reason, until) ON top_up_challenges TO sinetti_app;
