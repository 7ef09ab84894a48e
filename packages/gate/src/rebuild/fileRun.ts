import {
  accessHead,
  applyAccessStatement,
  epochAt,
  hashSealedShare,
  phaseAt,
  readAccessBody,
  readOrder,
  readStatement,
  startAccess,
  weekStart,
  type AccessState,
  type FileId,
  type Hash,
  type Link,
  type PracticeState,
  type RunFile,
  type Secret,
} from "@sinetti/core";
import { openShare } from "@sinetti/core/service";

import { allow, Refusal } from "../problem.ts";
import type { Tx } from "../store/database.ts";
import { insertFiles, readFiles, updateFiles } from "../store/fileStore.ts";
import { replaceHoldings } from "../store/holdingStore.ts";
import { touchFiles } from "../store/releaseStore.ts";
import { insertRunLinks } from "../store/runStore.ts";
import { destroyShares, insertShares, type SealedShare } from "../store/shareStore.ts";
import { keepCarried, type CarriedRevoke } from "../store/stopStore.ts";

/** This gate's own word on one statement. */
export interface Word {
  readonly statement: Hash;
  readonly week: number;
  readonly acceptance: Hash;
  readonly share: Hash | null;
}

/** What files are taken into. */
export interface FileTake {
  readonly practice: PracticeState;
  readonly key: Secret<"gate-encryption-key">;
  readonly now: number;
  /** The gate's word on a statement at its place; it is given once. */
  word(link: Link): Word;
  /** An acceptance by its hash. */
  signed(acceptance: Hash): Uint8Array;
}

interface TakenFile {
  readonly state: AccessState;
  readonly links: { link: Link; word: Word }[];
  readonly shares: SealedShare[];
  readonly revoked: CarriedRevoke[];
  readonly createdWeek: number | null;
}

/** The half at rest that this gate signed for, opened once to see that its key does; null: the file is erased since. */
function findShare(
  { file, shares }: RunFile,
  state: AccessState,
  { word, take }: { word: Word; take: FileTake },
): SealedShare | null {
  const { epoch } = epochAt(state, accessHead(state).seq);
  const found = shares.find(
    (each) => each.epoch === epoch && hashSealedShare(each.sealed) === word.share,
  );
  if (found === undefined) return null;
  openShare(take.key, { practice: state.practice, file, epoch }, found.sealed);
  return { file, epoch, sealed: found.sealed };
}

function foldFile(brought: RunFile, before: AccessState | undefined, take: FileTake): TakenFile {
  const { practice } = take;
  let state = before;
  let createdWeek: number | null = null;
  const taken: Omit<TakenFile, "state" | "createdWeek"> = { links: [], shares: [], revoked: [] };
  let isLacking = false;
  for (const { statement: signed } of brought.statements) {
    const link = readStatement(signed);
    const { seq, kind, id } = link.statement;
    allow(id === brought.file && link.statement.chain === "access", "malformed");
    const held = state?.heads[seq];
    allow(held === undefined || held === link.hash, "forked-chain");
    const word = take.word(link);
    if (held !== undefined) continue;
    const fold = { practice, week: word.week };
    if (state === undefined) {
      state = startAccess(link, fold);
      createdWeek = word.week;
    } else applyAccessStatement(state, link, fold);
    taken.links.push({ link, word });
    if (kind === "revoke") {
      const { order } = readAccessBody(link, kind);
      taken.revoked.push({ id: readOrder(order).id, signed: order });
    }
    if (kind !== "create" && kind !== "rekey") continue;
    const share = findShare(brought, state, { word, take });
    if (share === null) isLacking = true;
    else taken.shares.push(share);
  }
  if (state === undefined) throw new Refusal("malformed");
  // Only an erasure takes halves away.
  allow(!isLacking || phaseAt(state) === "erased", "share-missing");
  return { state, createdWeek, ...taken };
}

async function writeFiles(tx: Tx, taken: readonly TakenFile[], take: FileTake): Promise<void> {
  const { practice } = take.practice;
  const links = taken.flatMap((each) => each.links);
  const created = taken.filter(({ createdWeek }) => createdWeek !== null);
  const moved = taken.filter(({ createdWeek }) => createdWeek === null).map(({ state }) => state);
  const erased = taken
    .filter(({ state }) => phaseAt(state) === "erased")
    .map(({ state }) => state.file);
  const shares = taken
    .filter(({ state }) => phaseAt(state) !== "erased")
    .flatMap((each) => each.shares);
  await insertRunLinks(
    tx,
    practice,
    links.map(({ link, word: { acceptance } }) => ({
      link,
      acceptance,
      signed: take.signed(acceptance),
    })),
  );
  for (const [week, files] of Map.groupBy(created, ({ createdWeek }) => createdWeek ?? 0)) {
    const createdAt = Math.min(take.now, weekStart(week));
    await insertFiles(tx, practice, { states: files.map(({ state }) => state), createdAt });
  }
  // When a file was last opened stood in the log that is lost: from now on, so that not the whole practice is cold.
  const touched = created.map(({ state }) => ({ file: state.file, record: null }));
  await touchFiles(tx, practice, { files: touched, time: take.now });
  await updateFiles(tx, practice, moved);
  await replaceHoldings(tx, practice, { states: taken.map(({ state }) => state), areNew: false });
  await insertShares(tx, practice, shares);
  await destroyShares(tx, practice, erased);
  const revokes = taken.flatMap(({ revoked }) => revoked);
  if (revokes.length > 0) await keepCarried(tx, practice, { revokes, arrivedAt: take.now });
}

/** Takes whole access chains that this gate accepted before; what is held is passed over. Gives how many statements are new. */
export async function takeFiles(
  tx: Tx,
  files: readonly RunFile[],
  take: FileTake,
): Promise<number> {
  const known = await readFiles(tx, take.practice.practice, {
    files: files.map(({ file }) => file),
    isLocking: true,
  });
  const taken = files.map((brought) => foldFile(brought, known.get(brought.file)?.state, take));
  const fresh = taken.filter(({ links }) => links.length > 0);
  if (fresh.length > 0) await writeFiles(tx, fresh, take);
  return fresh.reduce((sum, { links }) => sum + links.length, 0);
}

/** The file that a run names, for whoever gathers words by place. */
export const placeOf = (file: FileId, seq: number): string => `${file}:${seq}`;
