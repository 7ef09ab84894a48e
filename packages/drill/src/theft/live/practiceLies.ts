import type { Client } from "@sinetti/client";
import {
  bytesToId,
  concatBytes,
  encodeShape,
  practiceHead,
  practiceStateShape,
  randomBytes,
  readStatement,
  type DeviceId,
  type MemberId,
  type Secret,
  type ServiceName,
  type Signed,
} from "@sinetti/core";
import {
  generateKemKey,
  generateSignKey,
  signOrder,
  signOrderStatement,
} from "@sinetti/core/secret";
import { signAcceptance } from "@sinetti/core/service";
import type { Sql } from "postgres";

import type { Outcome } from "./attempt.ts";
import { outcomeOf } from "./attempt.ts";
import { idBytes, type Person } from "./stage.ts";

/** What somebody does to the rows of the practice chain, in a database or in all that they have. */
export interface PracticeScene {
  readonly sql: Sql;
  readonly owner: Client;
  /** The gate's own key, where the thief has it; else one of their own. */
  readonly gateKey: Secret<"sign">;
}

/** One lie about who belongs to the practice. */
export interface PracticeLie {
  readonly name: string;
  readonly tell: (scene: PracticeScene) => Promise<unknown>;
}

/** A statement that adds a member whom no administrator has signed for, with the best acceptance that the thief can make. */
export function forgeMember({ owner, gateKey }: Omit<PracticeScene, "sql">): {
  statement: Signed;
  acceptance: Signed;
} {
  const state = owner.practice;
  const { secret } = generateSignKey();
  const { device } = owner.context.device.owner;
  const order = signOrder(
    {
      practice: state.practice,
      author: { by: "device", id: device },
      seen: practiceHead(state),
      kind: "member.add",
      body: {
        member: bytesToId<MemberId>(randomBytes(16)),
        roles: ["therapist", "admin"],
        key: generateKemKey().publicKey,
        kit: generateSignKey().publicKey,
        device: {
          device: bytesToId<DeviceId>(randomBytes(16)),
          statementKey: generateSignKey().publicKey,
          requestKey: generateSignKey().publicKey,
        },
      },
    },
    secret,
  );
  const statement = signOrderStatement(state, { device, order, approvals: [] }, secret);
  const {
    hash,
    statement: { seq },
  } = readStatement(statement);
  const item = { chain: "practice" as const, id: state.practice, seq, hash, share: null };
  const acceptance = signAcceptance(
    { practice: state.practice, week: state.week, items: [item] },
    gateKey,
  );
  return { statement, acceptance };
}

async function addLink({ sql, owner, gateKey }: PracticeScene): Promise<void> {
  const { statement, acceptance } = forgeMember({ owner, gateKey });
  const {
    hash,
    statement: { seq },
  } = readStatement(statement);
  const [column] = await sql`select 1 from information_schema.columns
    where table_schema = 'public' and table_name = 'practice_links' and column_name = 'accepted_at'`;
  const at = column === undefined ? {} : { accepted_at: Math.floor(Date.now() / 1000) };
  const row = {
    practice: idBytes(owner.practice.practice),
    seq,
    hash: idBytes(hash),
    statement: Buffer.from(statement),
    acceptance: Buffer.from(acceptance),
    ...at,
  };
  await sql`insert into practice_links ${sql(row)}`;
}

/** The owner's public key, in the statement that made them a member, replaced by one whose secret the thief has. */
async function swapKey({ sql, owner }: PracticeScene): Promise<void> {
  const key = owner.practice.members[owner.member]?.keys[0]?.key;
  if (key === undefined) throw new TypeError("the owner has a key");
  const rows = await sql<{ seq: string; statement: Buffer }[]>`
    select seq, statement from practice_links order by seq`;
  for (const { seq, statement } of rows) {
    const place = statement.indexOf(Buffer.from(key));
    if (place === -1) continue;
    const other = concatBytes(
      statement.subarray(0, place),
      generateKemKey().publicKey,
      statement.subarray(place + key.length),
    );
    await sql`update practice_links set statement = ${Buffer.from(other)},
      hash = ${idBytes(readStatement(other).hash)} where seq = ${seq}`;
    return;
  }
  throw new TypeError("no statement names the owner's key");
}

/** What root tries on the chain of the practice. */
export const PRACTICE_LIES: readonly PracticeLie[] = [
  { name: "a member added whom nobody has signed for", tell: addLink },
  { name: "the public key of a member swapped", tell: swapKey },
  {
    name: "the practice without its last statement",
    tell: ({ sql }) =>
      sql`delete from practice_links where seq = (select max(seq) from practice_links)`,
  },
];

/** What a device that knows nothing of the practice but its id makes of the chain that a service gives. */
export async function judgePractice(
  { fresh: device, client }: Person,
  from: ServiceName,
): Promise<Outcome> {
  const fresh = await device.start({ hidden: ["file/", "practice"] });
  try {
    await fresh.context.practice.sync(fresh.context.services, from);
  } catch (error) {
    return outcomeOf(error);
  }
  const seen = encodeShape(practiceStateShape, fresh.practice);
  const isSame = Buffer.from(seen).equals(encodeShape(practiceStateShape, client.practice));
  if (isSame) return "unchanged";
  const { heads } = client.practice;
  const isOlder = fresh.practice.heads.every((hash, index) => hash === heads[index]);
  return isOlder ? "withheld" : "believed";
}
