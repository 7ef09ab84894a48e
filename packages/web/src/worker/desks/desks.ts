import type { Session } from "../session.ts";
import { makeCalendarDesk } from "./calendarDesk.ts";
import { makeCaseloadDesk } from "./caseloadDesk.ts";
import { makeGroupDesk } from "./groupDesk.ts";
import { makeNoteDesk } from "./noteDesk.ts";
import { makePeopleDesk } from "./peopleDesk.ts";
import { makeRecordDesk } from "./recordDesk.ts";
import { makeRegistrationDesk } from "./registrationDesk.ts";
import { makeSafetyDesk } from "./safetyDesk.ts";
import { makeTodayDesk } from "./todayDesk.ts";

/** Everything that an unlocked device does for the screens, one desk a screen. */
export const makeDesks = (session: Session) => ({
  calendar: makeCalendarDesk(session),
  caseload: makeCaseloadDesk(session),
  group: makeGroupDesk(session),
  note: makeNoteDesk(session),
  people: makePeopleDesk(session),
  record: makeRecordDesk(session),
  registration: makeRegistrationDesk(session),
  safety: makeSafetyDesk(session),
  today: makeTodayDesk(session),
});

export type Desks = ReturnType<typeof makeDesks>;
