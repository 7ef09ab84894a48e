-- The last run that brought this practice back from a backup, and the order of two that ended the stillness after it.
create table restores (
  practice id_bytes primary key,
  restore id_bytes not null,
  resume bytea
);
alter table restores enable row level security;
alter table restores force row level security;
create policy own_practice on restores
  using (practice = decode(current_setting('sinetti.practice', true), 'hex'));
grant select, insert on restores to sinetti_app;
grant update (restore, resume) on restores to sinetti_app;
