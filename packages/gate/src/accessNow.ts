import {
  accessOf,
  isSameSubject,
  phaseAt,
  RIGHTS,
  weekOf,
  type AccessState,
  type MemberId,
} from "@sinetti/core";

import type { PracticeView } from "./practiceView.ts";

/** The file's state without the grants that a stop has revoked and no statement yet. */
export function withoutStopped({ stops }: PracticeView, state: AccessState): AccessState {
  const revoked = stops.flatMap((stop) =>
    stop.kind === "revoke" && stop.body.file === state.file ? [stop.body.subject] : [],
  );
  if (revoked.length === 0) return state;
  const grants = state.grants.filter(
    ({ grant }) => !revoked.some((subject) => isSameSubject(subject, grant.subject)),
  );
  return { ...state, grants };
}

/** Whether a member holds a live grant on a file with at least these rights. */
export function holds(
  view: PracticeView,
  state: AccessState,
  { member, rights, time }: { member: MemberId; rights: number; time: number },
): boolean {
  if (phaseAt(state) === "erased") return false;
  const now = withoutStopped(view, state);
  const access = accessOf(now, view.state, { member, week: weekOf(time) });
  return ((access.standing | access.approved) & rights) === rights;
}

/** Whether a member holds such a grant, or held it until a stop took it that no statement tells of yet. */
export function heldUntilStopped(
  view: PracticeView,
  state: AccessState,
  { member, rights, time }: { member: MemberId; rights: number; time: number },
): boolean {
  if (phaseAt(state) === "erased") return false;
  const access = accessOf(state, view.state, { member, week: weekOf(time) });
  return ((access.standing | access.approved) & rights) === rights;
}

/** Whether a grant of the file is over for the member, so that it matters when it was last used. */
export function isLapsing(
  view: PracticeView,
  state: AccessState,
  { member, time }: { member: MemberId; time: number },
): boolean {
  const ask = { member, week: weekOf(time) };
  const { standing } = accessOf(withoutStopped(view, state), view.state, ask);
  if ((standing & RIGHTS.read) !== 0) return false;
  const { standing: inGrace } = accessOf(state, view.state, { ...ask, inGrace: true });
  return (inGrace & RIGHTS.read) !== 0;
}
