export { generateSignKey, signKeyFromSeed, type SignKey } from "./sign.ts";
export { signOrder, signApproval, signCancellation } from "./order.ts";
export { signGenesis, signOrderStatement } from "./practiceChain.ts";
export { signAccessStatement } from "./accessBodies.ts";
export { signAppend } from "./recordChain.ts";
export { generateKemKey, hpkeOpen, kemKeyFromSeed, type KemKey } from "./hpkeOpen.ts";
export { hpkeSeal } from "./hpke.ts";
export * from "./wrapOpen.ts";
export * from "./fileKey.ts";
export * from "./entry.ts";
export * from "./attachment.ts";
export * from "./unlock.ts";
export * from "./kit.ts";
export * from "./seed.ts";
export * from "./rendezvous.ts";
export {
  generateSlip,
  openIntroduction,
  openOffer,
  parseSlip,
  printSlip,
  sealIntroduction,
  sealOffer,
  slipMailbox,
  type InvitationOffer,
} from "./invitation.ts";
export * from "./recovery.ts";
export * from "./recoveryShare.ts";
export * from "./shareCode.ts";
export { openReleaseAnswer } from "./releaseOpen.ts";
export { lookupSiteKey, lookupToken, sealLookupCell, type LookupTerm } from "./lookup.ts";
export { openLookupCell } from "./lookupOpen.ts";
export { decodePaperCode, encodePaperCode } from "./paperCode.ts";
export { signRequest } from "./requestSign.ts";
export { signClientRelease } from "./clientRelease.ts";
export { signDocument } from "./signedDocument.ts";
