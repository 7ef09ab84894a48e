import type { Client, KnownFile } from "@sinetti/client";
import {
  accessHead,
  endWeekOf,
  epochAt,
  hashWraps,
  practiceHead,
  type Place,
  type Signed,
} from "@sinetti/core";
import {
  deriveFileKey,
  generateEntryId,
  generateHalves,
  generateSignKey,
  sealEntry,
  signAccessStatement,
  signAppend,
} from "@sinetti/core/secret";

/** The record that is lied about, whose it is, and a live member who holds nothing of it. */
export interface Forged {
  readonly file: KnownFile;
  readonly owner: Client;
  readonly stranger: Client;
}

/** An append in the owner's name after any place, by whoever has neither their key nor the record's. */
export function forgeAppend(
  { file, owner }: Pick<Forged, "file" | "owner">,
  after: Place | null = file.record.head,
): { statement: Signed; box: Uint8Array; entry: string } {
  const { access } = file;
  const { epoch } = epochAt(access);
  const base = { practice: access.practice, file: file.file, compartment: access.compartment };
  const key = deriveFileKey(generateHalves(), { ...base, epoch });
  const { header, box } = sealEntry(
    key,
    { ...base, epoch },
    { id: generateEntryId(), class: "entry", body: new TextEncoder().encode("nobody wrote this") },
  );
  const { device } = owner.context.device.owner;
  const statement = signAppend(
    { practice: access.practice, file: file.file, device, head: after },
    { seen: practiceHead(owner.practice), access: accessHead(access), epoch, entries: [header] },
    generateSignKey().secret,
  );
  return { statement, box, entry: header.id };
}

/** A grant to the stranger, or a longer one to the owner, in the owner's name. */
export function forgeAccess({ file, owner, stranger }: Forged, kind: "grant" | "renew"): Signed {
  const { access } = file;
  const { device, member } = owner.context.device.owner;
  const place = { practice: access.practice, file: file.file, device, head: accessHead(access) };
  const { secret } = generateSignKey();
  const seen = practiceHead(owner.practice);
  const week = endWeekOf(Math.floor(Date.now() / 1000)) + 50;
  if (kind === "renew") {
    const body = {
      seen,
      subject: { type: "member" as const, id: member },
      rights: 7,
      term: "standing" as const,
      expires: week + 500,
    };
    return signAccessStatement(place, { kind, body }, secret);
  }
  const grant = {
    subject: { type: "member" as const, id: stranger.member },
    keyVersion: 1,
    rights: 7,
    term: "standing" as const,
    expires: week,
    reason: "care" as const,
  };
  const body = { seen, grant, epoch: epochAt(access).epoch, wraps: hashWraps([]) };
  return signAccessStatement(place, { kind, body }, secret);
}
