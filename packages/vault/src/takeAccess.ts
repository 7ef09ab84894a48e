import type { FileId, Hash, PracticeId, PracticeState, Signed } from "@sinetti/core";

import { decodeAccessState } from "./accessStates.ts";
import {
  foldAccess,
  formerSubjects,
  isErased,
  type AcceptedAccess,
  type FoldedFile,
} from "./policy/accessFold.ts";
import { takeShares } from "./policy/shareCheck.ts";
import { insertAcceptances, insertAccessLinks } from "./store/accessLinks.ts";
import { eraseFiles } from "./store/erase.ts";
import { insertFiles, readFiles, updateAccess } from "./store/files.ts";
import { writeHoldings } from "./store/holdings.ts";
import { keepShares, type SealedShare } from "./store/shares.ts";
import { bumpStops, keepSequenced } from "./store/stops.ts";
import type { Tx } from "./store/transaction.ts";
import { dropStaged, dropWraps, readStaged, writeWraps } from "./store/wraps.ts";

/** What accepted statements are taken into. */
export interface AccessTake {
  readonly practice: PracticeState;
  readonly service: "who" | "what";
  /** After a restore: the wraps of what was accepted since the backup are nowhere else. */
  readonly mayLackWraps: boolean;
}

async function fold(
  tx: Tx,
  { practice, service, mayLackWraps }: AccessTake,
  accepted: readonly AcceptedAccess[],
): Promise<Map<FileId, FoldedFile>> {
  const files = [...new Set(accepted.map(({ link }) => link.statement.id as FileId))];
  const hashes = accepted.map(({ link }) => link.hash);
  const [rows, staged] = await Promise.all([
    readFiles(tx, practice.practice, { files, lock: true }),
    readStaged(tx, practice.practice, hashes),
  ]);
  const states = new Map(
    [...rows.values()].map(({ file, access }) => [file, decodeAccessState(access.bytes)]),
  );
  return foldAccess({ practice, service, states, staged, mayLackWraps }, accepted);
}

async function write(tx: Tx, practice: PracticeId, folded: readonly FoldedFile[]): Promise<void> {
  const states = folded.map(({ state }) => state);
  const older = folded.filter(({ isNew }) => !isNew).map(({ state }) => state);
  const erased = states.filter(isErased).map(({ file }) => file);
  const links = folded.flatMap((file) => file.links);
  const wraps = folded
    .filter(({ state }) => !isErased(state))
    .flatMap((file) => file.wraps.map((wrap) => ({ file: file.state.file, ...wrap })));
  const former = older.flatMap((state) =>
    formerSubjects(state).map((subject) => ({ file: state.file, subject })),
  );
  const revokes = folded.flatMap((file) => file.revokes);
  await Promise.all([
    insertFiles(
      tx,
      practice,
      folded.filter(({ isNew }) => isNew).map(({ state }) => state),
    ),
    updateAccess(tx, practice, older),
    insertAccessLinks(tx, practice, links),
    writeWraps(tx, practice, wraps),
    dropWraps(tx, practice, former),
    dropStaged(
      tx,
      practice,
      links.map(({ link }) => link.hash),
    ),
    writeHoldings(tx, practice, { states, changed: older.map(({ file }) => file) }),
    eraseFiles(tx, practice, erased),
    ...(revokes.length === 0
      ? []
      : [keepSequenced(tx, practice, revokes), bumpStops(tx, practice)]),
  ]);
}

/** Takes accepted statements, all or none; what is held already is passed over. */
export async function takeAccess(
  tx: Tx,
  take: AccessTake,
  {
    accepted,
    words,
    shares,
  }: {
    accepted: readonly AcceptedAccess[];
    words: readonly { hash: Hash; signed: Signed }[];
    shares: readonly SealedShare[];
  },
): Promise<Map<FileId, FoldedFile>> {
  const { practice } = take.practice;
  const folded = await fold(tx, take, accepted);
  if (folded.size === 0) return folded;
  const halves = takeShares(folded, shares);
  await Promise.all([
    insertAcceptances(tx, practice, words),
    write(tx, practice, [...folded.values()]),
    keepShares(tx, practice, halves),
  ]);
  return folded;
}
