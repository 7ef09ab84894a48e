-- Everything that a vault keeps. No clock column: the finest time is the number of a week.
create domain id_bytes as bytea check (octet_length(value) = 16);
create domain hash_bytes as bytea check (octet_length(value) = 32);
create domain place as bigint check (value >= 0);

create table practices (
  practice id_bytes primary key,
  state bytea not null,
  head_seq place not null,
  head_hash hash_bytes not null,
  stops_version place not null default 0
);

create table practice_links (
  practice id_bytes,
  seq place,
  hash hash_bytes not null,
  statement bytea not null,
  acceptance bytea not null,
  primary key (practice, seq)
);

-- Orders that act before they are sequenced. A sequenced one stays, so that a late copy of it stops nothing again.
create table stops (
  practice id_bytes,
  order_id id_bytes,
  signed bytea not null,
  sequenced boolean not null,
  primary key (practice, order_id)
);

create table files (
  practice id_bytes,
  file id_bytes,
  compartment text not null,
  phase text not null,
  access_state bytea not null,
  access_seq place not null,
  access_hash hash_bytes not null,
  record_seq place,
  record_hash hash_bytes,
  record_entries place not null default 0,
  record_seen place not null default 0,
  record_access place not null default 0,
  record_snapshot place,
  primary key (practice, file)
) with (fillfactor = 70);

create table acceptances (
  practice id_bytes,
  hash hash_bytes,
  acceptance bytea not null,
  primary key (practice, hash)
);

create table access_links (
  practice id_bytes,
  file id_bytes,
  seq place,
  hash hash_bytes not null,
  statement bytea not null,
  acceptance hash_bytes not null,
  primary key (practice, file, seq)
);

-- The gate's halves, sealed under the gate's own key: kept so that a lost gate can be rebuilt.
create table shares (
  practice id_bytes,
  file id_bytes,
  epoch place,
  sealed bytea not null,
  primary key (practice, file, epoch)
);

create table staged_wraps (
  practice id_bytes,
  statement hash_bytes,
  wraps_hash hash_bytes,
  wraps bytea not null,
  week place not null,
  primary key (practice, statement, wraps_hash)
);

create table wraps (
  practice id_bytes,
  file id_bytes,
  epoch place,
  subject_type text,
  subject id_bytes,
  key_version place not null,
  batch id_bytes,
  sealed bytea not null,
  primary key (practice, file, epoch, subject_type, subject)
);

create table batch_keys (
  practice id_bytes,
  batch id_bytes,
  subject_type text,
  subject id_bytes,
  key_version place,
  sealed bytea not null,
  week place not null,
  primary key (practice, batch, subject_type, subject, key_version)
);
create index wraps_batch on wraps (practice, batch) where batch is not null;

-- Who holds what, folded from the access chains, so that a member's files are listed without opening every state.
create table holdings (
  practice id_bytes,
  subject_type text,
  subject id_bytes,
  file id_bytes,
  rights smallint not null,
  expires place not null,
  primary key (practice, subject_type, subject, file)
);
create index holdings_file on holdings (practice, file);

create table record_links (
  practice id_bytes,
  file id_bytes,
  seq place,
  hash hash_bytes not null,
  statement bytea not null,
  -- Bytes of the statement and its boxes, so that a page is measured without reading them.
  bytes integer not null,
  primary key (practice, file, seq)
);

create table entries (
  practice id_bytes,
  file id_bytes,
  entry id_bytes,
  seq place not null,
  position smallint not null,
  box bytea not null,
  primary key (practice, file, seq, position),
  unique (practice, file, entry)
);

create table drafts (
  practice id_bytes,
  file id_bytes,
  draft id_bytes,
  epoch place not null,
  revision place not null,
  box bytea not null,
  primary key (practice, file, draft)
);

create table attachments (
  practice id_bytes,
  file id_bytes,
  attachment id_bytes,
  chunk integer,
  box bytea not null,
  primary key (practice, file, attachment, chunk)
);

create table lookup_cells (
  practice id_bytes,
  token hash_bytes,
  cell bytea,
  primary key (practice, token, cell)
);

create table kits (
  practice id_bytes,
  member id_bytes,
  blob bytea not null,
  primary key (practice, member)
);

-- Sealed bytes do not compress; trying costs time.
alter table entries alter column box set storage external;
alter table attachments alter column box set storage external;
alter table drafts alter column box set storage external;
alter table record_links alter column statement set storage external;
alter table access_links alter column statement set storage external;

do $$
declare
  name text;
begin
  for name in select tablename from pg_tables where schemaname = 'public' loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format(
      'create policy own_practice on %I using (practice = decode(current_setting(''sinetti.practice'', true), ''hex''))',
      name
    );
    execute format('grant select, insert on %I to sinetti_app', name);
  end loop;
end
$$;

-- Chains, acceptances, entries and attachments only grow; an erase takes boxes away and leaves the statements.
grant update (state, head_seq, head_hash, stops_version) on practices to sinetti_app;
grant update (sequenced) on stops to sinetti_app;
grant update (
  phase, access_state, access_seq, access_hash,
  record_seq, record_hash, record_entries, record_seen, record_access, record_snapshot
) on files to sinetti_app;
grant update (key_version, batch, sealed) on wraps to sinetti_app;
grant update (epoch, revision, box) on drafts to sinetti_app;
grant update (blob) on kits to sinetti_app;
grant delete on shares, staged_wraps, wraps, batch_keys, holdings, entries, drafts, attachments to sinetti_app;
