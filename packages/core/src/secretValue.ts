/** What a secret is for; one key, one purpose. */
export type SecretPurpose =
  | "sign"
  | "kem-seed"
  | "file-key"
  | "member-half"
  | "gate-half"
  | "batch-key"
  | "entry-key"
  | "attachment-key"
  | "device-master"
  | "local-key"
  | "kit"
  | "slip"
  | "recovery"
  | "gate-encryption-key"
  | "lookup-site"
  | "lookup-gate"
  | "import-key";

const PRINTED = "<secret>";

/** Secret bytes that cannot be printed, serialised or passed as bytes by mistake. */
export class Secret<P extends SecretPurpose> {
  readonly #bytes: Uint8Array;
  readonly purpose: P;
  private constructor(purpose: P, bytes: Uint8Array) {
    this.purpose = purpose;
    this.#bytes = bytes;
  }
  /** Takes ownership of `bytes`: the caller must not use them again. */
  static own<P extends SecretPurpose>(purpose: P, bytes: Uint8Array): Secret<P> {
    return new Secret(purpose, bytes);
  }
  /** The bytes, for the modules of core that compute with them; never exported from the package. */
  static reveal<P extends SecretPurpose>(secret: Secret<P>): Uint8Array {
    return secret.#bytes;
  }
  /** Overwrites the bytes; the secret is useless afterwards. */
  wipe(): void {
    this.#bytes.fill(0);
  }
  toString(): string {
    return PRINTED;
  }
  toJSON(): string {
    return PRINTED;
  }
  get [Symbol.toStringTag](): string {
    return PRINTED;
  }
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return PRINTED;
  }
}
