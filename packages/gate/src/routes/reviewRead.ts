import { LIMITS, type GATE_ROUTES, type FileId, type Shaped } from "@sinetti/core";

import { hasRole, mayKnowCanaries, memberOf } from "../practiceView.ts";
import { allow } from "../problem.ts";
import {
  readChains,
  readFileFacts,
  readGrantedFiles,
  readLastUses,
  readUnheldFiles,
  type FileFacts,
  type LastUse,
} from "../store/reviewStore.ts";
import { transact } from "../transaction.ts";
import { keepUnheld, livingSubjects } from "../unheld.ts";
import type { Exchange } from "./exchange.ts";

type Read = (typeof GATE_ROUTES)["reviewRead"];

/** Files whose chains are read for one answer, and the bytes of chains after which it takes no further file. */
const FILES = 128;
const CHAIN_BYTES = LIMITS.messageBytes / 2;
const EXEMPT_SECONDS = 90 * 86_400;

interface Found {
  readonly chains: ReadonlyMap<FileId, Uint8Array[]>;
  readonly uses: ReadonlyMap<FileId, LastUse[]>;
  readonly facts: ReadonlyMap<FileId, FileFacts>;
  readonly withCanaries: boolean;
}

/** As many of the files as one answer holds, the first in any case. */
function fill(files: readonly FileId[], { chains, uses, facts, withCanaries }: Found) {
  const rows: Shaped<Read["answer"]>["files"] = [];
  let bytes = 0;
  for (const file of files) {
    const links = chains.get(file) ?? [];
    bytes += links.reduce((sum, link) => sum + link.length, 0);
    if (rows.length > 0 && bytes > CHAIN_BYTES) break;
    const used = uses.get(file) ?? [];
    const { canary, createdAt } = facts.get(file) ?? { canary: false, createdAt: 0 };
    rows.push({ file, links, canary: canary && withCanaries, createdAt, uses: [...used] });
  }
  return rows;
}

/** What a privacy officer reviews: the chains of files on which grants stand, and when each was used last. */
export async function readReview({
  gate,
  request,
  body,
}: Exchange<Shaped<Read["request"]>>): Promise<Shaped<Read["answer"]>> {
  const { member } = memberOf(request.caller);
  return transact(gate, { request, lock: "none" }, async ({ tx, practice, view, time }) => {
    allow(hasRole(view, member, "privacy"), "not-authorised");
    const limit = FILES + 1;
    const asked = body.unheld
      ? await readUnheldFiles(tx, practice, {
          living: livingSubjects(view.state),
          last: null,
          after: body.after,
          limit,
        })
      : await readGrantedFiles(tx, practice, { ...body, limit });
    const page = asked.slice(0, FILES);
    const files = body.unheld ? await keepUnheld(tx, { practice: view.state, files: page }) : page;
    const [chains, uses, facts] = await Promise.all([
      readChains(tx, practice, files),
      readLastUses(tx, practice, { files, exemptSince: time - EXEMPT_SECONDS }),
      readFileFacts(tx, practice, files),
    ]);
    const withCanaries = mayKnowCanaries(view, member);
    const rows = fill(files, { chains, uses, facts, withCanaries });
    const isCut = rows.length < files.length;
    const last = isCut ? rows.at(-1)?.file : page.at(-1);
    const next = isCut || asked.length > page.length ? (last ?? null) : null;
    return { files: rows, next };
  });
}
