import {
  RIGHTS,
  accessHead,
  accessOf,
  isSameSubject,
  phaseAt,
  rolesAt,
  type Access,
  type AccessState,
  type MemberId,
  type Subject,
} from "@sinetti/core";

import type { Held } from "../practiceStates.ts";
import { refuse } from "../problem.ts";

/** The subjects whose grant on this file a stop has taken although no chain says so yet. */
export function stoppedSubjects({ acting }: Held, file: AccessState["file"]): Subject[] {
  return acting.flatMap((order) =>
    order.kind === "revoke" && order.body.file === file ? [order.body.subject] : [],
  );
}

/** The state as it stands once the stops are counted. */
export function withStops(held: Held, state: AccessState): AccessState {
  const stopped = stoppedSubjects(held, state.file);
  if (stopped.length === 0) return state;
  const isStopped = ({ grant }: AccessState["grants"][number]): boolean =>
    stopped.some((subject) => isSameSubject(subject, grant.subject));
  return { ...state, grants: state.grants.filter((grant) => !isStopped(grant)) };
}

/** What a member may do with a file right now; lapsed care grants keep the grace that only the gate can refuse. */
export function rightsNow(
  held: Held,
  state: AccessState,
  { member, week }: { member: MemberId; week: number },
): Access {
  return accessOf(withStops(held, state), held.state, { member, week, inGrace: true });
}

/** Whether the member could read the file until it was erased, and so may know that it was. */
function knewErased(
  held: Held,
  state: AccessState,
  { member, week }: { member: MemberId; week: number },
): boolean {
  if (phaseAt(state) !== "erased") return false;
  const at = accessHead(state).seq - 1;
  const { standing, approved } = accessOf(state, held.state, { member, week, at });
  return standing + approved > 0;
}

/** Whether a member holds a live grant on a file that changed, or held one until it was erased. */
export function mayHear(
  held: Held,
  state: AccessState,
  { member, week }: { member: MemberId; week: number },
): boolean {
  const { standing, approved } = rightsNow(held, state, { member, week });
  return standing + approved > 0 || knewErased(held, state, { member, week });
}

/** Whether a member holds a live grant, or held it until a stop took it that no chain tells of yet. */
export function heldUntilStopped(
  held: Held,
  state: AccessState,
  { member, week }: { member: MemberId; week: number },
): boolean {
  const { standing, approved } = accessOf(state, held.state, { member, week, inGrace: true });
  return standing + approved > 0;
}

/** Refuses a member who holds no live grant with this right. */
export function checkRight(
  held: Held,
  state: AccessState,
  { member, week, right }: { member: MemberId; week: number; right: keyof typeof RIGHTS },
): Access {
  const access = rightsNow(held, state, { member, week });
  if (((access.standing | access.approved) & RIGHTS[right]) === 0)
    refuse(knewErased(held, state, { member, week }) ? "file-erased" : "not-granted");
  return access;
}

/** Refuses a file that takes nothing more. */
export function checkOpen(state: AccessState): void {
  const phase = phaseAt(state);
  if (phase === "erased") refuse("file-erased");
  if (phase === "closed") refuse("file-closed");
}

/** Refuses a member who clears away behind a file unless it is erased, and they could read it until then or look after access. */
export function checkMayClear(
  held: Held,
  state: AccessState,
  { member, week }: { member: MemberId; week: number },
): void {
  const isGuard = rolesAt(held.state, member).includes("privacy");
  if (phaseAt(state) !== "erased" || !(isGuard || knewErased(held, state, { member, week })))
    refuse("not-granted");
}
