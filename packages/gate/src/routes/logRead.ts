import { type GATE_ROUTES, RIGHTS, type LogEntry, type Shaped } from "@sinetti/core";

import { holds } from "../accessNow.ts";
import { hasRole, mayKnowCanaries, memberOf } from "../practiceView.ts";
import { allow } from "../problem.ts";
import type { SignedRequest } from "../signedRequest.ts";
import { findFile } from "../store/fileStore.ts";
import { readEntries, toRows, type LogRow, type LogScope } from "../store/logReadStore.ts";
import { transact, type Unit } from "../transaction.ts";
import type { Exchange } from "./exchange.ts";

type Routes = typeof GATE_ROUTES;
type ReadBody = Shaped<Routes["logRead"]["request"]>;

/** Rows of one answer; a line is never cut in two. */
const ROWS = 4000;

async function checkScope(
  { tx, practice, view, time }: Unit,
  { caller }: SignedRequest,
  { scope, file }: ReadBody,
): Promise<LogScope> {
  const { member, device } = memberOf(caller);
  // Whoever holds a canary must not learn here that it is one.
  const withCanaries = mayKnowCanaries(view, member);
  if (scope === "device") return { by: "device", device, withCanaries };
  const isPrivacy = hasRole(view, member, "privacy");
  if (scope === "practice") {
    allow(isPrivacy, "not-authorised");
    return { by: "practice", withCanaries };
  }
  allow(file !== null, "malformed");
  const found = await findFile(tx, practice, file);
  allow(found !== undefined, "unknown-file");
  const mayRead = isPrivacy || holds(view, found.state, { member, rights: RIGHTS.read, time });
  allow(mayRead, "not-granted");
  return { by: "file", file, withCanaries };
}

/** As many whole lines as fit, and where the next answer begins. */
function page(
  entries: readonly LogEntry[],
  scope: LogScope,
  limit: number,
): { rows: LogRow[]; next: number | null } {
  const rows: LogRow[] = [];
  for (const [position, entry] of entries.entries()) {
    const of = toRows(entry, scope);
    if (position === limit || rows.length + of.length > ROWS) return { rows, next: entry.index };
    rows.push(...of);
  }
  return { rows, next: null };
}

/** Lines of the log: of one file, of the own device, or of the practice. */
export async function readLog({
  gate,
  request,
  body,
}: Exchange<ReadBody>): Promise<Shaped<Routes["logRead"]["answer"]>> {
  return transact(gate, { request, lock: "none" }, async (unit) => {
    const scope = await checkScope(unit, request, body);
    const limit = Math.max(1, body.limit);
    const ask = { scope, from: body.from, limit: limit + 1 };
    const entries = await readEntries(unit.tx, unit.practice, ask);
    const { nextIndex, hash } = unit.log;
    const head = nextIndex === 0 ? null : { index: nextIndex - 1, hash };
    return { ...page(entries, scope, limit), head };
  });
}

/** Whole lines as hashed, for whoever checks the chain. Nothing can be left out of it, so whoever was stopped gets none. */
export async function readLogChain({
  gate,
  request,
  body,
}: Exchange<Shaped<Routes["logChain"]["request"]>>): Promise<Shaped<Routes["logChain"]["answer"]>> {
  const { member } = memberOf(request.caller);
  return transact(gate, { request, lock: "none" }, async ({ tx, practice, view }) => {
    allow(hasRole(view, member, "privacy"), "not-authorised");
    allow(mayKnowCanaries(view, member), "frozen");
    const { from, limit } = body;
    const scope = { by: "practice" as const, withCanaries: true };
    return { entries: await readEntries(tx, practice, { scope, from, limit }) };
  });
}
