import { appendFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { startBareCluster, type BareCluster } from "../../../tools/bareCluster.ts";

/** Documentation addresses (RFC 5737): nobody comes from there. */
const HBA = `local all all scram-sha-256
host all ghost 203.0.113.7/32 trust
host clinic app 198.51.100.0/24 md5
host all all 192.0.2.0/16 scram-sha-256
host all boss 203.0.113.9/32 radius radiusservers="203.0.113.10" radiussecrets="stored-radius-secret"
host replication all 203.0.113.8/32 scram-sha-256
`;

const SETTINGS = {
  listen_addresses: "*",
  archive_mode: "on",
  archive_command: "/bin/true",
  wal_level: "logical",
  full_page_writes: "off",
  ssl_min_protocol_version: "TLSv1",
  password_encryption: "md5",
  lo_compat_privileges: "on",
  log_connections: "off",
  log_line_prefix: "",
  log_min_duration_statement: "0",
  log_file_mode: "0644",
  dynamic_library_path: "$libdir:/srv/elsewhere",
};

const CLUSTER = `
create role clinic_owner nologin;
create role app login password 'md5d41d8cd98f00b204e9800998ecf8427e';
create role ghost login;
create role boss superuser login password 'x';
create role backup_bot login replication bypassrls password 'x';
grant pg_read_all_data to app;
grant clinic_owner to app;
grant app to ghost with admin option;
alter role app set log_statement = 'none';
alter role app set app.api_token = 'stored-token';
alter role ghost set log_min_duration_statement = 0;
alter system set primary_conninfo = 'host=203.0.113.9 password=stored-primary-password';
grant alter system on parameter log_statement to app;
create database clinic owner clinic_owner;
create database copy_of_clinic;
select pg_create_physical_replication_slot('forgotten');
`;

const CLINIC = `
create schema clinic authorization clinic_owner;
grant usage on schema clinic to app;
grant create, usage on schema clinic to public;
grant create on schema clinic to app;
grant create on database clinic to ghost;
grant select on pg_catalog.pg_authid to app;
grant select (subconninfo) on pg_catalog.pg_subscription to app;
grant execute on function pg_catalog.pg_read_file(text) to app;
select lo_create(4242);
grant select on large object 4242 to public;
set role clinic_owner;
create table clinic.note (id int primary key, owner text, body bytea);
create table clinic.patient (id int, full_name text);
create table clinic.visit (id int, owner text) partition by range (id);
create table clinic.visit_1 partition of clinic.visit for values from (0) to (100);
create table clinic.idle (id int, owner text);
create table clinic.empty (id int);
grant select on clinic.empty to app;
grant select on clinic.visit, clinic.visit_1 to app;
grant select, insert on clinic.note, clinic.patient to app;
grant select on clinic.patient to public;
grant delete, truncate on clinic.note to app;
grant select on clinic.note to app with grant option;
grant select (body) on clinic.note to ghost;
grant select on clinic.note to ghost;
alter default privileges in schema clinic grant select on tables to public;
alter table clinic.note enable row level security;
alter table clinic.visit enable row level security;
alter table clinic.empty enable row level security;
create policy own on clinic.note using (owner = current_user);
create policy everything on clinic.note for select using (true);
create policy own on clinic.visit using (owner = current_user);
create policy own on clinic.idle using (owner = current_user);
create view clinic.notes as select * from clinic.note;
grant select on clinic.notes to app;
create materialized view clinic.notes_kept as select * from clinic.note;
create function clinic.loose() returns int language sql security definer as 'select 1';
grant execute on function clinic.loose() to app;
create trigger audited before update on clinic.note for each row execute function suppress_redundant_updates_trigger();
alter table clinic.note disable trigger audited;
create rule silent as on delete to clinic.patient do instead nothing;
reset role;
create function clinic.stamped() returns trigger language internal as 'suppress_redundant_updates_trigger';
alter function clinic.stamped() owner to ghost;
create trigger stamped before update on clinic.note for each row execute function clinic.stamped();
create table clinic.scrap (id int);
alter table clinic.scrap owner to ghost;
create function clinic.shown(int) returns boolean language sql leakproof as 'select true';
create function clinic.native() returns language_handler language c as '$libdir/plpgsql', 'plpgsql_call_handler';
create language odd handler clinic.native;
create foreign data wrapper afar;
create server elsewhere foreign data wrapper afar;
create user mapping for app server elsewhere options (user 'x', password 'stored-remote-password');
create publication everything for all tables;
create subscription theirs connection 'dbname=none' publication p with (connect = false, slot_name = none, enabled = false);
select pg_create_logical_replication_slot('taps', 'pgoutput');
insert into clinic.note select i, 'a', convert_to('Potilas kertoi että yöunet ovat olleet huonot ' || i, 'UTF8') from generate_series(1, 50) i;
insert into clinic.patient select i, 'Maija Meikäläinen' from generate_series(1, 50) i;
alter system set max_connections = 60;
select pg_reload_conf();
analyze;
`;

/** What is declared of it; every fault above departs from this, or is one whatever is declared. */
export const declaredPolicy = `
sinettiPosture: 1
schemas: [clinic]
databases: [clinic, postgres]
listen: [localhost]
hba: [local all all scram-sha-256]
rowSecurity: required
extensions: []
roles:
  postgres: { kind: superuser, login: true }
  clinic_owner: { kind: owner }
  app:
    kind: application
    login: true
    relations:
      clinic.note: [select, insert]
      clinic.patient: [select, insert]
      clinic.visit: [select]
ciphertext:
  - { column: clinic.note.body, prefix: e2ee }
  - { column: clinic.note.gone }
readable: [clinic.note.owner, clinic.visit.owner, clinic.visit_1.owner, clinic.idle.owner]
exceptions:
  - { fingerprint: 0123456789abcdef, reason: it was to be mended in spring, until: 2020-05-01 }
`;

/** What a person does where no statement mends: seals, declares, takes out. */
export const personMends = `
update clinic.note set body = '\\xe2ee'::bytea || sha512(body) || sha512(body || '1');
alter table clinic.patient drop column full_name;
select lo_unlink(oid) from pg_largeobject_metadata;
`;

/** The same policy after a person has gone through it. */
export const mendedPolicy = declaredPolicy
  .replace("  - { column: clinic.note.gone }\n", "")
  .replace(/exceptions:\n.*\n/, "");

/** A PostgreSQL in which about everything is wrong that can be. */
export async function startBadCluster(options: { bin?: string } = {}): Promise<BareCluster> {
  const cluster = await startBareCluster({ settings: SETTINGS, hba: HBA, ...options });
  const admin = cluster.connect();
  for (const statement of CLUSTER.split(";\n"))
    if (statement.trim() !== "") await admin.unsafe(statement);
  await admin.end();
  const clinic = cluster.connect("clinic");
  for (const statement of CLINIC.split(";\n"))
    if (statement.trim() !== "") await clinic.unsafe(statement);
  await clinic.end();
  writeFileSync(join(dirname(cluster.hbaFile), "pg_ident.conf"), "office /^.* all\n");
  appendFileSync(cluster.hbaFile, "host all all nonsense\n");
  return cluster;
}
