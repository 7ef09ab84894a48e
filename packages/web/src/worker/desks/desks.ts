import type { Session } from "../session.ts";
import { makeCaseloadDesk } from "./caseloadDesk.ts";
import { makeSafetyDesk } from "./safetyDesk.ts";

/** Everything that an unlocked device does for the screens, one desk a screen. */
export const makeDesks = (session: Session) => ({
  caseload: makeCaseloadDesk(session),
  safety: makeSafetyDesk(session),
});

export type Desks = ReturnType<typeof makeDesks>;
