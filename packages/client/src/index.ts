export type {
  CellWriteOptions,
  Change,
  Clock,
  Fetch,
  RequestKey,
  Storage,
  World,
} from "./world.ts";
export {
  ClientError,
  OrderWaits,
  ServiceRefusal,
  isRefusal,
  mustWait,
  type ClientErrorCode,
} from "./errors.ts";
export { findEndpoints, type Endpoints } from "./services.ts";
export { Client, type Resumed } from "./client.ts";
export type { Context } from "./context.ts";
export { Device, listPasskeys } from "./device.ts";
export type { PasskeyAsk, PasskeyPrf } from "./deviceLocks.ts";
export {
  endOwnDevice,
  listOwnDevices,
  knownDirectory,
  practicePeople,
  type DeviceRow,
  type PersonRow,
  type PracticePeople,
} from "./practicePeople.ts";
export { nameDevice } from "./deviceNames.ts";
export {
  readBudgetView,
  waysOn,
  type BudgetHorizon,
  type BudgetView,
  type WayOn,
} from "./budgetView.ts";
export {
  thiefView,
  type ClearField,
  type SealedField,
  type ThiefRow,
  type ThiefView,
} from "./thiefView.ts";
export {
  isStillOpen,
  mayWrite,
  openRecord,
  viewRecord,
  type ClosedFile,
  type OpenedRecord,
  type RecordItem,
  type RecordView,
} from "./chart/openRecord.ts";
export { findRecord, type PartRef, type RecordRefs } from "./chart/recordRefs.ts";
export { leasedDirectory, leasedRoster } from "./chart/leased.ts";
export { DraftDesk, type OpenDraft, type SavedDraft } from "./chart/draftDesk.ts";
export { FormDrafts, type FormDraft, type FormPlace } from "./formDrafts.ts";
export {
  beginAmendment,
  beginNote,
  carriedInto,
  signDraft,
  type Signed,
} from "./chart/signDraft.ts";
export { countersign, listPendingNotes, whyNotCountersign, withdraw } from "./chart/countersign.ts";
export {
  listSupervised,
  rememberLook,
  type SupervisedRecord,
  type WaitingNote,
} from "./chart/supervision.ts";
export { markAlert, type AlertRef } from "./chart/alerts.ts";
export {
  findTemplate,
  listTemplates,
  putTemplate,
  retireTemplate,
  templateOf,
} from "./chart/noteTemplates.ts";
export {
  discharge,
  readCareState,
  takeBack,
  writeCare,
  type CareWish,
} from "./chart/careEntries.ts";
export {
  beginMeasure,
  finishMeasure,
  measureProgress,
  readSeries,
  type MeasureProgress,
} from "./chart/takeMeasure.ts";
export {
  DOCUMENT_MAX_BYTES,
  PREVIEW_MAX_BYTES,
  listDocuments,
  putDocument,
  readDocument,
  type DocumentRow,
  type DocumentWish,
  type ReadDocument,
} from "./chart/documents.ts";
export { logGivenOut } from "./chart/givenOut.ts";
export { PREVIEW_TYPES, sniffMediaType, type PreviewType } from "./chart/mediaType.ts";
export {
  beginProcessNote,
  openProcess,
  readProcessNotes,
  signProcessNote,
} from "./chart/processNotes.ts";
export {
  joinGroup,
  leaveGroup,
  listGroups,
  makeGroup,
  openGroup,
  signGroup,
  type Group,
  type GroupPart,
  type SignedGroup,
} from "./chart/groups.ts";
export { openInCrisis, type CrisisRecord } from "./chart/crisis.ts";
export { findDuplicates, type DuplicateRow, type Duplicates } from "./registration/duplicates.ts";
export {
  editIdentity,
  putContact,
  removeContact,
  setSafeContact,
  type EditedIdentity,
  type IdentityEdit,
} from "./registration/editIdentity.ts";
export { readPersonHistory } from "./registration/personHistory.ts";
export {
  createPractice,
  finishPractice,
  takePapers,
  type FoundingPapers,
} from "./createPractice.ts";
export {
  approveDevice,
  approvePerson,
  finishDevice,
  generateMemberId,
  requestDevice,
  type RequestedDevice,
} from "./deviceCeremony.ts";
export {
  acceptInvitation,
  readAccepted,
  readInvitation,
  type AcceptedInvitation,
} from "./acceptInvitation.ts";
export {
  cancelInvitations,
  confirmInvitations,
  inviteMembers,
  keptInvitations,
  listInvitations,
  type Confirmed,
  type Invitation,
  type InvitationRow,
  type Invitee,
} from "./invitations.ts";
export {
  approveMany,
  approvePending,
  listPending,
  refusePending,
  type PendingOrder,
} from "./pending.ts";
export {
  keepPolicyFile,
  proposePolicies,
  readPolicyFile,
  readPolicyProposals,
  type PolicyProposal,
} from "./posturePolicies.ts";
export { listIntruding, type IntrudingOrder } from "./intruding.ts";
export { readKit, takeKit } from "./kit.ts";
export { rekeyMember } from "./memberRekey.ts";
export {
  readPracticeLog,
  type LogAlarm,
  type PracticeLog,
  type PracticeLogRow,
} from "./practiceLog.ts";
export { findKitPage, kitPaper, type KitPage } from "./kitPaper.ts";
export { slipsPaper, type SlipPlace } from "./slipsPaper.ts";
export { readStaffTable, type StaffTable } from "./staffTable.ts";
export { inviteStaff, type InviteWish, type InvitedStaff } from "./inviteStaff.ts";
export { sharePaper, type SharePage } from "./sharePaper.ts";
export { recoverDevice } from "./recoverDevice.ts";
export { recoverPractice } from "./recoverPractice.ts";
export { giveBack, type GivenBack } from "./recoverFiles.ts";
export {
  heldRecoverySecret,
  rotateRecovery,
  splitHeldSecret,
  strikeRecoverySecret,
} from "./recoverySecret.ts";
export { approveOwnOpenings } from "./trustees.ts";
export { readTable, type ReadTable, type TableProblem, type TableRow } from "./readTable.ts";
export { giveOrder, giveOrders, type Given } from "./giveOrder.ts";
export { addToTeam, openTeam, removeFromTeam } from "./teams.ts";
export { flushOutbox, type Flushed } from "./flush.ts";
export { confirmClock } from "./confirmClock.ts";
export { listenForHints, type HeardHint, type HintTimes } from "./hints.ts";
export { reconcile, type Reconciled } from "./reconcile.ts";
export { appendEntries, type AppendWish, type EntryWish } from "./appendEntries.ts";
export {
  createFiles,
  generateCaseId,
  memberGrant,
  ownGrant,
  type FileWish,
  type GrantWish,
} from "./createFiles.ts";
export { grantFiles, proposeErase, renewGrant, revokeGrant, setPhase } from "./changeAccess.ts";
export { openFiles, type Opened } from "./openFiles.ts";
export { readAccess, type HeldAccess } from "./heldAccess.ts";
export {
  approveOpenings,
  approveOpeningsWithCode,
  readApprovals,
  readBudget,
  setCanary,
  type Budget,
  type OwnApproval,
} from "./openings.ts";
export {
  readTopUp,
  registerPasskeyAtGate,
  removePasskeyAtGate,
  topUp,
  type GatePasskey,
  type PasskeyAssert,
  type TopUpView,
} from "./topUp.ts";
export { readEntries, type Entry } from "./readEntries.ts";
export { requestRelease, type ReleaseItem } from "./release.ts";
export { dropDraft, generateDraftId, readDrafts, saveDraft, type Draft } from "./drafts.ts";
export {
  putAttachment,
  readAttachment,
  type AttachmentLink,
  type SendOptions,
  type SentAttachment,
} from "./attachments.ts";
export type { KnownFile } from "./fileCache.ts";
export type { FileRef } from "./fileBook.ts";
export { askForLook, readBorneFaults, type BorneFaults } from "./posture/askPosture.ts";
export {
  readPosture,
  type DatabasePosture,
  type Posture,
  type PostureChange,
  type PostureFinding,
  type PostureHost,
} from "./posture/databasePosture.ts";
export {
  admitMembers,
  createDirectory,
  memberName,
  openDirectory,
  readmitMember,
  sites,
  type Directory,
} from "./records/directory.ts";
export { readIdentity } from "./records/identity.ts";
export { openCalendar, type Calendar } from "./records/calendar.ts";
export type { CalendarPlace } from "./records/scheduleBook.ts";
export {
  bookAppointment,
  changeBooking,
  removeBooking,
  type AppointmentWish,
  type Booked,
  type BookingChange,
  type BookingRef,
  type WriteOptions,
} from "./records/appointments.ts";
export {
  changeSeries,
  createSeries,
  stopSeries,
  type ChangedSeries,
  type SeriesScope,
  type SeriesWish,
} from "./records/series.ts";
export {
  addPayer,
  markBooking,
  readFrontDesk,
  readOffice,
  setBillingAddress,
  type Marked,
  type PatientOffice,
} from "./records/office.ts";
export { siteDay, todayOf, type Alert, type SiteDay, type Today } from "./records/today.ts";
export { invoicingUnits, putUnit, type UnitWish } from "./records/invoicingUnits.ts";
export type { LedgerPlace } from "./records/ledgerBook.ts";
export { draftInvoices, type DraftedInvoices, type InvoiceDraft } from "./records/draftInvoices.ts";
export { listUnbilled, type Unbilled, type UnbilledRow } from "./records/unbilled.ts";
export {
  creditInvoice,
  issueInvoice,
  issueReceipt,
  readLedger,
  recordPayment,
  type Issued,
  type Ledger,
} from "./records/invoices.ts";
export { prepareCanary } from "./records/canary.ts";
export { adoptGranted } from "./records/adopt.ts";
export { findInRoster, openRoster, putPatients, type Roster } from "./records/roster.ts";
export {
  addPatient,
  findPatientFiles,
  listPatients,
  lookUpPatients,
  openOne,
  type PatientRow,
} from "./records/patients.ts";
export { addAmendment, addNote, findNote, openCare, readNotes } from "./records/notes.ts";
export { addMeasure, readMeasures, type ReadMeasure } from "./records/measures.ts";
export { grantOffice, listBeforeOffice } from "./records/beforeOffice.ts";
export {
  grantPatient,
  listAccess,
  readAccessLog,
  revokePatient,
  type AccessLogRow,
  type AccessRow,
} from "./records/access.ts";
export {
  importFhir,
  type FhirSource,
  type ImportOptions,
  type ImportReport,
} from "./records/importFhir.ts";
export {
  importGroup,
  type Candidate,
  type GroupReport,
  type ImportCompartment,
} from "./records/importGroup.ts";
export { Listing } from "./records/listing.ts";
export { importCsv } from "./records/importCsv.ts";
export type { CsvImportOptions } from "./records/csv/csvImport.ts";
export {
  importDocuments,
  type DocumentReport,
  type DocumentSource,
} from "./records/importDocuments.ts";
export { previewCsv, type CsvPreview } from "./records/csv/previewCsv.ts";
export type { ByteSource } from "./records/csv/byteSource.ts";
export type { CsvReport, RowReport } from "./records/csv/csvReport.ts";
export { appendInBatches, type FileEntries } from "./records/appendInBatches.ts";
export { encodeBody } from "./records/body.ts";
export { fetchFiles } from "./fetchFiles.ts";
export { assignRecords, type AssignReport, type Unassigned } from "./records/assign.ts";
export { assignedTo, readAssignMap, type AssignMap } from "./records/assignMap.ts";
export type { ImportedRecord } from "./records/importedRecord.ts";
export { listGranted, type GrantedFile } from "./records/practiceFiles.ts";
export { findEveryFile, type EveryFile } from "./records/everyFile.ts";
export { holdsOn, placeHold, proposeUnhold, type Hold } from "./holds.ts";
export {
  approveErasure,
  cancelErasure,
  finishErasures,
  listErasures,
  proposeErasure,
  type FinishedErasure,
  type ProposedErasure,
  type WaitingErasure,
} from "./records/erasure.ts";
export { keptErasures, type Erasure, type ErasureFile } from "./records/erasureRecord.ts";
export { clearErasedLines } from "./records/erasureTidy.ts";
export {
  certifyErasure,
  type Certificate,
  type CertifiedFile,
} from "./records/erasureCertificate.ts";
export { certificatePaper } from "./records/certificatePaper.ts";
export type { CertificateLanguage } from "./records/certificateWords.ts";
export {
  chooseRetentionClass,
  endCare,
  listRetention,
  readRetentionClass,
  recordDeath,
  refreshFacts,
  type RetentionRow,
} from "./records/retention.ts";
export { askThaw, type ThawAsked } from "./askThaw.ts";
export { thawWithCode } from "./thawWithCode.ts";
export {
  exportPatient,
  type ExportReport,
  type ExportTools,
  type ExportWish,
} from "./export/exportPatient.ts";
export { exportPractice } from "./export/exportPractice.ts";
export type { PracticeReport, PracticeWish } from "./export/practiceRun.ts";
export type { ExportFolder, FolderManifest, Gap } from "./export/exportFolder.ts";
export { ExportError, type ExportErrorCode } from "./export/exportError.ts";
export { addExportRequest, listExportRequests, type RequestRow } from "./export/exportLog.ts";
export { verifyPackage, type PackageReport } from "./export/verifyPackage.ts";
export { openStream, type Identities, type Recipients } from "./export/ageFile.ts";
export type { ManifestPart, RunningHash } from "./export/zipFile.ts";
export { readRestores } from "./presentResume.ts";
export { resumeServices, type Resumption } from "./resumeServices.ts";
export { found, type Founding } from "./admission/foundPractice.ts";
export {
  addMemberHere,
  addPerson,
  type AddedMember,
  type NewMember,
} from "./admission/addPerson.ts";
export { admit } from "./admission/admit.ts";
export { listAdmissions } from "./admission/admission.ts";
export { confirmAnswered, type ConfirmedPerson } from "./admission/confirmAnswered.ts";
export { edgeState, isLowRisk, type EdgeState } from "./review/edges.ts";
export { heldAlone } from "./review/heldAlone.ts";
export { lapsedEdges } from "./review/lapseEdges.ts";
export { listShared } from "./review/roundFile.ts";
export { unheldFiles, type UnheldFile } from "./review/unheld.ts";
export {
  closeRound,
  listRounds,
  openRound,
  readReviewRecord,
  readRound,
  verifyReviewRecord,
  type OwnRound,
  type ReviewRecord,
  type ReviewRound,
  type RoundRow,
  type RoundWish,
} from "./review/round.ts";
export { decodeReviewRecord, encodeReviewRecord } from "./review/recordFile.ts";
export { reviewPaper } from "./review/reviewPaper.ts";
export { isReviewPaper, signReviewPaper, verifyReviewPaper } from "./review/signedPaper.ts";
export { subjectName } from "./review/names.ts";
export { decideEdges, type Decided } from "./review/decide.ts";
export type { DecisionRefusal, EdgeWish } from "./review/obstacles.ts";
export {
  endingAccess,
  reviewReminder,
  type EndingAccess,
  type ReviewReminder,
} from "./review/reminder.ts";
