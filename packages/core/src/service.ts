export { generateSignKey, signKeyFromSeed, type SignKey } from "./sign.ts";
export { signAcceptance } from "./acceptance.ts";
export { encodeReleaseAnswer, releaseInfo, signReceipt } from "./release.ts";
export { hpkeSeal } from "./hpke.ts";
export {
  gateEncryptionKey,
  gateLookupKey,
  openShare,
  sealShare,
  type ShareContext,
} from "./gateKey.ts";
export { gateLookupToken } from "./lookup.ts";
