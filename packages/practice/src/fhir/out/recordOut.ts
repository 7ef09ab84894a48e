import { withoutUndefined } from "../elements.ts";
import { careRelationshipOut, diagnosisOut, dischargeOut, riskPlanOut } from "./careOut.ts";
import { documentOut, letterOut, releasedOut, sourceDocumentOut } from "./documentOut.ts";
import type { RecordEntry } from "./exported.ts";
import { measureOut } from "./measureOut.ts";
import {
  countersignatureOut,
  noteAmendmentOut,
  processNoteOut,
  sessionNoteOut,
} from "./noteOut.ts";
import { attendanceOut, billingAddressOut, payerOut } from "./officeOut.ts";
import type { OutContext, OutRecord } from "./outMapper.ts";
import {
  communicationOut,
  consentOut,
  encounterOut,
  observationsOut,
  procedureOut,
  questionnaireAnswersOut,
} from "./outsideOut.ts";
import { concept, narrative } from "./parts.ts";
import { contactOut, personOut } from "./personOut.ts";
import { goalOut, planOut } from "./planOut.ts";
import { formAnsweredOut, formSentOut, messageOut, portalConsentOut } from "./portalOut.ts";
import { SYSTEM, type OutResource } from "./vocabulary.ts";

type Made = [OutResource, ...OutResource[]];

/** What has no resource of its own in FHIR → Basic, named by its type. */
function basicOut(
  { id, body }: OutRecord<RecordEntry["body"]>,
  { subject, entry }: OutContext,
): Made {
  const about = body.type === "retraction" ? entry(body.entry) : undefined;
  const words = body.type === "retraction" || body.type === "opening" ? body.reason : undefined;
  const basic = withoutUndefined({
    resourceType: "Basic",
    id,
    code: concept(SYSTEM.record, body.type),
    subject: about ?? subject,
    created: body.at.slice(0, 10),
    text: words === undefined ? undefined : narrative(words),
  });
  return [basic];
}

function careOut(
  record: OutRecord<Extract<RecordEntry, { compartment: "care" }>["body"]>,
  context: OutContext,
): Made {
  const { body } = record;
  switch (body.type) {
    case "sessionNote":
      return sessionNoteOut({ ...record, body }, context);
    case "noteAmendment":
      return noteAmendmentOut({ ...record, body }, context);
    case "countersignature":
      return countersignatureOut({ ...record, body }, context);
    case "plan":
      return planOut({ ...record, body }, context);
    case "goal":
      return goalOut({ ...record, body }, context);
    case "diagnosis":
      return diagnosisOut({ ...record, body }, context);
    case "measure":
      return measureOut({ ...record, body }, context);
    case "riskPlan":
      return riskPlanOut({ ...record, body }, context);
    case "document":
      return documentOut({ ...record, body }, context);
    case "letter":
      return letterOut({ ...record, body }, context);
    case "discharge":
      return dischargeOut({ ...record, body }, context);
    case "careRelationship":
      return careRelationshipOut({ ...record, body }, context);
    case "encounter":
      return encounterOut({ ...record, body }, context);
    case "observations":
      return observationsOut({ ...record, body }, context);
    case "procedure":
      return procedureOut({ ...record, body }, context);
    case "communication":
      return communicationOut({ ...record, body }, context);
    case "consent":
      return consentOut({ ...record, body }, context);
    case "questionnaireAnswers":
      return questionnaireAnswersOut({ ...record, body }, context);
    case "sourceDocument":
      return sourceDocumentOut({ ...record, body }, context);
    default:
      return basicOut(record, context);
  }
}

/** The resources of one record; the first stands for it. */
export function recordOut({ entry: id, member, ...of }: RecordEntry, context: OutContext): Made {
  if (of.compartment === "care") return careOut({ id, member, body: of.body }, context);
  const { body } = of;
  switch (body.type) {
    case "person":
      return [{ ...personOut({ id, body }, []) }];
    case "contact":
      return contactOut({ id, member, body }, context);
    case "payer":
      return payerOut({ id, member, body }, context);
    case "billingAddress":
      return billingAddressOut({ id, member, body }, context);
    case "attendance":
      return attendanceOut({ id, member, body }, context);
    case "message":
      return messageOut({ id, member, body }, context);
    case "formSent":
      return formSentOut({ id, member, body }, context);
    case "formAnswered":
      return formAnsweredOut({ id, member, body }, context);
    case "released":
      return releasedOut({ id, member, body }, context);
    case "consent":
      return portalConsentOut({ id, member, body }, context);
    case "processNote":
    case "groupNote":
      return processNoteOut({ id, member, body }, context);
    case "sourceDocument":
      return sourceDocumentOut({ id, member, body }, context);
    default:
      return basicOut({ id, member, body }, context);
  }
}
