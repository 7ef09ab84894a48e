import { VAULT_ROUTES, rolesAt, type Shaped } from "@sinetti/core";

import { confirmCall, deviceOf, type Call, type Handled } from "../call.ts";
import { refuse } from "../problem.ts";
import { readRecordHeads } from "../store/files.ts";
import { inPractice } from "../store/transaction.ts";

const { recordHeads: route } = VAULT_ROUTES;
type Request = Shaped<typeof route.request>;
type Answer = Shaped<typeof route.answer>;
const PAGE_FILES = 1000;

async function readHeads(call: Call, { after }: Request): Promise<Answer> {
  const { vault, practice } = call;
  const { member } = deviceOf(call);
  return inPractice(vault.sql, practice, async (tx) => {
    const { state } = await confirmCall(tx, call);
    const mayCompare = rolesAt(state, member).some(
      (role) => role === "privacy" || role === "admin",
    );
    if (!mayCompare) return refuse("not-authorised");
    const files = await readRecordHeads(tx, practice, { after, count: PAGE_FILES + 1 });
    return { files: files.slice(0, PAGE_FILES), more: files.length > PAGE_FILES };
  });
}

export const recordHeads: Handled<Request, Answer> = {
  route,
  authors: ["device"],
  whileRestored: true,
  handle: readHeads,
};
