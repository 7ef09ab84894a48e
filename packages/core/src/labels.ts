import { asciiToBytes, concatBytes } from "./bytes.ts";

const SUITE = "sinetti/1/";

/** Every label of suite 1; one label for one kind of signed, hashed, derived or sealed thing. */
export const LABELS = {
  statement: `${SUITE}statement`,
  statementHash: `${SUITE}statement-hash`,
  practiceId: `${SUITE}practice-id`,
  order: `${SUITE}order`,
  orderHash: `${SUITE}order-hash`,
  approval: `${SUITE}approval`,
  cancellation: `${SUITE}cancellation`,
  acceptance: `${SUITE}acceptance`,
  sealedShare: `${SUITE}sealed-share`,
  wraps: `${SUITE}wraps`,
  wrap: `${SUITE}wrap`,
  wrapHash: `${SUITE}wrap-hash`,
  batchKey: `${SUITE}batch-key`,
  batchId: `${SUITE}batch-id`,
  batchWrap: `${SUITE}batch-wrap`,
  fileKey: `${SUITE}file-key`,
  fileCommit: `${SUITE}file-commit`,
  priorEpoch: `${SUITE}prior-epoch`,
  entryKey: `${SUITE}entry-key`,
  entryCommit: `${SUITE}entry-commit`,
  entry: `${SUITE}entry`,
  draft: `${SUITE}draft`,
  attachmentChunk: `${SUITE}attachment-chunk`,
  attachmentChunks: `${SUITE}attachment-chunks`,
  importFile: `${SUITE}import-file`,
  importEntry: `${SUITE}import-entry`,
  releaseAnswer: `${SUITE}release-answer`,
  receipt: `${SUITE}receipt`,
  releaseLog: `${SUITE}release-log`,
  logDetail: `${SUITE}log-detail`,
  lostHeads: `${SUITE}lost-heads`,
  reviewSnapshot: `${SUITE}review-snapshot`,
  reviewDecisions: `${SUITE}review-decisions`,
  gateShare: `${SUITE}gate-share`,
  breakGlass: `${SUITE}break-glass`,
  installationCode: `${SUITE}installation-code`,
  passwordSlot: `${SUITE}password-slot`,
  passkeySlot: `${SUITE}passkey-slot`,
  deviceSeeds: `${SUITE}device-seeds`,
  localCell: `${SUITE}local-cell`,
  kitSeal: `${SUITE}kit-seal`,
  kitSign: `${SUITE}kit-sign`,
  kitBlob: `${SUITE}kit-blob`,
  priorMemberSeed: `${SUITE}prior-member-seed`,
  teamSeed: `${SUITE}team-seed`,
  priorTeamSeed: `${SUITE}prior-team-seed`,
  rendezvous: `${SUITE}rendezvous`,
  rendezvousCode: `${SUITE}rendezvous-code`,
  invitationMailbox: `${SUITE}invitation-mailbox`,
  invitationOffer: `${SUITE}invitation-offer`,
  invitationAnswer: `${SUITE}invitation-answer`,
  invitationWords: `${SUITE}invitation-words`,
  root: `${SUITE}root`,
  recoveryKem: `${SUITE}recovery-kem`,
  recoverySign: `${SUITE}recovery-sign`,
  recoveryCommit: `${SUITE}recovery-commit`,
  recoveryShare: `${SUITE}recovery-share`,
  priorRecoverySecret: `${SUITE}prior-recovery-secret`,
  lookupSite: `${SUITE}lookup-site`,
  lookupGate: `${SUITE}lookup-gate`,
  lookupCell: `${SUITE}lookup-cell`,
  clientRelease: `${SUITE}client-release`,
  postureException: `${SUITE}posture-exception`,
  reviewPaper: `${SUITE}review-paper`,
  deploymentStatement: `${SUITE}deployment-statement`,
  requestTag: `${SUITE}request`,
} as const;

/** One of the labels of suite 1. */
export type Label = (typeof LABELS)[keyof typeof LABELS];

const labelBytes = new Map<Label, Uint8Array>(
  Object.values(LABELS).map((label) => [label, asciiToBytes(`${label}\0`)]),
);

/** The label, a zero byte, and the payload: no label is a prefix of another labelled string. */
export function labelled(label: Label, ...payload: Uint8Array[]): Uint8Array {
  const prefix = labelBytes.get(label);
  if (prefix === undefined) throw new TypeError("unknown label");
  return concatBytes(prefix, ...payload);
}
