-- Writes what was decided on, in one statement and one commit, if nothing that it was decided by has moved: the head and
-- the stops of the practice, and both heads of every file. It runs with the rights of whoever calls it.
create function commit_appends(
  in_practice bytea, in_head bytea, in_stops bigint,
  files bytea[], access_hashes bytea[], record_hashes bytea[],
  new_seqs bigint[], new_hashes bytea[], new_entries bigint[], new_seen bigint[],
  new_access bigint[], new_snapshots bigint[],
  link_files bytea[], link_seqs bigint[], link_hashes bytea[], link_statements bytea[], link_bytes bigint[],
  entry_files bytea[], entry_ids bytea[], entry_seqs bigint[], entry_positions bigint[], entry_boxes bytea[]
) returns boolean
language plpgsql as $$
declare
  standing bigint;
begin
  perform set_config('sinetti.practice', encode(in_practice, 'hex'), true);
  perform from public.practices p
    where p.practice = in_practice and p.head_hash = in_head and p.stops_version = in_stops;
  if not found then
    return false;
  end if;
  with locked as (
    select f.file
    from unnest(files, access_hashes, record_hashes) as d(file, access_hash, record_hash)
    join public.files f on f.practice = in_practice and f.file = d.file
      and f.access_hash = d.access_hash and f.record_hash is not distinct from d.record_hash
    order by f.file
    for update of f
  )
  select count(*) into standing from locked;
  if standing <> cardinality(files) then
    return false;
  end if;
  update public.files f
    set record_seq = n.seq, record_hash = n.hash, record_entries = n.entries,
      record_seen = n.seen, record_access = n.access, record_snapshot = n.snapshot
    from unnest(files, new_seqs, new_hashes, new_entries, new_seen, new_access, new_snapshots)
      as n(file, seq, hash, entries, seen, access, snapshot)
    where f.practice = in_practice and f.file = n.file;
  insert into public.record_links (practice, file, seq, hash, statement, bytes)
    select in_practice, * from unnest(link_files, link_seqs, link_hashes, link_statements, link_bytes);
  insert into public.entries (practice, file, entry, seq, position, box)
    select in_practice, * from unnest(entry_files, entry_ids, entry_seqs, entry_positions, entry_boxes);
  return true;
end
$$;
revoke all on function commit_appends from public;
grant execute on function commit_appends to sinetti_app;
