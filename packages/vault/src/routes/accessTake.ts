import { VAULT_ROUTES, bytesToHash, sha256, type FileId, type Shaped } from "@sinetti/core";

import { decodeAccessState } from "../accessStates.ts";
import { confirmCall, type Call, type Handled } from "../call.ts";
import { acceptAccess } from "../policy/acceptances.ts";
import {
  foldAccess,
  formerSubjects,
  isErased,
  type AcceptedAccess,
  type FoldedFile,
} from "../policy/accessFold.ts";
import { takeShares } from "../policy/shareCheck.ts";
import { refuse } from "../problem.ts";
import { insertAcceptances, insertAccessLinks } from "../store/accessLinks.ts";
import { eraseFiles } from "../store/erase.ts";
import { insertFiles, newFileRow, readFiles, updateAccess } from "../store/files.ts";
import { writeHoldings } from "../store/holdings.ts";
import { keepShares } from "../store/shares.ts";
import { bumpStops, keepSequenced } from "../store/stops.ts";
import { inPractice, type Tx } from "../store/transaction.ts";
import { dropStaged, dropWraps, readStaged, writeWraps } from "../store/wraps.ts";

const { accessTake: route } = VAULT_ROUTES;
type Request = Shaped<typeof route.request>;

async function fold(
  tx: Tx,
  call: Call,
  accepted: readonly AcceptedAccess[],
): Promise<Map<FileId, FoldedFile>> {
  const { vault, practice } = call;
  const files = [...new Set(accepted.map(({ link }) => link.statement.id as FileId))];
  const hashes = accepted.map(({ link }) => link.hash);
  const [held, rows, staged] = await Promise.all([
    confirmCall(tx, call),
    readFiles(tx, practice, { files, lock: true }),
    readStaged(tx, practice, hashes),
  ]);
  const states = new Map(
    [...rows.values()].map(({ file, access }) => [file, decodeAccessState(access.bytes)]),
  );
  return foldAccess({ practice: held.state, service: vault.service, states, staged }, accepted);
}

async function write(tx: Tx, { practice }: Call, folded: readonly FoldedFile[]): Promise<void> {
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

async function take(call: Call, request: Request): Promise<object> {
  const { vault, practice } = call;
  const { statements, acceptances, shares } = request;
  const held = (await vault.practices.find(practice)) ?? refuse("unknown-practice");
  const accepted = acceptAccess(held.state, { statements, acceptances });
  const words = acceptances.map((signed) => ({ hash: bytesToHash(sha256(signed)), signed }));
  const taken = await inPractice(vault.sql, practice, async (tx) => {
    const folded = await fold(tx, call, accepted);
    if (folded.size === 0) return folded;
    const halves = takeShares(folded, shares);
    await Promise.all([
      insertAcceptances(tx, practice, words),
      write(tx, call, [...folded.values()]),
      keepShares(tx, practice, halves),
    ]);
    return folded;
  });
  const created = [...taken.values()].filter(({ isNew }) => isNew);
  vault.fileRows.keep(
    practice,
    created.map(({ state }) => newFileRow(state)),
  );
  return {};
}

export const accessTake: Handled<Request, object> = { route, authors: ["device"], handle: take };
