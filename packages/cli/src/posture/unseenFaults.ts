import { fingerprintOf, type Finding } from "@sinetti/posture";

import type { Look } from "./lookAt.ts";

/** What must be visible before it can be said that nothing critical is there. */
const NEEDED = new Set(["settings", "hba", "passwords", "samples"]);

/** What the role may not see counts as a fault by itself: a check that cannot look has not said that all is well. */
export function unseenFaults({ target: { policy }, report, borne }: Look): Finding[] {
  const { unseen, server } = report;
  const sealed = new Set(policy?.ciphertext.map(({ column }) => column));
  return unseen
    .filter(({ part, object }) => NEEDED.has(part) && (part !== "samples" || sealed.has(object)))
    .map(({ object, allow }) => {
      const fingerprint = fingerprintOf("unseen", object);
      return {
        id: "unseen",
        severity: "critical",
        object,
        title: "What must be visible cannot be seen",
        why: `${server.role} may not see it, so nobody knows whether something critical is there.`,
        mend: allow.replaceAll("ROLE", server.role),
        fingerprint,
        excepted: borne.find((one) => one.fingerprint === fingerprint)?.until ?? null,
      };
    });
}
