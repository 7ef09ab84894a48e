export { PracticeError } from "./error.ts";
export type { Issue, IssueRule, PracticeErrorCode } from "./error.ts";

export { RECORD_COMPARTMENTS, parseEntryBody, parseNoteDraft } from "./records/entryBody.ts";
export type { EntryBody, RecordCompartment } from "./records/entryBody.ts";
export { parseDraft } from "./records/draft.ts";
export type { DraftBody, EditedNote, MeasureDraft, ProcessDraft } from "./records/draft.ts";
export { codingText } from "./records/codingText.ts";
export type { Opening } from "./records/opening.ts";
export { foldCareState, holding, isVersioned } from "./chart/careState.ts";
export type { CareEntry, CareState, Version, Versioned, VersionedType } from "./chart/careState.ts";
export { byDay, readCare, readPortal, readProcess } from "./chart/timeline.ts";
export type { CareChart, TimelineItem } from "./chart/timeline.ts";
export { foldPutRemove, snapshotOf } from "./records/putRemove.ts";
export type { PutRemove, Snapshot } from "./records/putRemove.ts";
export { directoryKey } from "./records/directory.ts";
export type {
  DirectoryBody,
  DirectoryMember,
  DirectorySite,
  DirectoryValue,
  InvoicingUnit,
} from "./records/directory.ts";
export type { Coding, Source, SourceDocument } from "./records/fields.ts";
export type {
  Address,
  CodeChange,
  Contact,
  IdentityBody,
  IdentityLinks,
  Person,
  PersonalCode,
  PersonName,
  Phone,
} from "./records/identity.ts";
export type {
  Attendance,
  AttendanceOutcome,
  BillingAddress,
  OfficeBody,
  Payer,
} from "./records/office.ts";
export { CARRIED_KEY, NOBODY } from "./records/schedule.ts";
export type {
  Appointment,
  Carried,
  PlannedValue,
  ScheduleBody,
  ScheduleValue,
  Series,
  SeriesException,
} from "./records/schedule.ts";
export type {
  CreditNote,
  Invoice,
  InvoiceLine,
  LedgerBody,
  LedgerValue,
  Payment,
  Receipt,
} from "./records/ledger.ts";
export type {
  Attachment,
  CareBody,
  CareDocument,
  CareLinks,
  CareRelationship,
  Diagnosis,
  Discharge,
  Letter,
  RiskPlan,
} from "./records/care.ts";
export type {
  Countersignature,
  NoteAmendment,
  NoteDraft,
  NoteSection,
  NoteSession,
  SessionNote,
} from "./records/note.ts";
export type { Goal, Objective, Plan } from "./records/plan.ts";
export type { MeasureRecord } from "./records/measure.ts";
export type {
  Communication,
  Consent,
  Encounter,
  Observations,
  Procedure,
  QuestionnaireAnswers,
} from "./records/outside.ts";
export type {
  FormAnswered,
  FormSent,
  Message,
  PortalBody,
  PortalConsent,
  Released,
} from "./records/portal.ts";
export type { GroupNote, ProcessBody, ProcessNote } from "./records/process.ts";
export type { RosterBody, RosterValue } from "./records/roster.ts";

export { displayName, foldIdentity } from "./people/patientIdentity.ts";
export type { PatientIdentity } from "./people/patientIdentity.ts";
export { lookupFields, lookupQuery, normaliseCode, normaliseName } from "./people/lookupFields.ts";
export type { LookupField } from "./people/lookupFields.ts";
export { normalisePhone } from "./people/phone.ts";
export { findAlike } from "./people/duplicates.ts";
export type { KnownPatient, Likeness } from "./people/duplicates.ts";
export { finnishCheckCharacter, isFinnishCode, parseFinnishCode } from "./people/finnishCode.ts";
export type { FinnishCode, FinnishCodeReason } from "./people/finnishCode.ts";

