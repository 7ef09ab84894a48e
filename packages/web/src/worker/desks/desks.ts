import type { Session } from "../session.ts";
import { makeAccessDesk } from "./accessDesk.ts";
import { makeCalendarDesk } from "./calendarDesk.ts";
import { makeCareDesk } from "./careDesk.ts";
import { makeCaseloadDesk } from "./caseloadDesk.ts";
import { makeErasureDesk } from "./erasureDesk.ts";
import { makeExportDesk } from "./exportDesk.ts";
import { makeDocumentDesk } from "./documentDesk.ts";
import { makeFormDesk } from "./formDesk.ts";
import { makeGroupDesk } from "./groupDesk.ts";
import { makeImportDesk } from "./importDesk.ts";
import { makeInviteDesk } from "./inviteDesk.ts";
import { makeInvoiceDesk } from "./invoiceDesk.ts";
import { makeLocksDesk } from "./locksDesk.ts";
import { makeMeasureDesk } from "./measureDesk.ts";
import { makeNoteDesk } from "./noteDesk.ts";
import { makeOfficeDesk } from "./officeDesk.ts";
import { makePeopleDesk } from "./peopleDesk.ts";
import { makePersonDesk } from "./personDesk.ts";
import { makePostureDesk } from "./postureDesk.ts";
import { makeProcessDesk } from "./processDesk.ts";
import { makeRecordDesk } from "./recordDesk.ts";
import { makeRegistrationDesk } from "./registrationDesk.ts";
import { makeRetentionDesk } from "./retentionDesk.ts";
import { makeReviewDesk } from "./reviewDesk.ts";
import { makeSafetyDesk } from "./safetyDesk.ts";
import { makeSupervisionDesk } from "./supervisionDesk.ts";
import { makeTemplateDesk } from "./templateDesk.ts";
import { makeTodayDesk } from "./todayDesk.ts";
import { makeWatchDesk } from "./watchDesk.ts";

/** Everything that an unlocked device does for the screens, one desk a screen. */
export const makeDesks = (session: Session) => ({
  access: makeAccessDesk(session),
  calendar: makeCalendarDesk(session),
  care: makeCareDesk(session),
  caseload: makeCaseloadDesk(session),
  erasure: makeErasureDesk(session),
  exporting: makeExportDesk(session),
  document: makeDocumentDesk(session),
  form: makeFormDesk(session),
  group: makeGroupDesk(session),
  importing: makeImportDesk(session),
  invite: makeInviteDesk(session),
  invoice: makeInvoiceDesk(session),
  locks: makeLocksDesk(session),
  measure: makeMeasureDesk(session),
  note: makeNoteDesk(session),
  office: makeOfficeDesk(session),
  people: makePeopleDesk(session),
  person: makePersonDesk(session),
  posture: makePostureDesk(session),
  process: makeProcessDesk(session),
  record: makeRecordDesk(session),
  registration: makeRegistrationDesk(session),
  retention: makeRetentionDesk(session),
  review: makeReviewDesk(session),
  safety: makeSafetyDesk(session),
  supervision: makeSupervisionDesk(session),
  template: makeTemplateDesk(session),
  today: makeTodayDesk(session),
  watch: makeWatchDesk(session),
});

export type Desks = ReturnType<typeof makeDesks>;
