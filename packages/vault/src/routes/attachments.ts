import { VAULT_ROUTES, equalBytes, type Shaped } from "@sinetti/core";

import { checkNotFrozen, type Call, type Handled } from "../call.ts";
import { confirmFile } from "../fileCall.ts";
import { checkOpen } from "../policy/fileRights.ts";
import { refuse } from "../problem.ts";
import { keepChunk, readChunk } from "../store/attachments.ts";
import { inPractice } from "../store/transaction.ts";

const { attachmentPut: putRoute, attachmentGet: getRoute } = VAULT_ROUTES;
type Put = Shaped<typeof putRoute.request>;
type Get = Shaped<typeof getRoute.request>;
type Chunk = Shaped<typeof getRoute.answer>;

async function put(call: Call, request: Put): Promise<object> {
  return inPractice(call.vault.sql, call.practice, async (tx) => {
    const { state } = await confirmFile(tx, call, {
      file: request.file,
      right: "write",
      lock: true,
    });
    checkOpen(state);
    if (await keepChunk(tx, call.practice, request)) return {};
    const held = await readChunk(tx, call.practice, request);
    return held !== null && equalBytes(held, request.box) ? {} : refuse("conflict");
  });
}

async function get(call: Call, request: Get): Promise<Chunk> {
  return inPractice(call.vault.sql, call.practice, async (tx) => {
    const { held } = await confirmFile(tx, call, { file: request.file, right: "read" });
    checkNotFrozen(held, call);
    return { box: (await readChunk(tx, call.practice, request)) ?? refuse("not-found") };
  });
}

export const attachmentPut: Handled<Put, object> = {
  route: putRoute,
  authors: ["device"],
  handle: put,
};
export const attachmentGet: Handled<Get, Chunk> = {
  route: getRoute,
  authors: ["device"],
  handle: get,
};
