import { advanceState, fingerprintOf, type Finding, type PostureState } from "@sinetti/posture";

import { NEVER_LOOKED } from "./postureSummary.ts";

/** That nobody could look is a fault by itself: silence would read as safety. */
export function unlookedFault(database: string): Finding {
  return {
    id: "unlooked",
    severity: "high",
    object: database,
    title: "The database could not be looked at",
    why: "Nobody knows what it allows now: it does not answer, does not let the role that looks in, or does not come to an end.",
    mend: "See in the log of the services why; then: sinetti posture",
    fingerprint: fingerprintOf("unlooked", database),
    excepted: null,
  };
}

/** The state after a look that failed: what was found before is neither there nor mended, and the last look stays the last. */
export function stateUnlooked(
  state: PostureState,
  { database, now }: { database: string; now: Date },
): PostureState {
  const before = Object.values(state.databases[database] ?? {});
  const blind = new Set(before.map(({ id }) => id));
  const findings = [unlookedFault(database)];
  const after = advanceState(state, { database, now, blind, findings });
  // What never answered must not be missing from what is said of all.
  const looked = state.looked[database] ?? NEVER_LOOKED;
  return { ...after, looked: { ...state.looked, [database]: looked } };
}
