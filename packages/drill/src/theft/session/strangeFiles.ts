import { parseId, type Compartment, type FileId, type MemberId } from "@sinetti/core";
import type { Sql } from "postgres";

/** Ids that a dump of a vault shows of files on which neither this member nor a team of the practice holds anything. */
export async function strangeFiles(
  sql: Sql,
  member: MemberId,
  { compartment, most }: { compartment: Compartment; most: number },
): Promise<FileId[]> {
  const rows = await sql<{ file: string }[]>`
    select encode(f.file, 'hex') as file from files f
    where f.compartment = ${compartment} and not exists (
      select 1 from holdings h where h.practice = f.practice and h.file = f.file
      and (h.subject = decode(${member}, 'hex') or h.subject_type = 'team'))
    order by f.file limit ${most}`;
  return rows.map(({ file }) => parseId<FileId>(file));
}
