import type { KnownFile } from "@sinetti/client";
import { epochAt, readStatement, type Place, type Signed } from "@sinetti/core";
import { generateHalves, sealWrap } from "@sinetti/core/secret";
import type { Sql, TransactionSql } from "postgres";

import { forgeAccess, forgeAppend, type Forged } from "./forgedStatements.ts";
import { idBytes } from "./stage.ts";

type Tx = Sql | TransactionSql;

/** A record that is lied about in the rows of its vault, and another one beside it. */
export interface Scene extends Forged {
  readonly sql: Tx;
  readonly other: KnownFile;
}

/** Something that root on a vault does to the rows of a record. */
export interface VaultLie {
  readonly name: string;
  readonly tell: (scene: Scene) => Promise<unknown>;
}

const at = ({ sql, file }: Scene) => sql`file = ${idBytes(file.file)}`;
const hashBytes = idBytes;

async function setHead({ sql, file }: Scene, head: Place, entries: number): Promise<void> {
  await sql`update files set record_seq = ${head.seq}, record_hash = ${hashBytes(head.hash)},
    record_entries = ${entries} where file = ${idBytes(file.file)}`;
}

function placeOf(signed: Signed): Place {
  const { hash, statement } = readStatement(signed);
  return { seq: statement.seq, hash };
}

async function insertLink(
  { sql, file }: Scene,
  { statement, bytes }: { statement: Signed; bytes: number },
): Promise<void> {
  const { seq, hash } = placeOf(statement);
  await sql`insert into record_links (practice, file, seq, hash, statement, bytes)
    values (${idBytes(file.access.practice)}, ${idBytes(file.file)}, ${seq}, ${hashBytes(hash)},
      ${Buffer.from(statement)}, ${bytes})`;
}

async function addForged(scene: Scene): Promise<void> {
  const { sql, file } = scene;
  const { statement, box, entry } = forgeAppend(scene);
  await insertLink(scene, { statement, bytes: statement.length + box.length });
  await sql`insert into entries (practice, file, entry, seq, position, box)
    values (${idBytes(file.access.practice)}, ${idBytes(file.file)}, ${idBytes(entry)},
      ${placeOf(statement).seq}, 0, ${Buffer.from(box)})`;
  await setHead(scene, placeOf(statement), file.record.entries + 1);
}

async function addAccess(scene: Scene, kind: "grant" | "renew"): Promise<void> {
  const { sql } = scene;
  const statement = forgeAccess(scene, kind);
  const { seq, hash } = placeOf(statement);
  await sql`insert into access_links (practice, file, seq, hash, statement, acceptance)
    select practice, file, ${seq}, ${hashBytes(hash)}, ${Buffer.from(statement)}, acceptance
    from access_links where ${at(scene)} and seq = 0`;
  await sql`update files set access_seq = ${seq}, access_hash = ${hashBytes(hash)} where ${at(scene)}`;
  if (kind === "grant") await addHolding(scene);
}

const addHolding = (scene: Scene): Promise<unknown> =>
  scene.sql`insert into holdings (practice, subject_type, subject, file, rights, expires)
    select practice, subject_type, ${idBytes(scene.stranger.member)}, file, rights, expires
    from holdings where ${at(scene)} and subject_type = 'member' limit 1`;

/** The record as it was after its first statements. */
async function rollBack(scene: Scene, kept: number): Promise<void> {
  const { sql, file } = scene;
  const newest = file.links[kept - 1];
  if (newest === undefined)
    throw new RangeError("a record is not rolled back beyond its beginning");
  await sql`delete from entries where ${at(scene)} and seq >= ${kept}`;
  await sql`delete from record_links where ${at(scene)} and seq >= ${kept}`;
  const entries = file.links.slice(0, kept).reduce((sum, { body }) => sum + body.entries.length, 0);
  await setHead(scene, { seq: kept - 1, hash: newest.link.hash }, entries);
}

async function giveOtherRecord(scene: Scene): Promise<void> {
  const { sql, file, other } = scene;
  const from = sql`file = ${idBytes(other.file)}`;
  await sql`delete from record_links where ${at(scene)}`;
  await sql`delete from entries where ${at(scene)}`;
  await sql`insert into record_links select practice, ${idBytes(file.file)}, seq, hash, statement, bytes
    from record_links where ${from}`;
  await sql`insert into entries select practice, ${idBytes(file.file)}, entry, seq, position, box
    from entries where ${from}`;
  if (other.record.head !== null) await setHead(scene, other.record.head, other.record.entries);
}

async function giveOtherAccess(scene: Scene): Promise<void> {
  const { sql, file, other } = scene;
  await sql`delete from access_links where ${at(scene)}`;
  await sql`insert into access_links (practice, file, seq, hash, statement, acceptance, wraps)
    select practice, ${idBytes(file.file)}, seq, hash, statement, acceptance, wraps
    from access_links where file = ${idBytes(other.file)}`;
}

