import { createHash } from "node:crypto";

import { idToBytes, LIMITS, type FileId, type Link, type PracticeId } from "@sinetti/core";

import { column, type Tx } from "./database.ts";
import type { AcceptedLink } from "./linkStore.ts";

/** Writes statements of access chains under the one acceptance that names them all. */
export async function insertAccessLinks(
  tx: Tx,
  practice: PracticeId,
  { links, acceptance }: { links: readonly Link[]; acceptance: Uint8Array },
): Promise<void> {
  const id = createHash("sha256").update(acceptance).digest();
  await Promise.all([
    tx`insert into acceptances (practice, id, signed) values (${idToBytes(practice)}, ${id}, ${acceptance})`,
    tx`
      insert into access_links (practice, acceptance, file, seq, statement)
      select ${idToBytes(practice)}, ${id}, * from unnest(
        ${column(
          tx,
          "bytea",
          links.map(({ statement }) => idToBytes(statement.id)),
        )},
        ${column(
          tx,
          "int8",
          links.map(({ statement }) => statement.seq),
        )},
        ${column(
          tx,
          "bytea",
          links.map(({ signed }) => signed),
        )}
      )`,
  ]);
}

/** The acceptance of each of these links, in their order; a link that is not there is left out. */
export async function findAcceptances(
  tx: Tx,
  practice: PracticeId,
  links: readonly Link[],
): Promise<Uint8Array[]> {
  const rows = await tx<{ signed: Uint8Array }[]>`
    select a.signed
    from unnest(
      ${column(
        tx,
        "bytea",
        links.map(({ statement }) => idToBytes(statement.id)),
      )},
      ${column(
        tx,
        "int8",
        links.map(({ statement }) => statement.seq),
      )}
    ) with ordinality as asked (file, seq, position)
    join access_links l on l.practice = ${idToBytes(practice)} and l.file = asked.file and l.seq = asked.seq
    join acceptances a on a.practice = l.practice and a.id = l.acceptance
    order by asked.position`;
  return rows.map(({ signed }) => signed);
}

/** Links of one file from `from` on, as many as fit one answer. */
export async function readAccessLinks(
  tx: Tx,
  practice: PracticeId,
  { file, from }: { file: FileId; from: number },
): Promise<{ links: AcceptedLink[]; more: boolean }> {
  const rows = await tx<(AcceptedLink & { size: number })[]>`
    select l.statement, a.signed as acceptance, (sum(length(l.statement) + length(a.signed))
      over (order by l.seq))::float8 as size
    from access_links l join acceptances a on a.practice = l.practice and a.id = l.acceptance
    where l.practice = ${idToBytes(practice)} and l.file = ${idToBytes(file)} and l.seq >= ${from}
    order by l.seq limit ${LIMITS.itemsPerBatch + 1}`;
  const fitting = rows.filter(
    ({ size }, index) => index === 0 || (index < LIMITS.itemsPerBatch && size < ANSWER_BYTES),
  );
  const links = fitting.map(({ statement, acceptance }) => ({ statement, acceptance }));
  return { links, more: fitting.length < rows.length };
}

/** Leaves room for the shares. */
const ANSWER_BYTES = LIMITS.messageBytes / 2;
