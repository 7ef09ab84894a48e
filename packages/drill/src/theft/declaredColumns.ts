/** What a column holds, and so what a thief may read in it. */
export type ColumnKind =
  /** Random bytes that name something. */
  | "id"
  | "hash"
  /** Nonce and ciphertext: even bytes, all of them. */
  | "sealed"
  /** Encapsulated keys and ciphertext: nearly even (ML-KEM rounds its coefficients). */
  | "wrapped"
  /** Hashes, one behind the other. */
  | "hashes"
  /** A signature and the statement that it covers: ids, hashes, numbers, words of closed lists. */
  | "signed"
  /** A folded state or an entry of the log, of the same. */
  | "state"
  /** What an authenticator publishes: its own name of a key, and the key. */
  | "passkey"
  /** A word of a closed list. */
  | "code"
  /** A place in a chain, a version, a size. */
  | "count"
  /** Number of a week. */
  | "week"
  | "flag"
  /** Unix seconds: only the gate's. */
  | "time";

type Declared = Readonly<Record<string, string>>;

/** Of both vaults: by table, each column with its kind. */
const VAULT: Declared = {
  acceptances: "practice:id hash:hash acceptance:signed",
  access_links:
    "practice:id file:id seq:count hash:hash statement:signed acceptance:hash wraps:hashes",
  attachments: "practice:id file:id attachment:id chunk:count box:sealed hash:hash",
  batch_keys:
    "practice:id batch:id subject_type:code subject:id key_version:count sealed:wrapped week:week",
  drafts: "practice:id file:id draft:id epoch:count revision:count box:sealed",
  entries: "practice:id file:id entry:id seq:count position:count box:sealed",
  files:
    "practice:id file:id compartment:code phase:code access_state:state access_seq:count access_hash:hash record_seq:count record_hash:hash record_entries:count record_seen:count record_access:count record_snapshot:count",
  holdings: "practice:id subject_type:code subject:id file:id rights:count expires:week",
  kits: "practice:id member:id blob:sealed",
  late_wraps: "practice:id statement:hash wraps:hashes",
  lookup_cells: "practice:id token:hash cell:sealed",
  practice_links: "practice:id seq:count hash:hash statement:signed acceptance:signed",
  practices: "practice:id state:state head_seq:count head_hash:hash stops_version:count",
  record_links: "practice:id file:id seq:count hash:hash statement:signed bytes:count",
  restores: "practice:id restore:id resume:signed",
  shares: "practice:id file:id epoch:count sealed:sealed",
  staged_wraps: "practice:id statement:hash wraps_hash:hash wraps:wrapped week:week",
  stops: "practice:id order_id:id signed:signed sequenced:flag",
  wraps:
    "practice:id file:id epoch:count subject_type:code subject:id key_version:count batch:id sealed:wrapped",
};

const GATE: Declared = {
  acceptances: "practice:id id:id signed:signed",
  access_links: "practice:id file:id seq:count statement:signed acceptance:id",
  blocks: "practice:id member:id idx:count file:id since:time cleared_idx:count",
  files:
    "practice:id file:id class:code case_id:id access_state:state access_seq:count epoch:count record_seq:count record_hash:hash creator_device:id created_at:time last_released_at:time canary:flag",
  holdings: "practice:id subject:id file:id rights:count expires:week class:code case_id:id",
  installation_codes: "practice:id hash:hash",
  invitations: "practice:id mailbox:id offer:sealed answer:sealed until:time",
  log: "practice:id idx:count hash:hash time:time kind:code member:id device:id nonce:id count:count entry:state",
  log_heads: "practice:id next_idx:count hash:hash time:time overlay:count",
  log_items:
    "practice:id idx:count position:count file:id epoch:count outcome:code unit:id class:code counted:flag exempt:code member:id time:time",
  opening_approvals:
    "practice:id idx:count subject:id approver:id scope:code files:id count:count used:count until:time reason:code",
  passkeys:
    "practice:id member:id credential:passkey device:id algorithm:code key:passkey added_at:time sign_count:count backup_eligible:flag",
  pending_approvals: "practice:id hash:hash approver:id signed:signed",
  pending_cancellations: "practice:id hash:hash member:id signed:signed",
  pending_orders:
    "practice:id hash:hash order_id:id signed:signed kind:code proposed_at:time due_at:time cancelled:flag",
  practice_links:
    "practice:id seq:count hash:hash statement:signed acceptance:signed accepted_at:time",
  practices: "practice:id head_seq:count head_hash:hash genesis_at:time state:state",
  restores: "practice:id restore:id at:time resume:signed",
  resumes: "practice:id order_id:id",
  shares: "practice:id file:id epoch:count sealed:sealed",
  stops: "practice:id order_id:id signed:signed arrived_at:time sequenced:flag",
  top_up_challenges: "practice:id device:id challenge:hash member:id reason:code until:time",
  top_ups: "practice:id idx:count member:id cases:count until:time request:state",
};

/** The declared kind of a column; undefined: nobody has decided what it may hold. */
export function declaredKind(
  service: "who" | "what" | "gate",
  table: string,
  column: string,
): ColumnKind | undefined {
  const columns = (service === "gate" ? GATE : VAULT)[table]?.split(" ") ?? [];
  const found = columns.find((each) => each.startsWith(`${column}:`));
  return found?.slice(column.length + 1) as ColumnKind | undefined;
}
