import type { BreakGlassRole } from "../breakGlass/breakGlass.ts";

/** Who is not a role: `PUBLIC`. */
export type Grantee = string | null;

export interface Grant {
  readonly grantee: Grantee;
  readonly grantor: string;
  readonly privilege: string;
  readonly grantable: boolean;
}

export interface Server {
  readonly versionNumber: number;
  readonly version: string;
  readonly database: string;
  /** The role that looks. */
  readonly role: string;
}

export interface Setting {
  readonly name: string;
  readonly setting: string;
  readonly source: string;
  readonly pendingRestart: boolean;
}

export interface HbaLine {
  readonly file: string | null;
  readonly line: number;
  readonly type: string;
  readonly databases: readonly string[];
  readonly roles: readonly string[];
  readonly address: string | null;
  readonly netmask: string | null;
  readonly method: string;
  readonly options: readonly string[];
  readonly error: string | null;
}

export interface IdentLine {
  readonly file: string | null;
  readonly line: number;
  readonly map: string;
  readonly system: string;
  readonly role: string;
}

export interface Role {
  readonly name: string;
  /** The role that initdb made. */
  readonly isBootstrap: boolean;
  /** Comes with PostgreSQL: `pg_…`. */
  readonly isPredefined: boolean;
  readonly superuser: boolean;
  readonly login: boolean;
  readonly inherit: boolean;
  readonly bypassRls: boolean;
  readonly createRole: boolean;
  readonly createDatabase: boolean;
  readonly replication: boolean;
  /** Milliseconds since 1970; null: for ever. */
  readonly validUntil: number | null;
  /** -1: no limit. */
  readonly connectionLimit: number;
}

export interface Membership {
  readonly member: string;
  readonly role: string;
  readonly grantor: string;
  readonly admin: boolean;
  readonly inherit: boolean;
  readonly set: boolean;
}

export type PasswordMethod = "none" | "md5" | "scram-sha-256" | "other";

export interface RoleSetting {
  readonly role: string | null;
  readonly database: string | null;
  readonly name: string;
  readonly value: string;
}

export interface Database {
  readonly name: string;
  readonly owner: string;
  readonly allowsConnections: boolean;
  readonly isTemplate: boolean;
  readonly grants: readonly Grant[];
}

export interface Schema {
  readonly name: string;
  readonly owner: string;
  readonly grants: readonly Grant[];
}

export interface Relation {
  readonly schema: string;
  readonly name: string;
  /** `r` table, `p` partitioned, `v` view, `m` materialized view, `f` foreign table, `S` sequence. */
  readonly kind: string;
  readonly owner: string;
  readonly rowSecurity: boolean;
  readonly forced: boolean;
  readonly securityInvoker: boolean;
  /** Owned by an extension. */
  readonly extension: string | null;
  /** `schema.name` of what it is a partition or child of. */
  readonly parents: readonly string[];
  readonly rows: number;
  readonly grants: readonly Grant[];
}

export interface Column {
  readonly schema: string;
  readonly relation: string;
  readonly name: string;
  readonly type: string;
  readonly grants: readonly Grant[];
}

export interface Routine {
  readonly schema: string;
  readonly name: string;
  /** `integer, text`: what tells it from others of its name. */
  readonly parameters: string;
  readonly kind: string;
  readonly owner: string;
  readonly language: string;
  readonly definer: boolean;
  readonly leakproof: boolean;
  readonly searchPath: string | null;
  readonly extension: string | null;
  readonly grants: readonly Grant[];
}

export interface DefaultGrant extends Grant {
  readonly owner: string;
  /** Null: in every schema. */
  readonly schema: string | null;
  /** `r` tables, `S` sequences, `f` functions, `T` types, `n` schemas, `L` large objects. */
  readonly kind: string;
}

export interface Policy {
  readonly schema: string;
  readonly relation: string;
  readonly name: string;
  /** `r` select, `a` insert, `w` update, `d` delete, `*` all. */
  readonly command: string;
  readonly permissive: boolean;
  readonly roles: readonly Grantee[];
  readonly using: string | null;
  readonly check: string | null;
}

export interface ViewSource {
  readonly view: string;
  readonly source: string;
}

/** A grant on something that comes with PostgreSQL, and did not come with it. */
export interface CatalogueGrant extends Grant {
  readonly kind: "relation" | "column" | "function";
  readonly schema: string;
  readonly name: string;
  /** Of a function its parameters, of a column its name. */
  readonly part: string | null;
}

