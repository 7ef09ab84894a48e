/** What a practice, whose records lie in a database, said by which policy it is judged. */
export interface PracticeWord {
  readonly practice: string;
  /** SHA-256 of the policy that it approved; null: it approved none. */
  readonly approved: string | null;
  /** Whether it was founded so lately that nothing is late. */
  readonly isNew: boolean;
  /** Whether its signed statements were verified from the first one on. */
  readonly isVerified: boolean;
}

/** The policy file that a database is judged by, and what the practices in it approved. */
export interface PolicyInUse {
  /** SHA-256 of the file's bytes. */
  readonly sha256: string;
  /** Null: what they approved cannot be read. */
  readonly words: readonly PracticeWord[] | null;
}
