import { type GATE_ROUTES, isHeldBy, type MemberId, type Shaped } from "@sinetti/core";

import { hasRole, memberOf, type PracticeView } from "../practiceView.ts";
import { allow } from "../problem.ts";
import { readAccessLinks } from "../store/accessLinkStore.ts";
import { findFile, type StoredFile } from "../store/fileStore.ts";
import { readShares } from "../store/shareStore.ts";
import { transact } from "../transaction.ts";
import type { Exchange } from "./exchange.ts";

type Read = (typeof GATE_ROUTES)["accessRead"];

/** Whether the chain of a file concerns the member: a grant that stands or stood, or the office of looking after access. */
function mayReadChain(view: PracticeView, { state }: StoredFile, member: MemberId): boolean {
  const { state: practice } = view;
  return (
    hasRole(view, member, "privacy") ||
    hasRole(view, member, "admin") ||
    practice.devices[state.creator]?.member === member ||
    state.grants.some(({ grant }) => isHeldBy(practice, grant.subject, { member }))
  );
}

/** Accepted statements of one file with its halves at rest, for a vault that is behind. */
export async function readAccess({
  gate,
  request,
  body,
}: Exchange<Shaped<Read["request"]>>): Promise<Shaped<Read["answer"]>> {
  const { file, from } = body;
  const { practice } = request;
  const { member } = memberOf(request.caller);
  return transact(
    gate,
    { request, lock: "none", ahead: (tx) => findFile(tx, practice, file) },
    async ({ tx, view }, found) => {
      allow(found !== undefined, "unknown-file");
      allow(mayReadChain(view, found, member), "not-granted");
      const [page, shares] = await Promise.all([
        readAccessLinks(tx, practice, { file, from }),
        readShares(tx, practice, [file]),
      ]);
      return { ...page, shares };
    },
  );
}
