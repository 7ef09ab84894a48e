/** Bytes that can be read from any place: a file on disk, a Blob of a browser. */
export interface ByteSource {
  /** Shown in reports; a file's name. */
  readonly name: string;
  readonly sizeBytes: number;
  /** The bytes from `from` up to `to`, or to the end. */
  read(from: number, to: number): Promise<Uint8Array>;
}
