import { bytesToHash, type Hash, type SignPublicKey } from "./brand.ts";
import { CoreError } from "./errors.ts";
import { LABELS } from "./labels.ts";
import { hash, record, version, type Shaped } from "./shape.ts";
import { readSigned, signShape, verifySigned, type Signed, type SignKey } from "./sign.ts";
import { sha256 } from "./suite.ts";

const signedDocumentShape = record({
  v: version,
  /** SHA-256 of the document. */
  document: hash,
});

/** What may be signed as a document; each kind has a label of its own, so that no signature passes for another. */
export type DocumentKind = "postureException" | "deploymentStatement" | "reviewPaper";

function hashDocument(document: Uint8Array): Hash {
  return bytesToHash(sha256(document));
}

/** Signs the bytes of a document as one of its kind. */
export function signDocument(kind: DocumentKind, document: Uint8Array, key: SignKey): Signed {
  const value: Shaped<typeof signedDocumentShape> = { v: 1, document: hashDocument(document) };
  return signShape(LABELS[kind], key.secret, { shape: signedDocumentShape, value });
}

/**
 * Checks that `key` signed this very document as one of its kind. Errors: `bad-signature` (another key, kind or document),
 * `malformed`, `too-large`, `not-canonical`, `unknown-version`.
 */
export function verifyDocument(
  kind: DocumentKind,
  signed: Signed,
  { document, key }: { document: Uint8Array; key: SignPublicKey },
): void {
  verifySigned(LABELS[kind], key, signed);
  const { document: named } = readSigned(signedDocumentShape, signed);
  if (named !== hashDocument(document)) throw new CoreError("bad-signature");
}
