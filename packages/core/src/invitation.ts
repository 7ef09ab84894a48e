import type { MemberId, PracticeId } from "./brand.ts";
import { introductionShape, type Introduction } from "./introduction.ts";
import { LABELS, labelled } from "./labels.ts";
import { ROLES } from "./order.ts";
import { pad, unpad } from "./padding.ts";
import { decodePaperCode, encodePaperCode } from "./paperCode.ts";
import {
  type Shaped,
  code,
  decodeShape,
  encodeShape,
  id,
  list,
  record,
  text,
  uint,
  version,
} from "./shape.ts";
import { Secret } from "./secretValue.ts";
import { boxOpen, boxSeal, hkdf, randomBytes } from "./suite.ts";

const SLIP_BYTES = 16;
const NAME_LENGTH = 200;

const offerShape = record({
  v: version,
  practice: id<PracticeId>(),
  /** Under this id the newcomer becomes a member; nobody else is sealed to it. */
  member: id<MemberId>(),
  roles: list(code(ROLES), { min: 1, max: ROLES.length }),
  practiceName: text(NAME_LENGTH),
  name: text(NAME_LENGTH),
  /** Unix seconds. */
  until: uint(),
});
/** What a slip promises: the practice, and who the newcomer will be in it. */
export type InvitationOffer = Shaped<typeof offerShape>;

const answerContextShape = record({ practice: id<PracticeId>(), member: id<MemberId>() });

/** 128 random bits for a slip of paper. */
export function generateSlip(): Secret<"slip"> {
  return Secret.own("slip", randomBytes(SLIP_BYTES));
}

/** The slip as it is printed: 28 characters in groups of four, the last two a check. */
export function printSlip(slip: Secret<"slip">): string {
  return encodePaperCode(Secret.reveal(slip));
}

/** The slip as it was typed. Error: `malformed`. */
export function parseSlip(printed: string): Secret<"slip"> {
  return Secret.own("slip", decodePaperCode(printed, SLIP_BYTES));
}

/** Where offer and answer of a slip lie: 16 bytes, which tell nothing of the slip. */
export function slipMailbox(slip: Secret<"slip">): Uint8Array {
  return hkdf(Secret.reveal(slip), labelled(LABELS.invitationMailbox), 16);
}

/** Seals the offer under the slip: who can make it has the slip, so it speaks for the practice. */
export function sealOffer(slip: Secret<"slip">, offer: Omit<InvitationOffer, "v">): Uint8Array {
  const info = labelled(LABELS.invitationOffer);
  const body = pad(encodeShape(offerShape, { v: 1, ...offer }));
  return boxSeal(hkdf(Secret.reveal(slip), info), info, body);
}

/** Opens the offer of a slip. Errors: `open-failed`, `malformed`. */
export function openOffer(slip: Secret<"slip">, sealed: Uint8Array): InvitationOffer {
  const info = labelled(LABELS.invitationOffer);
  return decodeShape(offerShape, unpad(boxOpen(hkdf(Secret.reveal(slip), info), info, sealed)));
}

/** Seals the newcomer's public keys under the slip, for this practice and member alone. */
export function sealIntroduction(
  slip: Secret<"slip">,
  to: { practice: PracticeId; member: MemberId },
  introduction: Introduction,
): Uint8Array {
  const info = answerInfo(to);
  const body = encodeShape(introductionShape, { v: 1, ...introduction });
  return boxSeal(hkdf(Secret.reveal(slip), info), info, body);
}

/** Opens what answered a slip. Errors: `open-failed` for another practice, member or slip, `malformed`. */
export function openIntroduction(
  slip: Secret<"slip">,
  to: { practice: PracticeId; member: MemberId },
  sealed: Uint8Array,
): Introduction {
  const info = answerInfo(to);
  const { device, key, kit } = decodeShape(
    introductionShape,
    boxOpen(hkdf(Secret.reveal(slip), info), info, sealed),
  );
  return { device, key, kit };
}

function answerInfo({ practice, member }: { practice: PracticeId; member: MemberId }): Uint8Array {
  return labelled(LABELS.invitationAnswer, encodeShape(answerContextShape, { practice, member }));
}
