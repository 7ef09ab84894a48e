import { ZERO_HASH, decodeShape, encodeShape, hashLogEntry, logEntryShape } from "@sinetti/core";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { databaseUrlToOptions } from "../../../../tools/databaseAddress.ts";
import type { Broken, StoreName } from "../../src/fsck/broken.ts";
import { check, startSoundSystem, type NamedFiles } from "./soundSystem.ts";

type Sql = postgres.Sql;
let sound: Awaited<ReturnType<typeof startSoundSystem>>;
let stores: Record<StoreName, Sql>;

beforeAll(async () => {
  sound = await startSoundSystem();
  const { databases } = sound.system;
  const open = (url: string): Sql =>
    postgres({ ...databaseUrlToOptions(url), max: 2, onnotice: () => undefined });
  stores = {
    who: open(databases.who.superUrl),
    what: open(databases.what.superUrl),
    gate: open(databases.gate.superUrl),
  };
});
afterAll(async () => {
  await Promise.all(Object.values(stores).map((sql) => sql.end({ timeout: 5 })));
  await sound.system.stop();
});

const bytes = (id: string): Buffer => Buffer.from(id, "hex");

/** Copies of the tables of a store, put back whatever happened to them. */
async function withCopies<T>(
  sql: Sql,
  tables: readonly string[],
  work: () => Promise<T>,
): Promise<T> {
  for (const table of tables)
    await sql`create table ${sql(`kept_${table}`)} as select * from ${sql(table)}`;
  try {
    return await work();
  } finally {
    for (const table of tables) {
      await sql`delete from ${sql(table)}`;
      await sql`insert into ${sql(table)} select * from ${sql(`kept_${table}`)}`;
      await sql`drop table ${sql(`kept_${table}`)}`;
    }
  }
}

interface Damage {
  readonly name: string;
  readonly store: StoreName;
  readonly tables: readonly string[];
  /** `service table what` of everything that must be named, and of nothing else. */
  readonly named: readonly string[];
  readonly plant: (sql: Sql, files: NamedFiles) => Promise<unknown>;
}

/** One bit of the byte at `offset` of a column. */
function flip(sql: Sql, column: string, offset: number): postgres.PendingQuery<postgres.Row[]> {
  return sql`${sql(column)} = set_byte(${sql(column)}, ${offset}, get_byte(${sql(column)}, ${offset}) # 1)`;
}

const inCare = (sql: Sql, { care }: NamedFiles) => sql`file = ${bytes(care)}`;

