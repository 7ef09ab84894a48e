import type { Session } from "../session.ts";
import { makeCaseloadDesk } from "./caseloadDesk.ts";
import { makeNoteDesk } from "./noteDesk.ts";
import { makePeopleDesk } from "./peopleDesk.ts";
import { makeRecordDesk } from "./recordDesk.ts";
import { makeSafetyDesk } from "./safetyDesk.ts";

/** Everything that an unlocked device does for the screens, one desk a screen. */
export const makeDesks = (session: Session) => ({
  caseload: makeCaseloadDesk(session),
  note: makeNoteDesk(session),
  people: makePeopleDesk(session),
  record: makeRecordDesk(session),
  safety: makeSafetyDesk(session),
});

export type Desks = ReturnType<typeof makeDesks>;