/** A half of the thief's own choice, sealed to the owner's true key as anybody can. */
async function giveOwnHalf({ sql, file, owner }: Scene): Promise<void> {
  const { practice, compartment } = file.access;
  const { epoch } = epochAt(file.access);
  const newest = owner.practice.members[owner.member]?.keys.at(-1);
  if (newest === undefined) throw new TypeError("the owner has a key");
  const subject = { type: "member" as const, id: owner.member };
  const wrap = sealWrap(
    generateHalves().member,
    { subject, keyVersion: newest.version, key: newest.key },
    { practice, file: file.file, epoch, compartment },
  );
  await sql`update wraps set batch = null, sealed = ${Buffer.from(wrap.sealed)}
    where file = ${idBytes(file.file)} and subject = ${idBytes(owner.member)}`;
}

const exchange = (scene: Scene, table: "entries" | "record_links", column: string) =>
  scene.sql
    .unsafe(
      `update ${table} set ${column} = ${column} + 100 where file = $1 and ${table === "entries" ? "seq = 1" : "seq in (0, 1)"}`,
      [idBytes(scene.file.file)],
    )
    .then(() =>
      scene.sql.unsafe(
        `update ${table} set ${column} = 101 - ${column} where file = $1 and ${column} >= 100`,
        [idBytes(scene.file.file)],
      ),
    );

/** What root on a vault tries on one record; each is tried on records of its own. */
export const VAULT_LIES: readonly VaultLie[] = [
  { name: "an entry forged in the owner's name", tell: addForged },
  {
    name: "a true statement given a second time at the end",
    tell: ({ sql, file }) =>
      sql`insert into record_links select practice, file, seq + 2, hash, statement, bytes
        from record_links where file = ${idBytes(file.file)} and seq = 1`.then(
        () => sql`update files set record_seq = 3 where file = ${idBytes(file.file)}`,
      ),
  },
  { name: "a grant to a stranger in the owner's name", tell: (scene) => addAccess(scene, "grant") },
  { name: "a grant made longer", tell: (scene) => addAccess(scene, "renew") },
  { name: "a stranger among those who are listed as holders", tell: addHolding },
  {
    name: "the folded rights of another record",
    tell: ({ sql, file, other }) =>
      sql`update files set access_state = (select access_state from files where file = ${idBytes(other.file)})
        where file = ${idBytes(file.file)}`,
  },
  { name: "the access chain of another record", tell: giveOtherAccess },
  {
    name: "the wrap of another record",
    tell: ({ sql, file, other }) =>
      sql`update wraps w set sealed = o.sealed, batch = o.batch from wraps o
        where w.file = ${idBytes(file.file)} and o.file = ${idBytes(other.file)}
          and w.subject_type = 'member' and o.subject_type = 'member' and w.epoch = o.epoch`,
  },
  { name: "a half of the thief's own, sealed to the owner's key", tell: giveOwnHalf },
  {
    name: "every wrap gone",
    tell: ({ sql, file }) => sql`delete from wraps where file = ${idBytes(file.file)}`,
  },
  {
    name: "two entries of one statement exchanged",
    tell: (scene) => exchange(scene, "entries", "position"),
  },
  { name: "two statements exchanged", tell: (scene) => exchange(scene, "record_links", "seq") },
  {
    name: "an older statement in the place of a newer one",
    tell: ({ sql, file }) =>
      sql`update record_links l set statement = o.statement, hash = o.hash from record_links o
        where l.file = ${idBytes(file.file)} and l.seq = 2 and o.file = l.file and o.seq = 1`,
  },
  {
    name: "the last append, which a reader has reported, gone without a trace",
    tell: (scene) => rollBack(scene, scene.file.links.length - 1),
  },
  { name: "the whole record as it was in the beginning", tell: (scene) => rollBack(scene, 1) },
  {
    name: "an entry's box of another record",
    tell: ({ sql, file, other }) =>
      sql`update entries e set box = o.box from entries o
        where e.file = ${idBytes(file.file)} and o.file = ${idBytes(other.file)}
          and e.seq = 1 and o.seq = 1 and e.position = 0 and o.position = 0`,
  },
  { name: "all statements of another record", tell: giveOtherRecord },
  {
    name: "a flipped bit in a box",
    tell: ({ sql, file }) =>
      sql`update entries set box = set_byte(box, 60, get_byte(box, 60) # 1)
        where file = ${idBytes(file.file)} and seq = 1 and position = 0`,
  },
  {
    name: "a flipped bit in a statement",
    tell: ({ sql, file }) =>
      sql`update record_links set statement = set_byte(statement, 90, get_byte(statement, 90) # 1)
        where file = ${idBytes(file.file)} and seq = 1`,
  },
  {
    name: "boxes of one statement deleted",
    tell: ({ sql, file }) =>
      sql`delete from entries where file = ${idBytes(file.file)} and seq = 1`,
  },
  {
    name: "every statement and box deleted",
    tell: ({ sql, file }) =>
      sql`delete from entries where file = ${idBytes(file.file)}`
        .then(() => sql`delete from record_links where file = ${idBytes(file.file)}`)
        .then(
          () =>
            sql`update files set record_seq = null, record_hash = null, record_entries = 0
              where file = ${idBytes(file.file)}`,
        ),
  },
  {
    name: "the record unknown all at once",
    tell: ({ sql, file }) => sql`delete from files where file = ${idBytes(file.file)}`,
  },
];

/** The tables in which a vault keeps what it has of a record. */
export const RECORD_TABLES = [
  "files",
  "access_links",
  "shares",
  "wraps",
  "holdings",
  "record_links",
  "entries",
] as const;
