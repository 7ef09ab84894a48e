import { LABELS, labelled } from "./labels.ts";
import { deviceShape } from "./order.ts";
import { encodePaperCode } from "./paperCode.ts";
import { type Shaped, encodeShape, kemKey, record, signKey, version } from "./shape.ts";
import { sha256 } from "./suite.ts";

/** Three groups of four: 60 bits, for which nobody finds other keys while a slip is good. */
const WORDS_LENGTH = 14;

/** The form in which somebody new shows their public keys. */
export const introductionShape = record({
  v: version,
  device: deviceShape,
  key: kemKey,
  kit: signKey,
});
/** The public keys of somebody new: first device, member key, recovery kit. */
export type Introduction = Omit<Shaped<typeof introductionShape>, "v">;

/**
 * What two people compare before keys become a member: the first 60 bits of SHA-256 over the keys, as `7QK2-M0X4-9VDE`.
 * Whoever took somebody's slip has other keys, so other words.
 */
export function introductionWords({ device, key, kit }: Introduction): string {
  const body = encodeShape(introductionShape, { v: 1, device, key, kit });
  const hash = sha256(labelled(LABELS.invitationWords, body));
  return encodePaperCode(hash.subarray(0, 8)).slice(0, WORDS_LENGTH);
}
