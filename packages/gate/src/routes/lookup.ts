import {
  epochAt,
  type GATE_ROUTES,
  policyAt,
  RIGHTS,
  type FileId,
  type MemberId,
  type Shaped,
} from "@sinetti/core";
import { gateLookupToken } from "@sinetti/core/service";

import { holds } from "../accessNow.ts";
import { isMemberFrozen, isPracticeFrozen, memberOf } from "../practiceView.ts";
import { allow } from "../problem.ts";
import { findFile } from "../store/fileStore.ts";
import { appendLog, type LogItem } from "../store/logStore.ts";
import { countIndexTokens, countLookups } from "../store/logReadStore.ts";
import { isImporting } from "../store/releaseStore.ts";
import { transact, type Unit } from "../transaction.ts";
import type { Exchange } from "./exchange.ts";

type Lookup = (typeof GATE_ROUTES)["lookup"];

const DAY_SECONDS = 86_400;
/** Tokens under which one file is listed, and their renewal. */
const INDEX_TOKENS_PER_DAY = 32;
/** Tokens to list any files that one member gets without an approved import. */
const MEMBER_INDEX_TOKENS_PER_DAY = 4000;

/** Listing is no way around the meter of lookups: beyond a day's work it takes another person's consent. Error: `over-budget`. */
async function checkListing(
  { tx, practice, time }: Unit,
  { member, count }: { member: MemberId; count: number },
): Promise<void> {
  const ask = { member, since: time - DAY_SECONDS };
  const listed = await countIndexTokens(tx, practice, ask);
  if (listed + count <= MEMBER_INDEX_TOKENS_PER_DAY) return;
  allow(await isImporting(tx, practice, { member, time }), "over-budget");
}

/** Whose writer lists it. */
async function checkIndex(
  { tx, practice, view, time }: Unit,
  { member, file }: { member: MemberId; file: FileId },
): Promise<LogItem> {
  const found = await findFile(tx, practice, file);
  allow(found !== undefined, "unknown-file");
  allow(holds(view, found.state, { member, rights: RIGHTS.write, time }), "not-granted");
  const { epoch } = epochAt(found.state);
  const nothing = { unit: null, class: null, counted: false, exempt: null };
  return { file, epoch, outcome: "released", ...nothing };
}

/** Second tokens: metered, logged, committed, and only then made. */
export async function lookUp({
  gate,
  request,
  body,
}: Exchange<Shaped<Lookup["request"]>>): Promise<Shaped<Lookup["answer"]>> {
  const { member, device } = memberOf(request.caller);
  const { file, tokens } = body;
  await transact(gate, { request, lock: "log" }, async (unit) => {
    const { tx, practice, view, log, time } = unit;
    gate.clock.check(practice, log.time);
    allow(
      !isPracticeFrozen(view) && !isMemberFrozen(view, member) && !view.blocked.has(member),
      "frozen",
    );
    const items = file === null ? [] : [await checkIndex(unit, { member, file })];
    const asked = await countLookups(tx, practice, { member, file, since: time - DAY_SECONDS });
    const limit = file === null ? policyAt(view.state).lookupsPerDay : INDEX_TOKENS_PER_DAY;
    allow(asked + tokens.length <= limit, "over-budget");
    if (file !== null) await checkListing(unit, { member, count: tokens.length });
    const line = { kind: "lookup" as const, member, device, nonce: request.nonce, items };
    await appendLog(tx, practice, { line: { ...line, count: tokens.length }, head: log, time });
  });
  const { lookup } = gate.keys;
  return { tokens: tokens.map((token) => gateLookupToken(lookup, request.practice, token)) };
}
