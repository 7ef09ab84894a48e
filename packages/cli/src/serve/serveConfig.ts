import { isIP } from "node:net";

import { z } from "zod";

/** The parts of a practice's system, each on a host of its own. */
export const PARTS = ["who", "what", "gate", "app"] as const;
export type Part = (typeof PARTS)[number];

const LISTEN = /^(\[[0-9a-f:.]+\]|[^:\s/]+):(\d{1,5})$/;
const HOST_NAME =
  /^(?=.{1,253}$)[a-z\d_](?:[a-z\d_-]*[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]*[a-z\d])?)*$/i;
const MOST_ORIGINS = 4;
const MOST_PORT = 65_535;

/** Nothing that a network carries: this machine by its name or address, or a socket. */
export function isLocalHost(host: string): boolean {
  const name = host.replaceAll(/[[\]]/g, "");
  const isLoopback = name === "::1" || (isIP(name) === 4 && name.startsWith("127."));
  return name.startsWith("/") || name === "localhost" || isLoopback;
}

const isHost = (host: string): boolean =>
  host.startsWith("/") || isIP(host) !== 0 || HOST_NAME.test(host);

/** Paths are as seen from the folder of the file. */
const file = z.string().min(1, "the path of a file");
const origin = z
  .string()
  .refine((text) => URL.canParse(text) && new URL(text).origin === text, {
    error: "an origin and nothing after it: https://app.example.org",
  })
  .refine((text) => !URL.canParse(text) || isSafeUrl(new URL(text)), {
    error: "https, or a name of this machine",
  });

function isSafeUrl({ protocol, hostname }: URL): boolean {
  return protocol === "https:" || (protocol === "http:" && isLocalHost(hostname));
}

const listen = z
  .string()
  .regex(LISTEN, "an address and a port: 10.0.0.2:4601, [fd00::2]:4601")
  .transform((text) => {
    const [, host = "", port = ""] = LISTEN.exec(text) ?? [];
    return { host, port: Number(port) };
  })
  .refine(({ port }) => port <= MOST_PORT, { error: `a port up to ${MOST_PORT}` });

const tls = z.strictObject({ certificate: file, key: file });

const databaseTls = z
  .strictObject({ ca: file, certificate: file.optional(), key: file.optional() })
  .refine(({ certificate, key }) => (certificate === undefined) === (key === undefined), {
    error: "a client certificate and its key go together",
    path: ["certificate"],
  });

const database = z
  .strictObject({
    host: z.string().refine(isHost, { error: "a name, an address, or the folder of a socket" }),
    port: z.int().min(1).max(MOST_PORT).default(5432),
    name: z.string().regex(/^[a-z_][a-z\d_]{0,62}$/, "lower-case letters, digits and _"),
    ownerPassword: file,
    appPassword: file,
    posturePassword: file,
    sslmode: z
      .enum(["disable", "allow", "prefer", "require", "verify-ca", "verify-full"])
      .optional(),
    tls: databaseTls.optional(),
  })
  .superRefine(({ host, sslmode, tls: files }, context) => {
    const refuse = (path: string, message: string): void =>
      context.addIssue({ code: "custom", path: [path], message });
    if (sslmode !== undefined && sslmode !== "disable" && sslmode !== "verify-full")
      refuse("sslmode", `${sslmode} does not check who answers: verify-full`);
    else if (!isLocalHost(host) && sslmode !== "verify-full")
      refuse("sslmode", "a database on another host is reached by verify-full alone");
    if (sslmode === "verify-full" && files === undefined)
      refuse("tls", "verify-full needs ca, the certificate of who signs the database's");
    if (sslmode === "verify-full" && host.startsWith("/")) refuse("host", "a socket has no TLS");
  });

const service = {
  listen,
  tls: tls.optional(),
  database,
  /** What opens `/metrics`; left out, only this machine reads it. */
  metricsToken: file.optional(),
  /** By what its database is judged; the policy that comes with this program when left out. */
  posture: z.strictObject({ policy: file }).optional(),
};
const origins = z
  .array(origin)
  .min(1, "the origin of the web client, or no browser gets in")
  .max(MOST_ORIGINS);
const gateKey = z
  .string()
  .regex(/^[0-9a-f]{64}$/, "64 hexadecimal digits, as `serve init gate` says");

const shapes = {
  who: z.strictObject({
    part: z.literal("who"),
    ...service,
    origins,
    gateKey,
    keys: z.strictObject({ service: file }),
  }),
  what: z.strictObject({
    part: z.literal("what"),
    ...service,
    origins,
    gateKey,
    keys: z.strictObject({ service: file }),
  }),
  gate: z.strictObject({
    part: z.literal("gate"),
    ...service,
    origins,
    keys: z.strictObject({ service: file, encryption: file, lookup: file }),
    installationCode: file,
  }),
  app: z.strictObject({
    part: z.literal("app"),
    listen,
    tls: tls.optional(),
    origin,
    services: z.strictObject({ who: origin, what: origin, gate: origin }),
    /** A folder of `sinetti client build`; the sources as they are here when left out. */
    site: file.optional(),
  }),
} as const;

/** What a file for `sinetti serve` may hold, before its paths are resolved. */
export const serveConfigShape = z
  .discriminatedUnion("part", [shapes.who, shapes.what, shapes.gate, shapes.app])
  .superRefine(({ listen: { host }, tls: files }, context) => {
    if (files === undefined && !isLocalHost(host))
      context.addIssue({
        code: "custom",
        path: ["tls"],
        message: "beyond this machine nothing is served without TLS: certificate and key",
      });
  });

export type ServeConfig = z.infer<typeof serveConfigShape>;
export type VaultConfig = Extract<ServeConfig, { part: "who" | "what" }>;
export type GateConfig = Extract<ServeConfig, { part: "gate" }>;
export type AppConfig = Extract<ServeConfig, { part: "app" }>;
/** A part that has a database. */
export type ServiceConfig = VaultConfig | GateConfig;
export type DatabaseConfig = ServiceConfig["database"];
