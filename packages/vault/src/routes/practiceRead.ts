import { LINKS_PER_ANSWER, VAULT_ROUTES, type Shaped } from "@sinetti/core";

import { confirmCall, type Call, type Handled } from "../call.ts";
import { readLinks } from "../store/practices.ts";
import { inPractice } from "../store/transaction.ts";

const { practiceRead: route } = VAULT_ROUTES;
type Request = Shaped<typeof route.request>;
type Answer = Shaped<typeof route.answer>;

const PAGE_BYTES = 4 * 1024 * 1024;

async function readPage(call: Call, { from }: Request): Promise<Answer> {
  const { vault, practice } = call;
  const page = { from, count: LINKS_PER_ANSWER, maxBytes: PAGE_BYTES };
  return inPractice(vault.sql, practice, async (tx) => {
    const [held, links] = await Promise.all([confirmCall(tx, call), readLinks(tx, practice, page)]);
    return { links, more: from + links.length <= held.mark.head.seq };
  });
}

export const practiceRead: Handled<Request, Answer> = {
  route,
  authors: ["device", "kit", "recovery", "code"],
  whileRestored: true,
  handle: readPage,
};
