import { VAULT_ROUTES, epochAt, type Shaped } from "@sinetti/core";

import type { Call, Handled } from "../call.ts";
import { confirmFile } from "../fileCall.ts";
import { checkOpen } from "../policy/fileRights.ts";
import { refuse } from "../problem.ts";
import { dropDraft, measureDrafts, putDraft, readDrafts } from "../store/drafts.ts";
import { inPractice } from "../store/transaction.ts";

const { draftPut: putRoute, draftList: listRoute, draftDrop: dropRoute } = VAULT_ROUTES;
type Put = Shaped<typeof putRoute.request>;
type List = Shaped<typeof listRoute.request>;
type Drafts = Shaped<typeof listRoute.answer>;
type Drop = Shaped<typeof dropRoute.request>;

/** All drafts of a file must fit into one answer. */
const DRAFTS_PER_FILE = 64;
const DRAFT_BYTES_PER_FILE = 12 * 1024 * 1024;

async function put(call: Call, request: Put): Promise<{ revision: number }> {
  const { file, draft, epoch, box } = request;
  return inPractice(call.vault.sql, call.practice, async (tx) => {
    const { state } = await confirmFile(tx, call, { file, right: "write", lock: true });
    checkOpen(state);
    if (epoch < 1 || epoch > epochAt(state).epoch) refuse("stale-epoch");
    const others = await measureDrafts(tx, call.practice, { file, but: draft });
    if (others.count >= DRAFTS_PER_FILE || others.bytes + box.length > DRAFT_BYTES_PER_FILE)
      refuse("too-large");
    if (!(await putDraft(tx, call.practice, request))) refuse("conflict");
    return { revision: request.revision + 1 };
  });
}

async function list(call: Call, { file }: List): Promise<Drafts> {
  return inPractice(call.vault.sql, call.practice, async (tx) => {
    await confirmFile(tx, call, { file, right: "write" });
    return { drafts: await readDrafts(tx, call.practice, file) };
  });
}

async function drop(call: Call, request: Drop): Promise<object> {
  return inPractice(call.vault.sql, call.practice, async (tx) => {
    await confirmFile(tx, call, { file: request.file, right: "write" });
    const { file, draft, revision = null } = request;
    if (!(await dropDraft(tx, call.practice, { file, draft, revision }))) refuse("conflict");
    return {};
  });
}

export const draftPut: Handled<Put, { revision: number }> = {
  route: putRoute,
  authors: ["device"],
  handle: put,
};
export const draftList: Handled<List, Drafts> = {
  route: listRoute,
  authors: ["device"],
  handle: list,
};
export const draftDrop: Handled<Drop, object> = {
  route: dropRoute,
  authors: ["device"],
  handle: drop,
};
