import { CHAIN_ROUTES, SERVICES, type ServiceName, type Shaped } from "@sinetti/core";
import type { Client } from "../client.ts";
import { ClientError, ServiceRefusal } from "../errors.ts";

export type PostureAnswer = Shaped<(typeof CHAIN_ROUTES)["postureRead"]["answer"]>;

/** What everybody of the staff is told of a database. */
export interface BorneFaults {
  readonly database: ServiceName;
  /** The last day of each exception under which a critical fault is borne. */
  readonly until: readonly string[];
  /** Critical faults that nobody bears; null: not for this role. */
  readonly open: number | null;
}

const isSilent = (error: unknown): boolean =>
  error instanceof ClientError && (error.code === "unreachable" || error.code === "restored");
/** A service of before this route. */
const isUntold = (error: unknown): boolean =>
  error instanceof ServiceRefusal && error.problem === "unknown-route";

/** Asks one service, with all findings or in short; what gives no answer is told apart. ServiceRefusal `not-authorised`. */
export async function askPosture(
  { context: { services } }: Client,
  database: ServiceName,
  findings: boolean,
): Promise<PostureAnswer | "silent" | "untold"> {
  try {
    return (await services.call(database, CHAIN_ROUTES.postureRead, { findings })).answer;
  } catch (error) {
    if (isSilent(error)) return "silent";
    if (isUntold(error)) return "untold";
    throw error;
  }
}

/** What everybody is told: which databases have a critical fault that is borne, and until when. One request to each service; who is silent says nothing. */
export async function readBorneFaults(client: Client): Promise<BorneFaults[]> {
  return Promise.all(
    SERVICES.map(async (database): Promise<BorneFaults> => {
      const answer = await askPosture(client, database, false);
      if (typeof answer === "string") return { database, until: [], open: null };
      return { database, until: [...new Set(answer.borne)], open: answer.open };
    }),
  );
}

/** Has the databases looked at now; gives how many services passed it on. The look comes within seconds. */
export async function askForLook({ context: { services } }: Client): Promise<number> {
  const asked = await Promise.allSettled(
    SERVICES.map((database) => services.call(database, CHAIN_ROUTES.postureLook, {})),
  );
  const refused = asked.flatMap((one): unknown[] =>
    one.status === "rejected" ? [one.reason] : [],
  );
  const isPassedOver = (error: unknown): boolean =>
    isSilent(error) ||
    isUntold(error) ||
    (error instanceof ServiceRefusal && error.problem === "not-found");
  const wrong = refused.find((error) => !isPassedOver(error));
  if (wrong !== undefined) throw wrong;
  return asked.length - refused.length;
}
