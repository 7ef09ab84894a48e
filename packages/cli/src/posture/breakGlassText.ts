import type { BreakGlassEvent } from "@sinetti/posture";

import { plain } from "./postureText.ts";

/** What happened with a temporary access, in words; `isEnded`: whoever says it ends it too. */
export function breakGlassText(
  { event, access: { role, note, fault } }: BreakGlassEvent,
  { database, isEnded }: { database: string; isEnded: boolean },
): string {
  const end = `end it: sinetti break-glass close ${role}`;
  if (event === "ended") return plain(`ended: ${role} lets nobody into ${database} any more`);
  if (event === "over") {
    const next = isEnded ? "It is ended now" : `Nobody ends it by itself; ${end}`;
    return plain(`${database} is still open as ${role}. ${fault ?? ""} ${next}`);
  }
  const who = note === null ? "somebody" : `${note.by}, for ${note.access}, until ${note.until}`;
  const why = note === null ? "" : `: ${note.reason}`;
  return plain(`${database} is open to ${who}, as ${role}${why}; ${end}`);
}
