import type { OrderKind, Role, TeamKind } from "./order.ts";

/** The compartments: what a file can hold. */
export const COMPARTMENTS = [
  "identity",
  "office",
  "schedule",
  "ledger",
  "roster",
  "directory",
  "care",
  "portal",
  "process",
  "incident",
  "review",
] as const;
/** One compartment. */
export type Compartment = (typeof COMPARTMENTS)[number];
/** The vault that keeps a compartment. */
export type VaultName = "who" | "what";

/** Rights of a grant, as bits. */
export const RIGHTS = { read: 1, write: 2, grant: 4 } as const;
/** Read, write and grant. */
export const ALL_RIGHTS = 7;
const READ_WRITE = RIGHTS.read | RIGHTS.write;

/** Everybody that a grant can name, by role of the member or kind of the team. */
export type SubjectClass = Role | `${TeamKind}-team` | "patient" | "recovery";
/** How a grant lives: by itself, or only with another person's approval at each opening. */
export type Term = "standing" | "approved";
/** The most that a subject may be granted; `deny` is the default of everything. */
export type GrantCell = "deny" | { readonly rights: number; readonly terms: readonly Term[] };
/** Whether a role may sign a grant: never, when it holds the right `grant` itself, or by its role alone. */
export type GranterCell = "deny" | "holder" | "role";

/** One row of the table of 3-protocol §3. */
export interface CompartmentAuthority {
  readonly vault: VaultName;
  /** Whether budgets count openings, and in which class. */
  readonly counted: "care" | "identity" | "not";
  readonly createdBy: Record<Role, boolean>;
  /** Whether the creator may keep a grant that the table gives to nobody else. */
  readonly creatorKeeps: boolean;
  readonly grantedTo: Record<SubjectClass, GrantCell>;
  readonly grantedBy: Record<Role, GranterCell>;
}

const both: readonly Term[] = ["standing", "approved"];
const may = (rights: number, terms: readonly Term[] = both): GrantCell => ({ rights, terms });
const recovery = may(RIGHTS.read, ["standing"]);
const nobody = {
  therapist: "deny",
  supervisor: "deny",
  office: "deny",
  privacy: "deny",
  admin: "deny",
  reviewer: "deny",
  "office-team": "deny",
  "response-team": "deny",
  "cover-team": "deny",
  patient: "deny",
  recovery,
} as const;
const noRole = {
  therapist: false,
  supervisor: false,
  office: false,
  privacy: false,
  admin: false,
  reviewer: false,
} as const;
const noGranter = {
  therapist: "deny",
  supervisor: "deny",
  office: "deny",
  privacy: "deny",
  admin: "deny",
  reviewer: "deny",
} as const;

