import { CoreError } from "./errors.ts";
import { bytesToHex, hexToBytes, isHex } from "./bytes.ts";

declare const brand: unique symbol;
/** A value of type T that was validated as B and can be made nowhere else. */
export type Brand<T, B extends string> = T & { readonly [brand]: B };

/** Bytes of every random id. */
export const ID_BYTES = 16;
/** Bytes of every hash. */
export const HASH_BYTES = 32;

/** Ids are 16 bytes, held as 32 lowercase hexadecimal digits. */
export type PracticeId = Brand<string, "practice">;
/** A person of the practice. */
export type MemberId = Brand<string, "member">;
/** One device of one member. */
export type DeviceId = Brand<string, "device">;
/** A group of members that holds keys together. */
export type TeamId = Brand<string, "team">;
/** One site of the practice. */
export type SiteId = Brand<string, "site">;
/** One sealed file. */
export type FileId = Brand<string, "file">;
/** Joins the files of one patient inside one vault, for budgets. */
export type CaseId = Brand<string, "case">;
/** One entry of a record chain. */
export type EntryId = Brand<string, "entry">;
/** One standalone order. */
export type OrderId = Brand<string, "order">;
/** One batch key. */
export type BatchId = Brand<string, "batch">;
export type HoldId = Brand<string, "hold">;
/** One draft cell. */
export type DraftId = Brand<string, "draft">;
/** One attachment. */
export type AttachmentId = Brand<string, "attachment">;
/** One run of restoring services from a backup. */
export type RestoreId = Brand<string, "restore">;
/** Any of the ids above. */
export type AnyId =
  | PracticeId
  | MemberId
  | DeviceId
  | TeamId
  | SiteId
  | FileId
  | CaseId
  | EntryId
  | OrderId
  | BatchId
  | HoldId
  | DraftId
  | AttachmentId
  | RestoreId;
/** SHA-256, 32 bytes as 64 lowercase hexadecimal digits. */
export type Hash = Brand<string, "hash">;
/** Ed25519 public key, 32 bytes (RFC 8032 §5.1.5). */
export type SignPublicKey = Brand<Uint8Array, "sign-public-key">;
/** X-Wing public key, 1216 bytes (draft-connolly-cfrg-xwing-kem §5). */
export type KemPublicKey = Brand<Uint8Array, "kem-public-key">;

/** Brands 16 bytes as an id; refuses other lengths with `malformed`. */
export function bytesToId<I extends AnyId>(bytes: Uint8Array): I {
  if (bytes.length !== ID_BYTES) throw new CoreError("malformed");
  return bytesToHex(bytes) as I;
}

/** Brands 32 hexadecimal digits as an id; refuses anything else with `malformed`. */
export function parseId<I extends AnyId>(text: string): I {
  if (text.length !== ID_BYTES * 2 || !isHex(text)) throw new CoreError("malformed");
  return text as I;
}

/** Brands 32 bytes as a hash; refuses other lengths with `malformed`. */
export function bytesToHash(bytes: Uint8Array): Hash {
  if (bytes.length !== HASH_BYTES) throw new CoreError("malformed");
  return bytesToHex(bytes) as Hash;
}

/** Brands 64 hexadecimal digits as a hash; refuses anything else with `malformed`. */
export function parseHash(text: string): Hash {
  if (text.length !== HASH_BYTES * 2 || !isHex(text)) throw new CoreError("malformed");
  return text as Hash;
}

/** The bytes of an id (16) or a hash (32). */
export function idToBytes(id: AnyId | Hash): Uint8Array {
  return hexToBytes(id);
}

/** The id of sixteen zero bytes: the practice inside a genesis statement, and the recovery subject. */
export const ZERO_ID = "0".repeat(ID_BYTES * 2);
/** The hash of thirty-two zero bytes: `prev` of the first statement of a chain. */
export const ZERO_HASH = "0".repeat(HASH_BYTES * 2) as Hash;

/** Brands 32 bytes as an Ed25519 public key; the point itself is checked when it verifies. */
export function toSignPublicKey(bytes: Uint8Array): SignPublicKey {
  if (bytes.length !== 32) throw new CoreError("malformed");
  return bytes as SignPublicKey;
}

/** Brands 1216 bytes as an X-Wing public key. */
export function toKemPublicKey(bytes: Uint8Array): KemPublicKey {
  if (bytes.length !== 1216) throw new CoreError("malformed");
  return bytes as KemPublicKey;
}