export { agendaOf, findConflicts } from "./calendar/agenda.ts";
export type { Conflict } from "./calendar/agenda.ts";
export { bookingsOf, isHeld, takesTime } from "./calendar/bookings.ts";
export type { Booking } from "./calendar/bookings.ts";
export { continueSeries, endSeries, hasDate, reaches } from "./calendar/seriesLife.ts";
export { expandSeries, occurrence } from "./calendar/expandSeries.ts";
export type { Occurrence } from "./calendar/expandSeries.ts";
export { addDays, instantToLocalTime, isZone, localTimeToInstant } from "./calendar/localTime.ts";

export { checkFinnishReference, makeFinnishReference } from "./invoicing/finnishReference.ts";
export { isIban, normaliseIban } from "./invoicing/iban.ts";
export {
  documentTotal,
  foldLedger,
  ledgerGaps,
  ledgerKey,
  nextLedgerNumber,
  openCents,
} from "./invoicing/ledger.ts";
export type { LedgerState, NumberedDocument } from "./invoicing/ledger.ts";
export { billedAppointments, invoiceStatuses } from "./invoicing/invoiceStatus.ts";
export type { InvoiceStatus } from "./invoicing/invoiceStatus.ts";
export { billingKey, draftLines } from "./invoicing/draftInvoice.ts";
export type { DraftedLines, Prices } from "./invoicing/draftInvoice.ts";
export { foldOffice } from "./invoicing/officeState.ts";
export type { AttendedSession, KnownPayer, OfficeState } from "./invoicing/officeState.ts";
export { virtualBarcode } from "./invoicing/virtualBarcode.ts";
export { payerOn, payerStatus } from "./invoicing/payerStatus.ts";
export type { PayerStatus } from "./invoicing/payerStatus.ts";

export { RETENTION_CLASSES, findRetentionClass } from "./retention/retentionClasses.ts";
export type { RetentionClass, RetentionStart } from "./retention/retentionClasses.ts";
export { addYears, retentionOf } from "./retention/retentionDue.ts";
export type {
  HeldUntil,
  Retention,
  RetentionFacts,
  RetentionReason,
  RetentionUnknown,
} from "./retention/retentionDue.ts";

export { NOTE_TEMPLATES, findNoteTemplate, formOf } from "./notes/templates.ts";
export { SECTIONS_MAX } from "./notes/template.ts";
export type { NoteTemplate } from "./notes/template.ts";
export { ownTemplate } from "./notes/ownTemplate.ts";
export type { OwnSection, OwnTemplate } from "./notes/ownTemplate.ts";
export { checkNote } from "./notes/checkNote.ts";
export type { NoteContent } from "./notes/checkNote.ts";
export {
  NOTE_DUE_DAYS,
  amendNote,
  foldNotes,
  isNoteOverdue,
  carriedSections,
  lastNoteOf,
  signNote,
  startDraft,
  withdrawNote,
} from "./notes/noteLife.ts";
export type { NoteHistory } from "./notes/noteLife.ts";
export { isSameDraft, mergeDrafts } from "./notes/mergeDrafts.ts";
export type { MergedDraft } from "./notes/mergeDrafts.ts";
export { findNamedOthers } from "./notes/namedOthers.ts";
export type { NamedOther } from "./notes/namedOthers.ts";
export { unfinishedSessions } from "./notes/unfinishedSessions.ts";
export type { NotedDays, UnfinishedSession } from "./notes/unfinishedSessions.ts";
export { processNoteWarnings } from "./notes/processNoteWarnings.ts";
export type { ProcessNoteWarning } from "./notes/processNoteWarnings.ts";

export {
  MEASURES,
  findMeasure,
  findMeasureByTotal,
  highestTotal,
  isTotalOf,
} from "./measures/measures.ts";
export type {
  CutoffSex,
  Measure,
  MeasureBand,
  MeasureId,
  MeasureItem,
  MeasureOption,
  MeasureSource,
} from "./measures/measure.ts";
export { recordMeasure, scoreAnswers, scoreTotal } from "./measures/score.ts";
export type { Score } from "./measures/score.ts";
export { measureChange } from "./measures/change.ts";
export type { MeasureChange } from "./measures/change.ts";
export { measureSeries } from "./measures/measureSeries.ts";
export type { MeasurePoint, MeasureSeries } from "./measures/measureSeries.ts";

