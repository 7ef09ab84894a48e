import { z } from "zod";

const name = z.string().min(1).max(63);
const names = z.array(name).max(10_000).default([]);
const text = z.string().min(1).max(2000);

const PRIVILEGES = [
  "select",
  "insert",
  "update",
  "delete",
  "truncate",
  "references",
  "trigger",
  "maintain",
] as const;
const privileges = z.array(z.enum(PRIVILEGES)).min(1);
/** `schema.relation`, or `schema.*` for every one of a schema. */
const byRelation = z.record(z.string().regex(/^[^.]+\..+$/, "schema.relation"), privileges);

/** A service runs by roles of these kinds. */
const LASTING = ["superuser", "owner", "application", "reader"];

const role = z
  .strictObject({
    kind: z.enum(["superuser", "owner", "application", "person", "group", "reader"]),
    login: z.boolean().default(false),
    /** Why its login has no day on which it ends. */
    neverEnds: text.optional(),
    attributes: z.array(z.enum(["bypassrls", "createrole", "createdb", "replication"])).default([]),
    memberOf: z
      .array(
        z.strictObject({
          role: name,
          admin: z.boolean().default(false),
        }),
      )
      .default([]),
    relations: byRelation.default({}),
    /** `schema.relation.column` */
    columns: z
      .record(z.string().regex(/^[^.]+\..+\..+$/, "schema.relation.column"), privileges)
      .default({}),
    /** `schema.name(arguments)` */
    functions: z.array(z.string().regex(/^[^.]+\..+\(.*\)$/, "schema.name(arguments)")).default([]),
  })
  .refine(({ kind, neverEnds }) => neverEnds === undefined || LASTING.includes(kind), {
    error: "the login of a person ends",
    path: ["neverEnds"],
  });

/** Without a prototype: a role may be called `constructor`, and nothing is declared of it by that. */
const byName = z
  .record(name, role)
  .transform((roles): typeof roles => Object.assign(Object.create(null) as typeof roles, roles));

const exception = z.strictObject({
  fingerprint: z.string().regex(/^[0-9a-f]{16}$/, "16 hexadecimal digits, as a finding shows them"),
  reason: text,
  until: z.iso.date(),
});

/** What is declared; a list that is left out is not compared. */
export const policySchema = z.strictObject({
  sinettiPosture: z.literal(1),
  schemas: names,
  databases: z.array(name).optional(),
  listen: z.array(z.string().max(255)).optional(),
  firewall: text.optional(),
  /** Fewest leading bits of an address range that an access line may name. */
  smallestNetwork: z
    .strictObject({ ipv4: z.int().min(0).max(32), ipv6: z.int().min(0).max(128) })
    .default({ ipv4: 24, ipv6: 64 }),
  hba: z.array(text).optional(),
  roles: byName.optional(),
  rowSecurity: z.enum(["required", "optional"]).default("optional"),
  extensions: z.array(name).optional(),
  slots: names,
  publications: names,
  subscriptions: names,
  foreignServers: names,
  archive: z.boolean().default(false),
  /** What no log of the database holds, and why. */
  unlogged: z.strictObject({ statements: text.optional(), reads: text.optional() }).default({}),
  ciphertext: z
    .array(
      z.strictObject({
        column: z.string().regex(/^[^.]+\..+\..+$/, "schema.relation.column"),
        prefix: z
          .string()
          .regex(/^([0-9a-f]{2}){1,16}$/, "bytes in hexadecimal")
          .optional(),
      }),
    )
    .default([]),
  /** Columns of text that are readable by right: `schema.relation.column`. */
  readable: z.array(z.string()).default([]),
  sampleRows: z.int().min(0).max(1_000_000).default(1000),
  exceptions: z.array(exception).default([]),
});

/** A declared policy. */
export type PosturePolicy = z.infer<typeof policySchema>;
export type DeclaredRole = z.infer<typeof role>;
