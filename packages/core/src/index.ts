export { CoreError, type CoreErrorCode } from "./errors.ts";
export * from "./brand.ts";
export { bytesToHex, concatBytes, equalBytes, hexToBytes } from "./bytes.ts";
export { LIMITS } from "./limits.ts";
export { LABELS, type Label } from "./labels.ts";
export { decodeCbor, encodeCbor, type Wire } from "./encoding.ts";
export { decodeShape, encodeShape, type Shape, type Shaped } from "./shape.ts";
export { initSuite, operationCounts, randomBytes, sha256, type RandomSource } from "./suite.ts";
export type { Secret, SecretPurpose } from "./secretValue.ts";
export type { Signed } from "./sign.ts";
export * from "./week.ts";
export * from "./policy.ts";
export * from "./authority.ts";
export {
  ERASE_REASONS,
  ROLES,
  SERVICES,
  STOP_KINDS,
  TEAM_KINDS,
  hashOrder,
  readApproval,
  readCancellation,
  readOrder,
  subjectShape,
  verifyApproval,
  verifyCancellation,
  verifyOrder,
  type Approval,
  type Author,
  type Cancellation,
  type EraseReason,
  type MemberIntroduction,
  type Order,
  type OrderBody,
  type OrderKind,
  type Place,
  type Role,
  type ServiceName,
  type Subject,
  type TeamKind,
} from "./order.ts";
export {
  CHAINS,
  hashStatement,
  readStatement,
  verifyStatement,
  type ChainType,
  type Link,
  type Statement,
} from "./statement.ts";
export {
  acceptsLink,
  hashSealedShare,
  readAcceptance,
  verifyAcceptance,
  type Acceptance,
  type AcceptedItem,
} from "./acceptance.ts";
export * from "./practiceState.ts";
export {
  authorKey,
  isSeconded,
  requiresSecondPerson,
  youthByWeek,
  type Approvers,
  type Youth,
} from "./quorum.ts";
export { checkOrder, couldStand, mayOrder } from "./practiceOrder.ts";
export { GatheredBytes } from "./gatheredBytes.ts";
export {
  RunReader,
  encodeRunFrame,
  packRunFiles,
  type RunFile,
  type RunFrame,
} from "./acceptedRun.ts";
export {
  BACKUP_DAYS,
  checkResume,
  checkResumeAuthor,
  hashLostHeads,
  type LostHeads,
  type Resume,
} from "./resumeOrder.ts";
export { introductionWords, type Introduction } from "./introduction.ts";
export {
  applyPracticeStatement,
  practiceIdOf,
  readGenesis,
  readOrderStatement,
  startPractice,
  type Genesis,
} from "./practiceChain.ts";
export * from "./accessState.ts";
export { readAccessBody, type AccessBody, type AccessKind } from "./accessBodies.ts";
export { applyAccessStatement, checkAccessNow, startAccess, vaultOf } from "./accessChain.ts";
export { mayRevoke } from "./accessOrders.ts";
export type { AccessContext } from "./accessStep.ts";
export {
  ENTRY_CLASSES,
  advanceRecord,
  applyAppend,
  checkAppendNow,
  readAppend,
  recordStateShape,
  startRecord,
  type AppendBody,
  type EntryHeader,
  type RecordState,
} from "./recordChain.ts";
export { hashChunk, hashChunks } from "./chunkHash.ts";
export {
  batchIdOf,
  batchKeyShape,
  hashWrap,
  hashWrapHashes,
  hashWraps,
  wrapShape,
  type BatchKey,
  type Recipient,
  type Wrap,
  type WrapContext,
} from "./wrap.ts";
export {
  LOG_KINDS,
  OUTCOMES,
  PURPOSES,
  hashLogDetail,
  hashLogEntry,
  logEntryShape,
  verifyReceipt,
  type LogEntry,
  type Outcome,
  type Purpose,
  type Receipt,
  type ReleaseAnswer,
  type ReleaseRequest,
  type ReleasedItem,
} from "./release.ts";
export * from "./budget.ts";
export * from "./request.ts";
export {
  PROBLEM_CODES,
  PROBLEM_STATUS,
  problemOf,
  problemShape,
  type Problem,
  type ProblemCode,
} from "./messages/problem.ts";
export { LARGE_BODY, SMALL_BODY, type Route } from "./messages/route.ts";
export { CHAIN_ROUTES, LINKS_PER_ANSWER, acceptedShape } from "./messages/chainRoutes.ts";
export {
  POSTURE_LIMITS,
  borneDays,
  criticalFaults,
  postureBoardShape,
  readPostureBoard,
  shownBoard,
  type PostureBoard,
  type ShownBoard,
} from "./messages/postureRoutes.ts";
export { APPROVAL_REASONS, GATE_ROUTES, sealedShareShape } from "./messages/gateRoutes.ts";
export {
  PASSKEYS_PER_MEMBER,
  PASSKEY_ALGORITHMS,
  TOP_UP_REASONS,
  type Assertion,
  type Passkey,
  type PasskeyAlgorithm,
  type TopUpReason,
} from "./messages/topUpRoutes.ts";
export {
  HINT_FILES,
  HINT_ROUTES,
  HintReader,
  NO_HINT,
  encodeHint,
  mergeHints,
  type Hint,
} from "./messages/hint.ts";
export { verifyClientRelease } from "./clientRelease.ts";
export { verifyDocument, type DocumentKind } from "./signedDocument.ts";
export { VAULT_ROUTES } from "./messages/vaultRoutes.ts";
export { SIZE_CLASSES, paddedSize } from "./padding.ts";
export { encodePaperCode, decodePaperCode } from "./paperCode.ts";
export {
  REVIEW_REASONS,
  REVIEW_RISKS,
  REVIEW_VERDICTS,
  decodeReviewDecisions,
  decodeReviewSnapshot,
  encodeReviewDecisions,
  encodeReviewSnapshot,
  hashReviewDecisions,
  hashReviewSnapshot,
  type DatabaseEdge,
  type KeyEdge,
  type ReviewDecision,
  type ReviewDecisions,
  type ReviewEdge,
  type ReviewReason,
  type ReviewRisk,
  type ReviewSnapshot,
} from "./review.ts";
export * as shapes from "./shape.ts";
export { WIRE } from "./wire.ts";
