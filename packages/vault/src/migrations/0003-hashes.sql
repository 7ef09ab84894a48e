-- What lets somebody without keys check every wrap and every chunk: the hashes under the signed ones.
-- Of a create, grant or rekey: the hashes of its wraps in the order staged, joined; the statement names the hash over them.
alter table access_links add column wraps bytea check (octet_length(wraps) % 32 = 0);
alter table attachments add column hash hash_bytes;
-- The owner is bound by the policy too, and no practice is set here.
alter table attachments no force row level security;
update attachments set hash = sha256(box);
alter table attachments force row level security;
alter table attachments alter column hash set not null;
