import { FILE_AUTHORITY, type Compartment, type MemberId } from "@sinetti/core";
import type { Client } from "../client.ts";
import { ClientError, isRefusal } from "../errors.ts";
import { readReviewed } from "./chains.ts";
import { edgesOf, lookingOf } from "./edges.ts";

/** Whether anybody may be given a file of this kind: a caseload and process notes are one person's. */
function mayBeGiven(compartment: Compartment): boolean {
  return Object.values(FILE_AUTHORITY[compartment].grantedBy).some((granter) => granter !== "deny");
}

/**
 * How many records nobody else could open, or hand on, once a member has ended; null where that cannot be seen now: it is for a
 * privacy officer, and no service that is down keeps anybody from being stopped.
 */
export async function heldAlone({ context }: Client, member: MemberId): Promise<number | null> {
  try {
    const files = await readReviewed(context, { by: "subject", subject: member });
    const edges = edgesOf(files, lookingOf(context));
    return edges.filter(
      ({ subject, compartment, isLast }) =>
        isLast && subject.id === member && mayBeGiven(compartment),
    ).length;
  } catch (error) {
    const isUnseen =
      isRefusal(error) || (error instanceof ClientError && error.code === "unreachable");
    if (!isUnseen) throw error;
    return null;
  }
}