/** Who may create, hold and grant what; a new role, compartment or kind of subject does not compile until each cell is decided. */
export const FILE_AUTHORITY: Record<Compartment, CompartmentAuthority> = {
  identity: {
    vault: "who",
    counted: "identity",
    creatorKeeps: false,
    createdBy: { ...noRole, therapist: true, office: true },
    grantedTo: {
      ...nobody,
      therapist: may(ALL_RIGHTS),
      "office-team": may(ALL_RIGHTS),
      "response-team": may(RIGHTS.read, ["approved"]),
    },
    grantedBy: { ...noGranter, therapist: "holder", office: "holder" },
  },
  office: {
    vault: "who",
    counted: "identity",
    creatorKeeps: false,
    createdBy: { ...noRole, therapist: true, office: true },
    grantedTo: { ...nobody, therapist: may(ALL_RIGHTS), "office-team": may(ALL_RIGHTS) },
    grantedBy: { ...noGranter, therapist: "holder", office: "holder" },
  },
  schedule: {
    vault: "who",
    counted: "not",
    creatorKeeps: true,
    createdBy: { ...noRole, therapist: true, office: true },
    grantedTo: { ...nobody, therapist: may(READ_WRITE), "office-team": may(ALL_RIGHTS) },
    grantedBy: { ...noGranter, therapist: "holder", office: "holder", admin: "role" },
  },
  ledger: {
    vault: "who",
    counted: "not",
    creatorKeeps: true,
    createdBy: { ...noRole, therapist: true, office: true },
    grantedTo: { ...nobody, therapist: may(READ_WRITE), "office-team": may(ALL_RIGHTS) },
    grantedBy: { ...noGranter, therapist: "holder", office: "holder" },
  },
  roster: {
    vault: "who",
    counted: "not",
    creatorKeeps: true,
    createdBy: { ...noRole, therapist: true },
    grantedTo: { ...nobody },
    grantedBy: { ...noGranter },
  },
  directory: {
    vault: "who",
    counted: "not",
    creatorKeeps: true,
    createdBy: { ...noRole, admin: true },
    grantedTo: {
      ...nobody,
      therapist: may(RIGHTS.read, ["standing"]),
      supervisor: may(RIGHTS.read, ["standing"]),
      office: may(RIGHTS.read, ["standing"]),
      privacy: may(RIGHTS.read, ["standing"]),
      admin: may(ALL_RIGHTS, ["standing"]),
    },
    grantedBy: { ...noGranter, admin: "holder" },
  },
  care: {
    vault: "what",
    counted: "care",
    creatorKeeps: false,
    createdBy: { ...noRole, therapist: true },
    grantedTo: {
      ...nobody,
      therapist: may(ALL_RIGHTS),
      supervisor: may(RIGHTS.read),
      "cover-team": may(READ_WRITE, ["approved"]),
    },
    grantedBy: { ...noGranter, therapist: "holder" },
  },
  portal: {
    vault: "what",
    counted: "care",
    creatorKeeps: false,
    createdBy: { ...noRole, therapist: true },
    grantedTo: {
      ...nobody,
      therapist: may(ALL_RIGHTS),
      patient: may(READ_WRITE, ["standing"]),
      "cover-team": may(READ_WRITE, ["approved"]),
    },
    grantedBy: { ...noGranter, therapist: "holder" },
  },
  process: {
    vault: "what",
    counted: "care",
    creatorKeeps: true,
    createdBy: { ...noRole, therapist: true },
    grantedTo: { ...nobody },
    grantedBy: { ...noGranter },
  },
  incident: {
    vault: "what",
    counted: "not",
    creatorKeeps: true,
    createdBy: { ...noRole, privacy: true },
    grantedTo: { ...nobody, "response-team": may(ALL_RIGHTS, ["standing"]) },
    grantedBy: { ...noGranter, privacy: "holder" },
  },
  review: {
    vault: "who",
    counted: "not",
    creatorKeeps: false,
    createdBy: { ...noRole, privacy: true },
    grantedTo: { ...nobody, privacy: may(ALL_RIGHTS, ["standing"]) },
    grantedBy: { ...noGranter, privacy: "holder" },
  },
};

/** Who may give an order. */
export interface OrderAuthority {
  readonly roles: Record<Role, boolean>;
  /** Whether a member may do it to themselves, their own devices, files they hold, or teams they sit in. */
  readonly self: boolean;
  readonly kit: boolean;
  readonly recovery: boolean;
  readonly code: boolean;
  /** When a second person must approve. */
  readonly secondPerson: "never" | "always" | "when-weakening" | "for-others" | "any-two";
  /** The role that the second person must hold; null: any of the staff. */
  readonly secondRole: Role | null;
  /** Hours that the gate lets a pending order wait when no second person approved; null: it waits for the person. */
  readonly waitHours: number | null;
  /** Whether the recovery key counts as the second person of a member whom the trustees brought in. */
  readonly recoverySeconds: boolean;
}

const byDevice = {
  self: false,
  kit: false,
  recovery: false,
  code: false,
  secondRole: null,
  recoverySeconds: false,
} as const;

