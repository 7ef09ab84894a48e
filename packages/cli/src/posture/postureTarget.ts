import { SERVICES, type Hash, type ServiceName } from "@sinetti/core";
import type { PosturePolicy } from "@sinetti/posture";
import postgres from "postgres";

import { readBytes } from "../input/readBytes.ts";
import { UsageError } from "../inputError.ts";
import { databaseUrlToOptions } from "../start/databaseUrl.ts";
import { findReaders, findStores } from "../start/storeAddresses.ts";
import { Unanswered } from "../unanswered.ts";
import { readDeclaredPolicy, shippedPolicy } from "./declaredPolicy.ts";

/** A database that is looked at, and what is declared of it. */
export interface PostureTarget {
  /** `who`, `what`, `gate`, or host, port and name. */
  readonly name: string;
  readonly policy: PosturePolicy | null;
  /** The file that its practices approve; absent: nobody approves what is declared of it. */
  readonly declared?: { readonly service: ServiceName; readonly sha256: Hash };
  /** The policy with what is declared of the way on which this connection came; absent: as it stands. */
  declare?(sql: postgres.Sql): Promise<PosturePolicy>;
  connect(): postgres.Sql;
}

type Address = ReturnType<typeof databaseUrlToOptions>;
type Tls = postgres.Options<Record<string, never>>["ssl"];

const MODES = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"] as const;

const CONNECT_SECONDS = 10;

function open(address: Address, ssl: Tls): postgres.Sql {
  return postgres({
    ...address,
    ssl: ssl ?? false,
    max: 1,
    prepare: false,
    fetch_types: false,
    connect_timeout: CONNECT_SECONDS,
    // Nothing else: a pooler refuses what it does not know. What is read is read in a read-only transaction.
    connection: { application_name: "sinetti posture" },
    onnotice: () => undefined,
  });
}

/** Whoever names who signs has it checked, and so has `verify-ca` the name too. */
function tlsOf(url: URL, host: string): Tls {
  const given = url.searchParams.get("sslmode") ?? "prefer";
  const mode = MODES.find((one) => one === given);
  if (mode === undefined) throw new UsageError(`--url: sslmode is one of ${MODES.join(", ")}`);
  const root = url.searchParams.get("sslrootcert");
  if (root === null && mode === "disable") return false;
  if (root === null && !mode.startsWith("verify-"))
    return mode === "require" ? "require" : "prefer";
  // Of an address, too: the driver names none to the check, which would look for "localhost" then.
  const checked = { host, rejectUnauthorized: true };
  return root === null ? checked : { ...checked, ca: Buffer.from(readBytes(root)) };
}

/** The database that an address names; its password may come from PGPASSWORD, where no list of processes shows it. */
export function urlTarget(text: string, policy: PosturePolicy | null): PostureTarget {
  if (!URL.canParse(text) || !/^postgres(ql)?:$/.test(new URL(text).protocol))
    throw new UsageError("--url: not a postgres:// address");
  const url = new URL(text);
  const given = databaseUrlToOptions(text);
  const user = given.user === "" ? "postgres" : given.user;
  const host = given.host.replaceAll(/[[\]]/g, "");
  const address = {
    ...given,
    host,
    user,
    password: given.password === "" ? (process.env["PGPASSWORD"] ?? "") : given.password,
    database: given.database === "" ? user : given.database,
  };
  const tls = host.startsWith("/") ? false : tlsOf(url, host);
  const name = `${given.host}:${address.port}/${address.database}`;
  return { name, policy, connect: () => open(address, tls) };
}

/** A policy file. Error: InputError with every line that is wrong. */
export function readPolicyFile(path: string): PosturePolicy {
  return readDeclaredPolicy(path).policy;
}

/** The three databases of a data folder, against Sinetti's own policy and the exceptions of another one. */
export function ownTargets(data: string, added: PosturePolicy | null): PostureTarget[] {
  const readers = findReaders(data);
  return SERVICES.map((service) => {
    const { sha256, policy: own } = shippedPolicy(service);
    const policy = { ...own, exceptions: [...own.exceptions, ...(added?.exceptions ?? [])] };
    const connect = (): postgres.Sql => open(readers[service], false);
    return { name: service, policy, declared: { service, sha256 }, connect };
  });
}

/** The same three as their superuser, for whoever changes something there. */
export function storeTargets(data: string): PostureTarget[] {
  const stores = findStores(data);
  return SERVICES.map((service) => {
    const { policy } = shippedPolicy(service);
    return { name: service, policy, connect: () => open(stores[service], false) };
  });
}

/** What the driver says when nobody listens. */
const SILENT = new Set([
  "CONNECT_TIMEOUT",
  "CONNECTION_CLOSED",
  "CONNECTION_ENDED",
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENOENT",
  "ENOTFOUND",
  "ETIMEDOUT",
  "57P03",
]);
/** Wrong role, wrong password, no such database. */
const TURNED_AWAY: Readonly<Record<string, string>> = {
  "28P01": "the database refuses this role or its password",
  "28000": "the database does not let this role in from here",
  "3D000": "there is no such database",
  "42501": "this role may not connect to the database",
};

/** Works on a connection of a target, and closes it. Errors: Unanswered, UsageError. */
export async function withTarget<T>(
  target: PostureTarget,
  work: (sql: postgres.Sql) => Promise<T>,
): Promise<T> {
  const sql = target.connect();
  try {
    return await work(sql);
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
    if (SILENT.has(code))
      throw new Unanswered(`The database ${target.name} does not answer; look whether it runs`, {
        cause,
      });
    const reason = TURNED_AWAY[code];
    if (reason === undefined) throw cause;
    throw new UsageError(`${target.name}: ${reason}`, { cause });
  } finally {
    await sql.end({ timeout: 5 });
  }
}