export { MAPPED_FHIR_TYPES, mapBundle } from "./fhir/mapBundle.ts";
export type { MappedBundle, TypeCount } from "./fhir/mapBundle.ts";
export type { EntryDraft, FhirWarning, MapOptions } from "./fhir/mapping.ts";
export { renameIds } from "./fhir/readOwn.ts";
export type { EntryAlias } from "./fhir/ownHistory.ts";
export { recordToBundle } from "./fhir/out/recordToBundle.ts";
export type { OutBundle, OutOptions } from "./fhir/out/recordToBundle.ts";
export type {
  AccessLine,
  KeyedValue,
  PatientCompartment,
  PatientRecord,
  RecordEntry,
  StaffMember,
  WithholdCode,
  Withheld,
} from "./fhir/out/exported.ts";
export { withholdPassages } from "./fhir/out/withhold.ts";
export type { WithholdProblem, WithholdWish } from "./fhir/out/withhold.ts";
export { patientPaper, printLanguage, withheldMark } from "./print/patientPaper.ts";
export type { PrintLanguage } from "./print/words.ts";
export { creditNotePaper, invoicePaper, receiptPaper } from "./print/invoicePaper.ts";
export type { InvoicePrinting } from "./print/invoicePaper.ts";
export { HEALTH_CARE_TAX_NOTE, invoiceLineText } from "./print/invoiceWords.ts";
export { dueOn } from "./records/export.ts";
export type { ExportRequest, Exported } from "./records/export.ts";
export type { Origin } from "./records/origin.ts";
export { parseBundleText } from "./fhir/bundle.ts";
export { countHeldResources } from "./fhir/countHeld.ts";
export { fhirDuplicateKey } from "./fhir/duplicateKey.ts";
export { FhirError } from "./fhir/fhirError.ts";
export type { FhirErrorCode, FhirPlace } from "./fhir/fhirError.ts";

export { CsvError } from "./csv/csvError.ts";
export type { CsvErrorCode } from "./csv/csvError.ts";
export { RowCutter } from "./csv/rowCutter.ts";
export type { CutRow, Plausible, Units } from "./csv/rowCutter.ts";
export { fitCells, isEmptyRow, parseCells } from "./csv/cells.ts";
export { DELIMITERS, detectDelimiter, namedDelimiter } from "./csv/delimiter.ts";
export type { Delimiter } from "./csv/delimiter.ts";
export { readDate, readTime } from "./csv/dates.ts";
export type { DateOrder, DateReading, ReadDate } from "./csv/dates.ts";
export { DateColumn } from "./csv/dateColumn.ts";
export { CSV_FIELDS, CSV_KINDS, DATE_FIELDS, isKnownHeader } from "./csv/fields.ts";
export type { CsvKind, FieldWords } from "./csv/fields.ts";
export {
  CSV_ENCODINGS,
  checkColumns,
  detectColumns,
  mappedColumns,
  parseCsvMapping,
} from "./csv/columnMapping.ts";
export type { CsvEncoding, CsvMapping, FileMapping } from "./csv/columnMapping.ts";
export { CSV_SOURCE_TYPE, CsvRow, uniqueHeaders } from "./csv/csvRow.ts";
export type { CsvIssue, CsvReason, CsvTable } from "./csv/csvRow.ts";
export { readPatientRow } from "./csv/patientRow.ts";
export type { PatientKeys, PatientRow } from "./csv/patientRow.ts";
export { mergePatients } from "./csv/mergePatients.ts";
export type { MergedPatient } from "./csv/mergePatients.ts";
export { readReference } from "./csv/patientReference.ts";
export type { PatientReference } from "./csv/patientReference.ts";
export { PatientRegistry, sourceKeys } from "./csv/patientRegistry.ts";
export { cellsBesideText, noteSource, readNoteRow } from "./csv/noteRow.ts";
export type { NoteRow } from "./csv/noteRow.ts";
export { readAppointmentRow } from "./csv/appointmentRow.ts";
export type { AppointmentRow } from "./csv/appointmentRow.ts";
export { isPlausibleRow } from "./csv/plausibleRow.ts";