/** Every order and who may give it (3-protocol §2 and §3). */
export const ORDER_AUTHORITY: Record<OrderKind, OrderAuthority> = {
  "member.add": {
    ...byDevice,
    roles: { ...noRole, admin: true },
    secondPerson: "always",
    waitHours: null,
    recoverySeconds: true,
  },
  "member.role": {
    ...byDevice,
    roles: { ...noRole, admin: true },
    secondPerson: "always",
    waitHours: null,
    recoverySeconds: true,
  },
  "member.rekey": {
    ...byDevice,
    roles: { ...noRole },
    self: true,
    secondPerson: "never",
    waitHours: null,
  },
  "member.end": {
    ...byDevice,
    roles: { ...noRole, privacy: true, admin: true },
    self: true,
    secondPerson: "never",
    waitHours: null,
  },
  "device.add": {
    ...byDevice,
    roles: { ...noRole, admin: true },
    self: true,
    kit: true,
    secondPerson: "for-others",
    waitHours: 24,
  },
  "device.end": {
    ...byDevice,
    roles: { ...noRole, privacy: true, admin: true },
    self: true,
    secondPerson: "never",
    waitHours: null,
  },
  "team.open": {
    ...byDevice,
    roles: { ...noRole, admin: true },
    secondPerson: "always",
    waitHours: null,
    recoverySeconds: true,
  },
  "team.add": {
    ...byDevice,
    roles: { ...noRole, admin: true },
    self: true,
    secondPerson: "always",
    waitHours: null,
    recoverySeconds: true,
  },
  "team.remove": {
    ...byDevice,
    roles: { ...noRole, privacy: true, admin: true },
    self: true,
    secondPerson: "never",
    waitHours: null,
  },
  "team.rekey": {
    ...byDevice,
    roles: { ...noRole },
    self: true,
    secondPerson: "never",
    waitHours: null,
  },
  policy: {
    ...byDevice,
    roles: { ...noRole, admin: true },
    secondPerson: "when-weakening",
    waitHours: null,
  },
  freeze: {
    ...byDevice,
    roles: { ...noRole, therapist: true, privacy: true, admin: true },
    self: true,
    code: true,
    secondPerson: "any-two",
    waitHours: null,
  },
  thaw: {
    ...byDevice,
    roles: {
      therapist: true,
      supervisor: true,
      office: true,
      privacy: true,
      admin: true,
      reviewer: false,
    },
    code: true,
    secondPerson: "always",
    waitHours: null,
    recoverySeconds: true,
  },
  resume: {
    ...byDevice,
    roles: { ...noRole, privacy: true, admin: true },
    code: true,
    secondPerson: "always",
    waitHours: null,
    recoverySeconds: true,
  },
  recover: {
    ...byDevice,
    roles: { ...noRole },
    recovery: true,
    secondPerson: "never",
    waitHours: 72,
  },
  "recovery.rotate": {
    ...byDevice,
    roles: { ...noRole },
    recovery: true,
    secondPerson: "always",
    waitHours: null,
  },
  "service.rotate": {
    ...byDevice,
    roles: { ...noRole, admin: true },
    secondPerson: "always",
    waitHours: null,
    recoverySeconds: true,
  },
  revoke: {
    ...byDevice,
    roles: { ...noRole, privacy: true, admin: true },
    self: true,
    secondPerson: "never",
    waitHours: null,
  },
  erase: {
    ...byDevice,
    roles: { ...noRole, privacy: true },
    self: true,
    secondPerson: "always",
    waitHours: null,
  },
  unhold: {
    ...byDevice,
    roles: { ...noRole, privacy: true },
    secondPerson: "always",
    waitHours: null,
  },
  "review.open": {
    ...byDevice,
    roles: { ...noRole, privacy: true },
    secondPerson: "never",
    waitHours: null,
  },
  "review.close": {
    ...byDevice,
    roles: { ...noRole, privacy: true },
    secondPerson: "never",
    waitHours: null,
  },
  "posture.policy": {
    ...byDevice,
    roles: { ...noRole, admin: true },
    secondPerson: "always",
    secondRole: "privacy",
    waitHours: null,
  },
};

/** The widest cell that any of the member's roles opens; `deny` when none does. */
export function widestCell(
  table: Record<SubjectClass, GrantCell>,
  classes: readonly SubjectClass[],
): GrantCell {
  let rights = 0;
  const terms = new Set<Term>();
  for (const name of classes) {
    const cell = table[name];
    if (cell === "deny") continue;
    rights |= cell.rights;
    for (const term of cell.terms) terms.add(term);
  }
  return rights === 0 ? "deny" : { rights, terms: [...terms] };
}
