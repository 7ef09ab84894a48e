-- What lies under a slip of paper. Who answers one is nobody yet, and knows no practice: the mailbox, 16 bytes that only the
-- slip gives, is what they enter, and row security shows them that one row.
CREATE FUNCTION current_mailbox() RETURNS bytea LANGUAGE sql STABLE AS $$
  SELECT decode(current_setting('sinetti.mailbox', true), 'hex')
$$;

CREATE TABLE invitations (
  practice bytea NOT NULL CHECK (octet_length(practice) = 16),
  mailbox bytea NOT NULL CHECK (octet_length(mailbox) = 16),
  offer bytea NOT NULL,
  answer bytea,
  until bigint NOT NULL,
  PRIMARY KEY (practice, mailbox),
  CONSTRAINT one_mailbox UNIQUE (mailbox)
);
ALTER TABLE invitations ENABLE ROW LEVEL SECURITY;
ALTER TABLE invitations FORCE ROW LEVEL SECURITY;
CREATE POLICY own_practice ON invitations
  USING (practice = current_practice() OR mailbox = current_mailbox())
  WITH CHECK (practice = current_practice() OR mailbox = current_mailbox());

REVOKE ALL ON FUNCTION current_mailbox() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION current_mailbox() TO sinetti_app;
GRANT SELECT, INSERT, DELETE ON invitations TO sinetti_app;
GRANT UPDATE (answer) ON invitations TO sinetti_app;
