import type { MemberId, PracticeId } from "./brand.ts";
import { ensure } from "./errors.ts";
import { LABELS, labelled } from "./labels.ts";
import { decodePaperCode, encodePaperCode } from "./paperCode.ts";
import {
  type Shaped,
  decodeShape,
  encodeShape,
  fixedBytes,
  id,
  list,
  record,
  uint,
  version,
} from "./shape.ts";
import { signKeyFromSeed, type SignKey } from "./sign.ts";
import { Secret } from "./secretValue.ts";
import { boxOpen, boxSeal, hkdf, randomBytes } from "./suite.ts";

const KIT_BYTES = 16;

const kitContentShape = record({
  v: version,
  practice: id<PracticeId>(),
  member: id<MemberId>(),
  seeds: list(record({ version: uint(), seed: fixedBytes(32) }), { min: 1, max: 1000 }),
});
/** What the kit brings back: the member's key seeds. */
export type KitContent = Shaped<typeof kitContentShape>;

/** 128 random bits for paper. */
export function generateKit(): Secret<"kit"> {
  return Secret.own("kit", randomBytes(KIT_BYTES));
}

/** The kit as it is printed: 28 characters in groups of four, the last two a check. */
export function printKit(kit: Secret<"kit">): string {
  return encodePaperCode(Secret.reveal(kit));
}

/** The kit as it was typed. Error: `malformed`. */
export function parseKit(text: string): Secret<"kit"> {
  return Secret.own("kit", decodePaperCode(text, KIT_BYTES));
}

/** The Ed25519 key that may fetch the blob and sign the kit's `device.add`. */
export function kitSignKey(kit: Secret<"kit">): SignKey {
  return signKeyFromSeed(hkdf(Secret.reveal(kit), labelled(LABELS.kitSign)));
}

/** Seals the member's seeds under the kit; vault `who` keeps the blob. */
export function sealKitBlob(kit: Secret<"kit">, content: Omit<KitContent, "v">): Uint8Array {
  const key = hkdf(Secret.reveal(kit), labelled(LABELS.kitSeal));
  return boxSeal(key, labelled(LABELS.kitBlob), encodeShape(kitContentShape, { v: 1, ...content }));
}

/** Opens a kit blob for the practice and member that were asked for. Error: `open-failed`. */
export function openKitBlob(
  kit: Secret<"kit">,
  blob: Uint8Array,
  { practice, member }: { practice: PracticeId; member: MemberId },
): KitContent {
  const key = hkdf(Secret.reveal(kit), labelled(LABELS.kitSeal));
  const content = decodeShape(kitContentShape, boxOpen(key, labelled(LABELS.kitBlob), blob));
  ensure(content.practice === practice && content.member === member, "open-failed");
  return content;
}

/** The Ed25519 key of the practice's paper break-glass code. */
export function breakGlassKey(code: Secret<"kit">): SignKey {
  return signKeyFromSeed(hkdf(Secret.reveal(code), labelled(LABELS.breakGlass)));
}