const DAMAGES: readonly Damage[] = [
  {
    name: "a flipped bit in the box of an entry",
    store: "what",
    tables: ["entries"],
    named: ["what entries box"],
    plant: (sql, files) =>
      sql`update entries set ${flip(sql, "box", 60)} where ${inCare(sql, files)} and seq = 0 and position = 1`,
  },
  {
    name: "a box cut to a size that padding does not make",
    store: "what",
    tables: ["entries"],
    named: ["what entries box", "what entries box-size", "what record_links link-size"],
    plant: (sql, files) =>
      sql`update entries set box = substring(box from 2) where ${inCare(sql, files)} and seq = 1`,
  },
  {
    name: "a flipped bit in a wrap",
    store: "what",
    tables: ["wraps"],
    named: ["what wraps wrap"],
    plant: (sql, files) =>
      sql`update wraps set ${flip(sql, "sealed", 30)}
        where ${inCare(sql, files)} and epoch = 2 and subject_type = 'member'`,
  },
  {
    name: "a wrap said to be for another key",
    store: "what",
    tables: ["wraps"],
    named: ["what wraps wrap"],
    plant: (sql, files) =>
      sql`update wraps set key_version = 2
        where ${inCare(sql, files)} and epoch = 2 and subject_type = 'member'`,
  },
  {
    name: "a flipped bit in a batch key",
    store: "what",
    tables: ["batch_keys"],
    named: ["what batch_keys batch-key"],
    plant: (sql) =>
      sql`update batch_keys set ${flip(sql, "sealed", 700)} where ctid = (select min(ctid) from batch_keys)`,
  },
  {
    name: "a batch key that is gone",
    store: "what",
    tables: ["batch_keys"],
    named: ["what batch_keys batch-key-missing"],
    plant: (sql, { batched }) =>
      sql`delete from batch_keys where (batch, subject) in (
        select batch, subject from wraps where file = ${bytes(batched)} order by subject limit 1)`,
  },
  {
    name: "a flipped bit in the header of an entry",
    store: "what",
    tables: ["record_links"],
    named: ["what record_links link-hash", "what record_links link-signature"],
    plant: (sql, files) =>
      sql`update record_links set ${flip(sql, "statement", 340)} where ${inCare(sql, files)} and seq = 2`,
  },
  {
    name: "a flipped bit in the signature of a record statement",
    store: "what",
    tables: ["record_links"],
    named: ["what record_links link-hash", "what record_links link-signature"],
    plant: (sql, files) =>
      sql`update record_links set ${flip(sql, "statement", 5)} where ${inCare(sql, files)} and seq = 2`,
  },
  {
    name: "a flipped bit in an access statement",
    store: "what",
    tables: ["access_links"],
    named: [
      "what access_links acceptance",
      "what access_links link-hash",
      "what access_links link-signature",
    ],
    plant: (sql, files) =>
      sql`update access_links set ${flip(sql, "statement", 5)} where ${inCare(sql, files)} and seq = 3`,
  },
  {
    name: "a flipped bit in an access statement at the gate",
    store: "gate",
    tables: ["access_links"],
    named: ["gate access_links acceptance", "gate access_links link-signature"],
    plant: (sql, files) =>
      sql`update access_links set ${flip(sql, "statement", 5)} where ${inCare(sql, files)} and seq = 3`,
  },
  {
    name: "hashes of wraps that the statement does not name",
    store: "what",
    tables: ["access_links"],
    named: ["what access_links wrap-hashes", "what wraps wrap", "what wraps wrap"],
    plant: (sql, files) =>
      sql`update access_links set ${flip(sql, "wraps", 40)} where ${inCare(sql, files)} and seq = 3`,
  },
  {
    name: "a flipped bit in an acceptance",
    store: "what",
    tables: ["acceptances"],
    named: ["what access_links acceptance", "what acceptances acceptance"],
    plant: (sql, files) =>
      sql`update acceptances set ${flip(sql, "acceptance", 80)} where hash in (
        select acceptance from access_links where ${inCare(sql, files)} and seq = 3)`,
  },
  {
    name: "an acceptance that is gone at the gate",
    store: "gate",
    tables: ["acceptances"],
    named: ["gate access_links acceptance-missing"],
    plant: (sql, files) =>
      sql`delete from acceptances where id in (
        select acceptance from access_links where ${inCare(sql, files)} and seq = 3)`,
  },
  {
    name: "a flipped bit in a half at rest at the gate",
    store: "gate",
    tables: ["shares"],
    named: ["gate shares share"],
    plant: (sql, files) =>
      sql`update shares set ${flip(sql, "sealed", 30)} where ${inCare(sql, files)} and epoch = 1`,
  },
  {
    name: "a flipped bit in the copy of a half at the vault",
    store: "what",
    tables: ["shares"],
    named: ["what shares share"],
    plant: (sql, files) =>
      sql`update shares set ${flip(sql, "sealed", 30)} where ${inCare(sql, files)} and epoch = 2`,
  },
  {
    name: "a half that is gone at the gate",
    store: "gate",
    tables: ["shares"],
    named: ["gate shares share-missing"],
    plant: (sql, files) => sql`delete from shares where ${inCare(sql, files)} and epoch = 2`,
  },
  {
    name: "a copy of a half that is gone at the vault",
    store: "what",
    tables: ["shares"],
    named: ["what shares share-missing"],
    plant: (sql, files) => sql`delete from shares where ${inCare(sql, files)} and epoch = 1`,
  },
  {
    name: "a flipped bit in a chunk of an attachment",
    store: "what",
    tables: ["attachments"],
    named: ["what attachments chunk"],
    plant: (sql, { attached }) =>
      sql`update attachments set ${flip(sql, "box", 100_000)} where file = ${bytes(attached)} and chunk = 1`,
  },
  {
    name: "a chunk changed together with the hash beside it",
    store: "what",
    tables: ["attachments"],
    named: ["what attachments chunks"],
    plant: (sql, { attached }) =>
      sql`update attachments a set box = b.box, hash = b.hash from attachments b
        where a.file = ${bytes(attached)} and b.file = a.file and b.attachment = a.attachment
          and a.chunk = 1 and b.chunk = 0`,
  },
  {
    name: "a chunk that is gone",
    store: "what",
    tables: ["attachments"],
    named: ["what attachments chunks"],
    plant: (sql, { attached }) =>
      sql`delete from attachments where file = ${bytes(attached)} and chunk = 2`,
  },
  {
    name: "two chunks swapped",
    store: "what",
    tables: ["attachments"],
    named: ["what attachments chunks"],
    plant: async (sql, { attached }) => {
      const of = sql`where file = ${bytes(attached)}`;
      await sql`update attachments set chunk = 10 + chunk ${of}`;
      await sql`update attachments set chunk = case chunk when 10 then 1 when 11 then 0 else 2 end ${of}`;
    },
  },
  {
    name: "a chunk doubled",
    store: "what",
    tables: ["attachments"],
    named: ["what attachments chunks"],
    plant: (sql, { attached }) =>
      sql`insert into attachments select practice, file, attachment, 3, box, hash from attachments
        where file = ${bytes(attached)} and chunk = 2`,
  },
  {
    name: "a line of the gate's log changed",
    store: "gate",
    tables: ["log"],
    named: ["gate log log-line"],
    plant: (sql) => sql`update log set time = time + 60 where idx = 3`,
  },
  {
    name: "a flipped bit in a line of the gate's log",
    store: "gate",
    tables: ["log"],
    named: ["gate log log-line"],
    plant: (sql) => sql`update log set ${flip(sql, "entry", 60)} where idx = 2`,
  },
  {
    name: "a line of the gate's log written anew with its own hash",
    store: "gate",
    tables: ["log"],
    named: ["gate log log-order", "gate log log-order"],
    plant: async (sql) => {
      const [row] = await sql<{ entry: Buffer }[]>`select entry from log where idx = 2`;
      const entry = decodeShape(logEntryShape, row?.entry ?? Buffer.alloc(0));
      const other = { ...entry, prev: ZERO_HASH };
      await sql`update log set entry = ${Buffer.from(encodeShape(logEntryShape, other))},
        hash = ${bytes(hashLogEntry(other))} where idx = 2`;
    },
  },
  {
    name: "a gap in the gate's log",
    store: "gate",
    tables: ["log", "log_items"],
    named: ["gate log log-gap"],
    plant: async (sql) => {
      await sql`delete from log where idx = 4`;
      await sql`delete from log_items where idx = 4`;
    },
  },
  {
    name: "the end of the gate's log cut off",
    store: "gate",
    tables: ["log", "log_items"],
    named: ["gate log_heads log-head"],
    plant: async (sql) => {
      await sql`delete from log_items where idx = (select max(idx) from log)`;
      await sql`delete from log where idx = (select max(idx) from log)`;
    },
  },
  {
    name: "two lines of the gate's log exchanged",
    store: "gate",
    tables: ["log", "log_items"],
    named: ["gate log log-line", "gate log log-line"],
    plant: async (sql) => {
      for (const table of ["log", "log_items"]) {
        await sql`update ${sql(table)} set idx = 100000 + idx where idx in (1, 2)`;
        await sql`update ${sql(table)} set idx = 100003 - idx where idx > 100000`;
      }
    },
  },
  {
    name: "an opening hidden in the rows beside the log",
    store: "gate",
    tables: ["log_items"],
    named: ["gate log_items log-items"],
    plant: (sql) =>
      sql`delete from log_items where ctid = (select max(ctid) from log_items where position = 1)`,
  },
  {
    name: "an approval of openings that was made wider than it was given",
    store: "gate",
    tables: ["opening_approvals"],
    named: ["gate opening_approvals log-detail"],
    plant: (sql) => sql`update opening_approvals set count = 500`,
  },
  {
    name: "a flipped bit in a statement of the practice",
    store: "who",
    tables: ["practice_links"],
    named: [
      "who practice_links acceptance",
      "who practice_links link-hash",
      "who practice_links link-signature",
      "who practices head",
    ],
    plant: (sql) => sql`update practice_links set ${flip(sql, "statement", 5)} where seq = 4`,
  },
  {
    name: "a practice without its last statements at a vault",
    store: "what",
    tables: ["practice_links"],
    named: ["what practice_links practice-behind", "what practices head"],
    plant: (sql) =>
      sql`delete from practice_links where seq = (select max(seq) from practice_links)`,
  },
  {
    name: "an entry that is gone",
    store: "what",
    tables: ["entries"],
    named: ["what entries entry-missing"],
    plant: (sql, files) => sql`delete from entries where ${inCare(sql, files)} and seq = 1`,
  },
  {
    name: "a record statement that is gone",
    store: "what",
    tables: ["record_links"],
    named: ["what record_links link-missing"],
    plant: (sql, files) => sql`delete from record_links where ${inCare(sql, files)} and seq = 1`,
  },
  {
    name: "an access statement that is gone",
    store: "what",
    tables: ["access_links"],
    named: ["what access_links link-missing"],
    plant: (sql, files) => sql`delete from access_links where ${inCare(sql, files)} and seq = 1`,
  },
  {
    name: "a wrap that is gone",
    store: "what",
    tables: ["wraps"],
    named: ["what wraps wrap-missing"],
    plant: (sql, files) =>
      sql`delete from wraps where ${inCare(sql, files)} and epoch = 2 and subject_type = 'recovery'`,
  },
  {
    name: "a wrap for somebody who holds nothing",
    store: "what",
    tables: ["wraps"],
    named: ["what wraps wrap-extra"],
    plant: (sql, files) =>
      sql`insert into wraps select practice, file, epoch, subject_type, ${Buffer.alloc(16, 9)},
        key_version, batch, sealed from wraps
        where ${inCare(sql, files)} and epoch = 2 and subject_type = 'member'`,
  },
  {
    name: "a doubled entry",
    store: "what",
    tables: ["entries"],
    named: ["what entries entry-extra"],
    plant: (sql, files) =>
      sql`insert into entries select practice, file, ${Buffer.alloc(16, 9)}, seq, 2, box from entries
        where ${inCare(sql, files)} and seq = 0 and position = 1`,
  },
  {
    name: "two entries of one statement exchanged",
    store: "what",
    tables: ["entries"],
    named: ["what entries entry-order", "what entries entry-order"],
    plant: async (sql, files) => {
      const of = sql`where ${inCare(sql, files)} and seq = 0`;
      await sql`update entries set position = position + 10 ${of}`;
      await sql`update entries set position = 11 - position ${of}`;
    },
  },
  {
    name: "two record statements exchanged",
    store: "what",
    tables: ["record_links"],
    named: ["what record_links link-order"],
    plant: async (sql, files) => {
      const of = sql`where ${inCare(sql, files)}`;
      await sql`update record_links set seq = seq + 10 ${of} and seq in (1, 2)`;
      await sql`update record_links set seq = 13 - seq ${of} and seq > 10`;
    },
  },
  {
    name: "an entry of one record moved to another",
    store: "what",
    tables: ["entries"],
    named: ["what entries entry-extra", "what entries entry-missing"],
    plant: (sql, { care, batched }) =>
      sql`update entries set file = ${bytes(batched)}, seq = 5
        where file = ${bytes(care)} and seq = 1`,
  },
  {
    name: "a statement of one record moved to another",
    store: "what",
    tables: ["record_links"],
    named: ["what record_links foreign-row"],
    plant: (sql, { care, batched }) =>
      sql`update record_links l set statement = o.statement, hash = o.hash from record_links o
        where l.file = ${bytes(batched)} and l.seq = 0 and o.file = ${bytes(care)} and o.seq = 0`,
  },
  {
    name: "a wrong head beside a record",
    store: "what",
    tables: ["files"],
    named: ["what files head"],
    plant: (sql, files) =>
      sql`update files set record_hash = ${Buffer.alloc(32, 1)} where ${inCare(sql, files)}`,
  },
  {
    name: "a wrong head beside an access chain",
    store: "what",
    tables: ["files"],
    named: ["what files head"],
    plant: (sql, files) => sql`update files set access_seq = 1 where ${inCare(sql, files)}`,
  },
  {
    name: "a wrong folded state at the vault",
    store: "what",
    tables: ["files"],
    named: ["what files state"],
    plant: (sql, { care, batched }) =>
      sql`update files set access_state = (select access_state from files where file = ${bytes(batched)})
        where file = ${bytes(care)}`,
  },
  {
    name: "a wrong folded state at the gate",
    store: "gate",
    tables: ["files"],
    named: ["gate files state"],
    plant: (sql, files) => sql`update files set epoch = 1 where ${inCare(sql, files)}`,
  },
  {
    name: "a wrong count of entries",
    store: "what",
    tables: ["files"],
    named: ["what files state"],
    plant: (sql, files) => sql`update files set record_entries = 3 where ${inCare(sql, files)}`,
  },
  {
    name: "somebody listed as a holder who is none",
    store: "gate",
    tables: ["holdings"],
    named: ["gate holdings holding"],
    plant: (sql, files) =>
      sql`insert into holdings select practice, ${Buffer.alloc(16, 9)}, file, rights, expires, class, case_id
        from holdings where ${inCare(sql, files)}`,
  },
  {
    name: "a row of a practice that is not here",
    store: "what",
    tables: ["drafts"],
    named: ["what drafts foreign-row"],
    plant: (sql) => sql`update drafts set practice = ${Buffer.alloc(16, 9)}`,
  },
  {
    name: "a kit of a practice that is not here",
    store: "who",
    tables: ["kits"],
    named: ["who kits foreign-row"],
    plant: (sql) =>
      sql`update kits set practice = ${Buffer.alloc(16, 9)} where ctid = (select min(ctid) from kits)`,
  },
  {
    name: "a statement that says another practice than its row",
    store: "what",
    tables: ["record_links"],
    named: ["what record_links foreign-row"],
    plant: (sql, files) =>
      sql`update record_links set statement = (
          select substring(statement from 1 for position(practice in statement) - 1)
            || ${Buffer.alloc(16, 9)} || substring(statement from position(practice in statement) + 16))
        where ${inCare(sql, files)} and seq = 0`,
  },
  {
    name: "a draft of an epoch that is still to come",
    store: "what",
    tables: ["drafts"],
    named: ["what drafts draft"],
    plant: (sql) => sql`update drafts set epoch = 7`,
  },
  {
    name: "a lookup cell that holds no file id",
    store: "who",
    tables: ["lookup_cells"],
    named: ["who lookup_cells lookup-cell"],
    plant: (sql) =>
      sql`update lookup_cells set cell = substring(cell from 2)
        where ctid = (select min(ctid) from lookup_cells)`,
  },
  {
    name: "a vault that lacks what the gate has accepted",
    store: "what",
    tables: ["access_links", "wraps", "shares", "files", "record_links", "entries", "holdings"],
    named: ["what access_links file-missing"],
    plant: async (sql, { batched }) => {
      for (const table of [
        "access_links",
        "wraps",
        "shares",
        "files",
        "record_links",
        "entries",
        "holdings",
      ])
        await sql`delete from ${sql(table)} where file = ${bytes(batched)}`;
    },
  },
  {
    name: "a vault that lacks the last statement which the gate has accepted",
    store: "what",
    tables: ["access_links"],
    named: ["what access_links vault-behind", "what files head"],
    plant: (sql, { attached }) =>
      sql`delete from access_links where file = ${bytes(attached)} and seq = 1`,
  },
  {
    name: "a gate that lacks the last statement which its vault has taken",
    store: "gate",
    tables: ["access_links"],
    named: ["gate files head", "what access_links vault-ahead"],
    plant: (sql, { attached }) =>
      sql`delete from access_links where file = ${bytes(attached)} and seq = 1`,
  },
  {
    name: "a gate that lacks a record which its vault has",
    store: "gate",
    tables: ["access_links", "files", "shares", "holdings"],
    named: ["gate files file-unknown"],
    plant: async (sql, { batched }) => {
      for (const table of ["access_links", "files", "shares", "holdings"])
        await sql`delete from ${sql(table)} where file = ${bytes(batched)}`;
    },
  },
  {
    name: "a record that a reader has seen longer than it is",
    store: "gate",
    tables: ["files"],
    named: ["what record_links record-behind"],
    plant: (sql, files) =>
      sql`update files set record_seq = 90, record_hash = ${Buffer.alloc(32, 1)} where ${inCare(sql, files)}`,
  },
  {
    name: "a record of which a reader has seen another history",
    store: "gate",
    tables: ["files"],
    named: ["gate files record-fork"],
    plant: (sql, files) =>
      sql`update files set record_seq = 1, record_hash = ${Buffer.alloc(32, 1)} where ${inCare(sql, files)}`,
  },
  {
    name: "a box of an erased record",
    store: "what",
    tables: ["entries"],
    named: ["what entries left-behind"],
    plant: (sql, { erased, care }) =>
      sql`insert into entries select practice, ${bytes(erased)}, entry, 0, 0, box from entries
        where file = ${bytes(care)} and seq = 1`,
  },
  {
    name: "a half of an erased record at the gate",
    store: "gate",
    tables: ["shares"],
    named: ["gate shares left-behind"],
    plant: (sql, { erased, care }) =>
      sql`insert into shares select practice, ${bytes(erased)}, 1, sealed from shares
        where file = ${bytes(care)} and epoch = 1`,
  },
  {
    name: "a pending order that was changed",
    store: "gate",
    tables: ["pending_orders"],
    named: ["gate pending_orders order"],
    plant: (sql) => sql`update pending_orders set kind = 'policy'`,
  },
  {
    name: "a stop under another id",
    store: "gate",
    tables: ["stops"],
    named: ["gate stops stop"],
    plant: (sql) =>
      sql`update stops set order_id = ${Buffer.alloc(16, 9)} where ctid = (select min(ctid) from stops)`,
  },
  {
    name: "a migration of another version",
    store: "gate",
    tables: [],
    named: ["gate sinetti_migrations.applied migrations"],
    plant: (sql) => sql`update sinetti_migrations.applied set hash = reverse(hash)`,
  },
];

