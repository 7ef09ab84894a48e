import { ClientError, ServiceRefusal, type Client, type Endpoints } from "@sinetti/client";
import { GATE_ROUTES, practiceHead, type DeviceId, type Shaped } from "@sinetti/core";

type LogPage = Shaped<(typeof GATE_ROUTES)["logRead"]["answer"]>;
type Row = LogPage["rows"][number];

/** Where the log and the alarms stood. */
interface Mark {
  readonly index: number;
  readonly alarms: ReadonlyMap<string, number>;
  readonly colleague: number;
}

/** What the others can see of a theft while it happens or afterwards. */
export interface Seen {
  /** Lines of the gate's log by the thief's device, for the privacy officer, who asks for them. */
  readonly logLines: number;
  /** Files that these lines refuse. */
  readonly refusedInLog: number;
  /** Lines that say canary. */
  readonly canaryLines: number;
  /** Alarms that the gate counted up meanwhile. */
  readonly alarms: Readonly<Record<string, number>>;
  /** What a colleague was shown: new statements of the practice chain, and the answer to asking for the log. */
  readonly colleague: { readonly statements: number; readonly log: string };
}

const PAGE = 500;
const ALARM = /^sinetti_alarms_total\{alarm="([a-z-]+)"\} (\d+)$/gm;

async function readPracticeLog({ context }: Client, from: number, limit: number): Promise<LogPage> {
  const ask = { scope: "practice" as const, file: null, from, limit };
  return (await context.services.call("gate", GATE_ROUTES.logRead, ask)).answer;
}

/** The privacy officer and a colleague, who look on. */
export class OfficerView {
  readonly #officer: Client;
  readonly #colleague: Client;
  readonly #endpoints: Endpoints;
  #mark: Mark | null = null;

  constructor(officer: Client, colleague: Client, endpoints: Endpoints) {
    this.#officer = officer;
    this.#colleague = colleague;
    this.#endpoints = endpoints;
  }

  /** Begins to look. */
  async begin(): Promise<void> {
    const { head } = await readPracticeLog(this.#officer, 0, 1);
    this.#mark = {
      index: head === null ? 0 : head.index + 1,
      alarms: await this.#alarms(),
      colleague: await this.#colleagueHead(),
    };
  }

  /** What was to be seen of a device since `begin`. */
  async end(thief: DeviceId): Promise<Seen> {
    const mark = this.#mark;
    if (mark === null) throw new TypeError("somebody has begun to look");
    const rows: Row[] = [];
    for (let from: number | null = mark.index; from !== null;) {
      const page: LogPage = await readPracticeLog(this.#officer, from, PAGE);
      rows.push(...page.rows.filter(({ device }) => device === thief));
      from = page.next;
    }
    const indexes = (of: readonly Row[]): number => new Set(of.map(({ index }) => index)).size;
    const alarms = [...(await this.#alarms())].flatMap(([name, count]) => {
      const more = count - (mark.alarms.get(name) ?? 0);
      return more === 0 ? [] : [[name, more] as const];
    });
    return {
      logLines: indexes(rows),
      refusedInLog: rows.filter(({ outcome }) => outcome !== null && outcome !== "released").length,
      canaryLines: indexes(rows.filter(({ outcome }) => outcome === "canary")),
      alarms: Object.fromEntries(alarms),
      colleague: {
        statements: (await this.#colleagueHead()) - mark.colleague,
        log: await this.#colleagueLog(),
      },
    };
  }

  /** Whether the gate has raised an alarm since `begin`. */
  async isAlarmed(): Promise<boolean> {
    const before = this.#mark?.alarms ?? new Map<string, number>();
    return [...(await this.#alarms())].some(([name, count]) => count > (before.get(name) ?? 0));
  }

  async #colleagueHead(): Promise<number> {
    const { practice, services } = this.#colleague.context;
    await practice.sync(services);
    return practiceHead(practice.state).seq;
  }

  async #colleagueLog(): Promise<string> {
    try {
      await readPracticeLog(this.#colleague, 0, 1);
      return "read";
    } catch (error) {
      if (error instanceof ServiceRefusal) return error.problem;
      throw error;
    }
  }

  async #alarms(): Promise<Map<string, number>> {
    const { fetch } = this.#officer.context.world;
    const answer = await fetch(`${this.#endpoints.gate}/metrics`, { method: "GET" });
    if (!answer.ok) throw new ClientError("unreachable", { detail: "the gate's numbers" });
    const text = await answer.text();
    return new Map([...text.matchAll(ALARM)].map(([, name = "", count]) => [name, Number(count)]));
  }
}
