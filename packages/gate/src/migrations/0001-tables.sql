-- Every table belongs to practices: its key starts with the practice, and row security is forced on the owner too.
CREATE FUNCTION current_practice() RETURNS bytea LANGUAGE sql STABLE AS $$
  SELECT decode(current_setting('sinetti.practice', true), 'hex')
$$;

CREATE TABLE practices (
  practice bytea PRIMARY KEY CHECK (octet_length(practice) = 16),
  head_seq bigint NOT NULL,
  head_hash bytea NOT NULL,
  genesis_at bigint NOT NULL,
  state bytea NOT NULL
);
CREATE TABLE practice_links (
  practice bytea NOT NULL,
  seq bigint NOT NULL,
  hash bytea NOT NULL,
  statement bytea NOT NULL,
  acceptance bytea NOT NULL,
  accepted_at bigint NOT NULL,
  PRIMARY KEY (practice, seq)
);
CREATE TABLE installation_codes (
  practice bytea NOT NULL,
  hash bytea NOT NULL,
  PRIMARY KEY (practice, hash),
  CONSTRAINT installation_code_spent UNIQUE (hash)
);

CREATE TABLE pending_orders (
  practice bytea NOT NULL,
  hash bytea NOT NULL,
  order_id bytea NOT NULL,
  signed bytea NOT NULL,
  kind text NOT NULL,
  proposed_at bigint NOT NULL,
  due_at bigint,
  cancelled boolean NOT NULL DEFAULT false,
  PRIMARY KEY (practice, hash)
);
CREATE TABLE pending_approvals (
  practice bytea NOT NULL,
  hash bytea NOT NULL,
  approver bytea NOT NULL,
  signed bytea NOT NULL,
  PRIMARY KEY (practice, hash, approver)
);
CREATE TABLE pending_cancellations (
  practice bytea NOT NULL,
  hash bytea NOT NULL,
  member bytea NOT NULL,
  signed bytea NOT NULL,
  PRIMARY KEY (practice, hash, member)
);
-- Stops act from their arrival; a row stays when its order is sequenced, because a thaw asks when the freeze began.
CREATE TABLE stops (
  practice bytea NOT NULL,
  order_id bytea NOT NULL,
  signed bytea NOT NULL,
  arrived_at bigint NOT NULL,
  sequenced boolean NOT NULL DEFAULT false,
  PRIMARY KEY (practice, order_id)
);

CREATE TABLE files (
  practice bytea NOT NULL,
  file bytea NOT NULL,
  class text NOT NULL,
  case_id bytea,
  access_state bytea NOT NULL,
  access_seq bigint NOT NULL,
  epoch bigint NOT NULL,
  record_seq bigint,
  record_hash bytea,
  creator_device bytea NOT NULL,
  created_at bigint NOT NULL,
  last_released_at bigint,
  canary boolean NOT NULL DEFAULT false,
  PRIMARY KEY (practice, file)
);
CREATE TABLE acceptances (
  practice bytea NOT NULL,
  id bytea NOT NULL,
  signed bytea NOT NULL,
  PRIMARY KEY (practice, id)
);
CREATE TABLE access_links (
  practice bytea NOT NULL,
  file bytea NOT NULL,
  seq bigint NOT NULL,
  statement bytea NOT NULL,
  acceptance bytea NOT NULL,
  PRIMARY KEY (practice, file, seq)
);
CREATE TABLE shares (
  practice bytea NOT NULL,
  file bytea NOT NULL,
  epoch bigint NOT NULL,
  sealed bytea NOT NULL,
  PRIMARY KEY (practice, file, epoch)
);
CREATE TABLE holdings (
  practice bytea NOT NULL,
  subject bytea NOT NULL,
  file bytea NOT NULL,
  rights smallint NOT NULL,
  expires bigint NOT NULL,
  class text NOT NULL,
  case_id bytea,
  PRIMARY KEY (practice, subject, file)
);
CREATE INDEX holdings_by_file ON holdings (practice, file);

-- The one row that orders everything logged in a practice; `overlay` counts changes to stops and blocks.
CREATE TABLE log_heads (
  practice bytea PRIMARY KEY,
  next_idx bigint NOT NULL DEFAULT 0,
  hash bytea NOT NULL,
  time bigint NOT NULL DEFAULT 0,
  overlay bigint NOT NULL DEFAULT 0
);
CREATE TABLE log (
  practice bytea NOT NULL,
  idx bigint NOT NULL,
  hash bytea NOT NULL,
  time bigint NOT NULL,
  kind text NOT NULL,
  member bytea,
  device bytea,
  nonce bytea NOT NULL,
  count bigint NOT NULL,
  entry bytea NOT NULL,
  PRIMARY KEY (practice, idx),
  CONSTRAINT log_nonce UNIQUE (practice, device, nonce)
);
CREATE INDEX log_lookups ON log (practice, member, time) WHERE kind = 'lookup';
CREATE TABLE log_items (
  practice bytea NOT NULL,
  idx bigint NOT NULL,
  position smallint NOT NULL,
  file bytea NOT NULL,
  epoch bigint NOT NULL,
  outcome text NOT NULL,
  unit bytea,
  class text,
  counted boolean NOT NULL,
  exempt text,
  member bytea,
  time bigint NOT NULL,
  PRIMARY KEY (practice, idx, position)
);
CREATE INDEX log_items_of_member ON log_items (practice, member, time)
  WHERE class IS NOT NULL AND outcome = 'released';
CREATE INDEX log_items_of_file ON log_items (practice, file, idx);

CREATE TABLE opening_approvals (
  practice bytea NOT NULL,
  idx bigint NOT NULL,
  subject bytea NOT NULL,
  approver bytea,
  scope text NOT NULL,
  files bytea[] NOT NULL,
  count bigint NOT NULL,
  used bigint NOT NULL DEFAULT 0,
  until bigint NOT NULL,
  reason text NOT NULL,
  PRIMARY KEY (practice, idx)
);
CREATE INDEX opening_approvals_of_subject ON opening_approvals (practice, subject, until);
CREATE TABLE top_ups (
  practice bytea NOT NULL,
  idx bigint NOT NULL,
  member bytea NOT NULL,
  cases bigint NOT NULL,
  until bigint NOT NULL,
  PRIMARY KEY (practice, idx)
);
CREATE INDEX top_ups_of_member ON top_ups (practice, member, until);
-- A member who opened a canary: releases stop until another person looks at it.
CREATE TABLE blocks (
  practice bytea NOT NULL,
  member bytea NOT NULL,
  idx bigint NOT NULL,
  file bytea NOT NULL,
  since bigint NOT NULL,
  cleared_idx bigint,
  PRIMARY KEY (practice, member, idx)
);
