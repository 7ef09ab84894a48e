import { dirname, join } from "node:path";

import { ensureSafeToStart } from "../posture/ensureSafeToStart.ts";
import { readDeclaredPolicy, shippedPolicy } from "../posture/declaredPolicy.ts";
import type { PostureTarget } from "../posture/postureTarget.ts";
import { EXCEPTIONS_FILE } from "../posture/signedExceptions.ts";
import { connectPart } from "./partConnection.ts";
import type { ServiceConfig } from "./serveConfig.ts";
import { ServeError } from "./serveError.ts";
import { servedPolicy } from "./servedPolicy.ts";

/** Wrong role, wrong password, no such database, no way in from here. */
const TURNED_AWAY = new Set(["28P01", "28000", "3D000", "42501"]);
/** What the driver and the system say when nobody answers. */
const SILENT = new Set([
  "CONNECT_TIMEOUT",
  "CONNECTION_CLOSED",
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENOENT",
  "ENOTFOUND",
  "ETIMEDOUT",
  "57P03",
]);
/** Node's names of a certificate that does not hold begin so. */
const UNTRUSTED =
  /^(?:ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH)/;

/** The database of a part as posture looks at it: as a role that reads no table, and by the policy that is in the file now. Error: InputError. */
export function postureTarget({ part, database, posture }: ServiceConfig): PostureTarget {
  const file = posture?.policy;
  const { sha256, policy } = file === undefined ? shippedPolicy(part) : readDeclaredPolicy(file);
  const connect = (): ReturnType<PostureTarget["connect"]> =>
    connectPart(database, "posture", { application: "sinetti posture" });
  const declare: PostureTarget["declare"] = (sql) => servedPolicy(sql, { database, policy });
  return { name: part, policy, declared: { service: part, sha256 }, declare, connect };
}

/** Where the exceptions that were signed for a part's database are: beside its configuration. */
export function exceptionsFile(configFile: string): string {
  return join(dirname(configFile), EXCEPTIONS_FILE);
}

function reasonOf(error: unknown): ServeError | null {
  const found = [error, error instanceof Error ? error.cause : undefined];
  const codes = found.flatMap((each) =>
    each instanceof Error && "code" in each ? [String(each.code)] : [],
  );
  if (codes.some((code) => UNTRUSTED.test(code)))
    return new ServeError("database-untrusted", [], { cause: error });
  if (codes.some((code) => TURNED_AWAY.has(code)))
    return new ServeError("database-refuses", [], { cause: error });
  if (codes.some((code) => SILENT.has(code)))
    return new ServeError("database-unreachable", [], { cause: error });
  return null;
}

/** Works on a part's database, and says in the words of an operator why it was not let in. Errors: ServeError, those of `work`. */
export async function withServeErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw reasonOf(error) ?? error;
  }
}

/** Refuses a database with a critical fault that nobody has signed for. Errors: StartError `database-unsafe`, ServeError, ClientError `unreachable`. */
export function ensureServiceSafe(
  target: PostureTarget,
  options: { configFile: string; onLog: (line: string) => void },
): Promise<unknown> {
  return withServeErrors(() =>
    ensureSafeToStart({
      targets: [target],
      exceptionsFile: exceptionsFile(options.configFile),
      now: new Date(),
      onLog: options.onLog,
    }),
  );
}
