import { LIMITS, VAULT_ROUTES, bytesToHex, type Shaped } from "@sinetti/core";

import { checkNotFrozen, confirmCall, deviceOf, type Call, type Handled } from "../call.ts";
import { confirmFile } from "../fileCall.ts";
import { checkMayClear, checkOpen } from "../policy/fileRights.ts";
import { refuse } from "../problem.ts";
import { readFiles } from "../store/files.ts";
import { dropCells, findCells, keepCells } from "../store/lookupCells.ts";
import { inPractice } from "../store/transaction.ts";

const { lookupPut: putRoute, lookupFind: findRoute, lookupDrop: dropRoute } = VAULT_ROUTES;
type Put = Shaped<typeof putRoute.request>;
type Find = Shaped<typeof findRoute.request>;
type Drop = Shaped<typeof dropRoute.request>;
type Answer = Shaped<typeof findRoute.answer>;

async function put(call: Call, { file, cells }: Put): Promise<object> {
  return inPractice(call.vault.sql, call.practice, async (tx) => {
    const { held, state } = await confirmFile(tx, call, { file, right: "write" });
    // The gate makes no tokens for who is frozen either: what comes now would only hide what lies under others.
    checkNotFrozen(held, call);
    checkOpen(state);
    await keepCells(tx, call.practice, cells);
    return {};
  });
}

async function find(call: Call, { tokens }: Find): Promise<Answer> {
  return inPractice(call.vault.sql, call.practice, async (tx) => {
    const count = LIMITS.itemsPerBatch;
    const [held, rows] = await Promise.all([
      confirmCall(tx, call),
      findCells(tx, call.practice, { tokens, count }),
    ]);
    checkNotFrozen(held, call);
    if (!call.vault.lookupMeter.take(deviceOf(call).member, tokens.length)) refuse("rate-limited");
    const cellsByToken = Map.groupBy(rows, ({ token }) => bytesToHex(token));
    const found = tokens.map((token) => {
      const cells = (cellsByToken.get(bytesToHex(token)) ?? []).map(({ cell }) => cell);
      return { token, cells };
    });
    return { found: found.filter(({ cells }) => cells.length > 0) };
  });
}

/** The cells do not say whose they are: how many go is metered, as asking for them is. */
async function drop(call: Call, { file, cells }: Drop): Promise<object> {
  return inPractice(call.vault.sql, call.practice, async (tx) => {
    const [held, rows] = await Promise.all([
      confirmCall(tx, call),
      readFiles(tx, call.practice, { files: [file], lock: false }),
    ]);
    const row = rows.get(file) ?? refuse("unknown-file");
    const state = call.vault.accessStates.read(row.access.head, row.access.bytes);
    const { member } = deviceOf(call);
    checkMayClear(held, state, { member, week: call.week });
    checkNotFrozen(held, call);
    if (!call.vault.lookupMeter.take(member, cells.length)) refuse("rate-limited");
    await dropCells(tx, call.practice, cells);
    return {};
  });
}

export const lookupPut: Handled<Put, object> = {
  route: putRoute,
  authors: ["device"],
  whoOnly: true,
  handle: put,
};
export const lookupFind: Handled<Find, Answer> = {
  route: findRoute,
  authors: ["device"],
  whoOnly: true,
  handle: find,
};
export const lookupDrop: Handled<Drop, object> = {
  route: dropRoute,
  authors: ["device"],
  whoOnly: true,
  handle: drop,
};