/** Large objects of one owner, which stand in no table. */
export interface LargeObjects {
  readonly owner: string;
  readonly count: number;
  /** How many of them PUBLIC was given. */
  readonly open: number;
}

/** A place on the server's disks. */
export interface Tablespace {
  readonly name: string;
  readonly owner: string;
  readonly grants: readonly Grant[];
}

export interface EventTrigger {
  readonly name: string;
  readonly event: string;
  readonly disabled: boolean;
  readonly extension: string | null;
  /** Whose function it runs. */
  readonly codeOwner: string;
}

export interface Hook {
  readonly kind: "trigger" | "rule";
  readonly schema: string;
  readonly relation: string;
  readonly name: string;
  readonly disabled: boolean;
  /** Whose function a trigger runs; null: a rule, or one that an extension brought. */
  readonly codeOwner: string | null;
  /** `schema.name(parameters)` of it. */
  readonly code: string | null;
}

export interface Extension {
  readonly name: string;
  readonly version: string;
  readonly schema: string;
}

export interface ForeignServer {
  readonly name: string;
  readonly wrapper: string;
  readonly mappings: readonly { readonly role: Grantee; readonly storesPassword: boolean }[];
}

export interface Slot {
  readonly name: string;
  readonly plugin: string | null;
  readonly kind: string;
  readonly active: boolean;
  readonly temporary: boolean;
}

export interface Publication {
  readonly name: string;
  readonly allTables: boolean;
  readonly tables: number;
}

export interface Session {
  readonly pid: number;
  readonly role: string | null;
  readonly database: string | null;
  readonly application: string;
  readonly address: string | null;
  readonly backend: string;
  readonly ssl: boolean | null;
  /** The work that takes data out; null: none. */
  readonly copies: "walsender" | "dump" | "copy" | null;
}

/** What was counted in a sample of a column; never what stands in it. */
export interface ColumnSample {
  readonly schema: string;
  readonly relation: string;
  readonly column: string;
  readonly sampled: number;
  /** Values that read as text, or repeat too few bytes to be ciphertext. */
  readonly plain: number;
  /** Values that do not begin with the bytes that were declared. */
  readonly unmarked: number;
}

export type Part =
  | "settings"
  | "files"
  | "hba"
  | "ident"
  | "passwords"
  | "sessions"
  | "mappings"
  | "samples";

/** What the role that looks may not see; a check that needs it says nothing, and nothing counts as mended. */
export interface Unseen {
  readonly part: Part;
  readonly object: string;
  readonly allow: string;
}

/** What one database and its server say of themselves. */
export interface Snapshot {
  readonly server: Server;
  readonly settings: ReadonlyMap<string, Setting>;
  readonly fileErrors: readonly { readonly file: string; readonly line: number }[];
  readonly hba: readonly HbaLine[];
  readonly hbaIsNewer: boolean;
  readonly ident: readonly IdentLine[];
  readonly roles: readonly Role[];
  readonly memberships: readonly Membership[];
  readonly passwords: ReadonlyMap<string, PasswordMethod>;
  readonly roleSettings: readonly RoleSetting[];
  readonly breakGlass: readonly BreakGlassRole[];
  readonly parameters: readonly (Grant & { readonly parameter: string })[];
  readonly databases: readonly Database[];
  readonly schemas: readonly Schema[];
  readonly relations: readonly Relation[];
  readonly columns: readonly Column[];
  readonly routines: readonly Routine[];
  readonly defaults: readonly DefaultGrant[];
  readonly catalogueGrants: readonly CatalogueGrant[];
  readonly tablespaces: readonly Tablespace[];
  readonly largeObjects: readonly LargeObjects[];
  readonly policies: readonly Policy[];
  readonly viewSources: readonly ViewSource[];
  readonly hooks: readonly Hook[];
  readonly eventTriggers: readonly EventTrigger[];
  readonly languages: readonly string[];
  readonly extensions: readonly Extension[];
  readonly available: readonly string[];
  readonly foreignServers: readonly ForeignServer[];
  readonly slots: readonly Slot[];
  readonly publications: readonly Publication[];
  readonly subscriptions: readonly string[];
  readonly sessions: readonly Session[];
  readonly samples: readonly ColumnSample[];
  readonly unseen: readonly Unseen[];
}