const tellOf = ({ service, table, what }: Broken): string => `${service} ${table} ${what}`;

describe("of a sound system", () => {
  it.each([0, 2])("nothing is broken, seen with %i threads", async (threads) => {
    const report = await check(sound.system, { threads });
    expect(report.broken).toEqual([]);
    expect(report.chains).toBeGreaterThan(20);
    expect(report.entries).toBeGreaterThan(100);
  });
});

describe("of a system that was damaged", () => {
  it.each(DAMAGES.map((damage) => [damage.name, damage] as const))(
    "%s is named, and nothing else",
    async (_name, { store, tables, named, plant }) => {
      const sql = stores[store];
      const report = await withCopies(sql, tables, async () => {
        await plant(sql, sound.files);
        return check(sound.system);
      });
      expect(report.broken.map(tellOf).toSorted()).toEqual([...named].toSorted());
    },
  );

  it("nothing is broken any more when all is put back", async () => {
    await stores.gate`update sinetti_migrations.applied set hash = reverse(hash)`;
    expect((await check(sound.system)).broken).toEqual([]);
  });
});

describe("of a system at work", () => {
  it("nothing is broken: what is on its way from the gate to a vault is waited for", async () => {
    const { system, write } = sound;
    const work = (async () => {
      for (let round = 0; round < 8; round++) await write();
    })();
    for (let round = 0; round < 2; round++) {
      const report = await check(system, { secondLookSeconds: 1 });
      expect(report.broken).toEqual([]);
    }
    await work;
  });
});
