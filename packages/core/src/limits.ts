/** Every limit of the formats; a decoder refuses n + 1 with `too-large` or `malformed`. */
export const LIMITS = {
  /** Nesting of CBOR arrays and maps. */
  depth: 12,
  /** Values in one message, those inside others too: a byte on the wire can be two hundred in memory. */
  items: 2 ** 19,
  /** Bytes of one signed statement, order or acceptance. */
  statementBytes: 256 * 1024,
  /** Entry headers in one append (3-record append). */
  entriesPerAppend: 256,
  /** Files in one release request, and statements in one submitted batch. */
  itemsPerBatch: 256,
  /** Grants on one file at a time: the directory is read by everybody of a large practice. */
  grantsPerFile: 400,
  /** Grants and wraps inside one statement. */
  wrapsPerStatement: 400,
  /** Members sealed to in one team statement. */
  sealsPerStatement: 400,
  /** Approvals carried by one statement. */
  approvals: 8,
  /** Bytes of one box: the largest padded body and its overhead. */
  boxBytes: 4 * 1024 * 1024,
  /** Bytes of one sealed attachment chunk. */
  chunkBytes: 256 * 1024 + 64,
  /** Chunks of one attachment (4 GiB). */
  chunksPerAttachment: 16384,
  /** Bytes of one rendezvous message. */
  rendezvousBytes: 16 * 1024,
  /** Bytes of what is sealed under a slip. */
  invitationBytes: 8 * 1024,
  /** Invitations of one practice that are open at a time. */
  invitations: 1000,
  /** Seconds for which an invitation may be open. */
  invitationSeconds: 60 * 24 * 3600,
  /** Bytes of one request or answer body. */
  messageBytes: 16 * 1024 * 1024,
  /** Bytes of a sealed cell in a stop or grant. */
  cellBytes: 4096,
  /** Files whose heads one resumption gives up. */
  lostHeads: 100_000,
  /** Characters of any code, label or short text in clear. */
  codeLength: 64,
  /** Legal holds on one file at a time. */
  holdsPerFile: 16,
  /** Edges of one round of review. */
  reviewEdges: 20_000,
  /** Length of a chain. */
  chainLength: 0xffffffff,
} as const;
