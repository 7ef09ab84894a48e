import { SEVERITIES, type CopyEvent, type PostureState } from "@sinetti/posture";

import { entriesOf } from "./postureSummary.ts";

const STATES = ["open", "excepted", "regressed"] as const;
const HEADS = {
  sinetti_posture_findings: [
    "gauge",
    "Findings that are not mended, by database, severity and state.",
  ],
  sinetti_posture_looked_seconds: ["gauge", "When a database was last looked at, Unix time."],
  sinetti_posture_failed_looks_total: ["counter", "Looks that a database did not answer."],
  sinetti_posture_copies_total: [
    "counter",
    "Copies out of a database that began: COPY, dumps, walsenders.",
  ],
  sinetti_posture_copies_running: ["gauge", "Copies that run now."],
  sinetti_posture_break_glass_total: ["counter", "Temporary accesses to a database that began."],
  sinetti_posture_break_glass: [
    "gauge",
    "Temporary accesses that let somebody in: within their hours, or over.",
  ],
} as const;
type Metric = keyof typeof HEADS;

const KINDS: readonly CopyEvent["kind"][] = ["copy", "dump", "walsender"];

/** What the looks and the watch have counted, in Prometheus' text format. No name of a role or table is in it. */
export class PostureMetrics {
  readonly #databases: readonly string[];
  readonly #failed = new Map<string, number>();
  readonly #begun = new Map<string, number>();
  readonly #running = new Map<string, number>();
  readonly #opened = new Map<string, number>();
  readonly #temporary = new Map<string, readonly string[]>();

  constructor(databases: readonly string[]) {
    this.#databases = databases;
  }

  countFailure(database: string): void {
    this.#failed.set(database, (this.#failed.get(database) ?? 0) + 1);
  }

  countCopy(database: string, { event, kind }: Pick<CopyEvent, "event" | "kind">): void {
    const key = `${database} ${kind}`;
    const running = this.#running.get(key) ?? 0;
    this.#running.set(key, event === "begun" ? running + 1 : Math.max(0, running - 1));
    if (event === "begun") this.#begun.set(key, (this.#begun.get(key) ?? 0) + 1);
  }

  countBreakGlass(database: string): void {
    this.#opened.set(database, (this.#opened.get(database) ?? 0) + 1);
  }

  setBreakGlass(database: string, states: readonly string[]): void {
    this.#temporary.set(database, states);
  }

  text(state: PostureState): string {
    const lines: string[] = [];
    const write = (metric: Metric, rows: readonly (readonly [labels: string, value: number])[]) => {
      const [type, help] = HEADS[metric];
      lines.push(`# HELP ${metric} ${help}`, `# TYPE ${metric} ${type}`);
      for (const [labels, value] of rows) lines.push(`${metric}{${labels}} ${value}`);
    };
    const entries = entriesOf(state);
    const databases = [...new Set([...this.#databases, ...Object.keys(state.looked)])];
    const perDatabase = databases.flatMap((database) =>
      SEVERITIES.flatMap((severity) =>
        STATES.map((word): [string, number] => [
          `database="${database}",severity="${severity}",state="${word}"`,
          entries.filter(
            (one) => one.database === database && one.severity === severity && one.state === word,
          ).length,
        ]),
      ),
    );
    write("sinetti_posture_findings", perDatabase);
    write(
      "sinetti_posture_looked_seconds",
      databases.flatMap((database): [string, number][] => {
        const at = state.looked[database];
        return at === undefined ? [] : [[`database="${database}"`, Date.parse(at) / 1000]];
      }),
    );
    write(
      "sinetti_posture_failed_looks_total",
      this.#databases.map((name) => [`database="${name}"`, this.#failed.get(name) ?? 0]),
    );
    const byKind = (counts: ReadonlyMap<string, number>): [string, number][] =>
      this.#databases.flatMap((database) =>
        KINDS.map((kind): [string, number] => [
          `database="${database}",kind="${kind}"`,
          counts.get(`${database} ${kind}`) ?? 0,
        ]),
      );
    write("sinetti_posture_copies_total", byKind(this.#begun));
    write("sinetti_posture_copies_running", byKind(this.#running));
    write(
      "sinetti_posture_break_glass_total",
      this.#databases.map((name) => [`database="${name}"`, this.#opened.get(name) ?? 0]),
    );
    write(
      "sinetti_posture_break_glass",
      this.#databases.flatMap((name) =>
        (["open", "over"] as const).map((word): [string, number] => [
          `database="${name}",state="${word}"`,
          (this.#temporary.get(name) ?? []).filter((one) => one === word).length,
        ]),
      ),
    );
    return `${lines.join("\n")}\n`;
  }
}
