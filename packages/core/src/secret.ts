export { generateSignKey, signKeyFromSeed, type SignKey } from "./sign.ts";
export { signOrder, signApproval, signCancellation } from "./order.ts";
export { signGenesis, signOrderStatement } from "./practiceChain.ts";
export { signAccessStatement } from "./accessChain.ts";
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
export * from "./recovery.ts";
export { openReleaseAnswer } from "./releaseOpen.ts";
export {
  lookupSiteKey,
  lookupToken,
  openLookupCell,
  sealLookupCell,
  type LookupTerm,
} from "./lookup.ts";
export { decodePaperCode, encodePaperCode } from "./paperCode.ts";
