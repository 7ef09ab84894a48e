-- After a restore: the hashes of wraps that came back later than the statement that names them, as access_links has them for the others.
create table late_wraps (
  practice id_bytes not null,
  statement hash_bytes not null,
  wraps bytea not null check (octet_length(wraps) % 32 = 0),
  primary key (practice, statement)
);
alter table late_wraps enable row level security;
alter table late_wraps force row level security;
create policy own_practice on late_wraps
  using (practice = decode(current_setting('sinetti.practice', true), 'hex'));
grant select, insert on late_wraps to sinetti_app;
