import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import {
  CopyWatch,
  SessionsUnseenError,
  advanceState,
  emptyState,
  isAtLeast,
  type CopyEvent,
  type PostureState,
} from "@sinetti/posture";

import { writeMetricsFile } from "../metrics/metricsFile.ts";
import { writeSecretFile } from "../start/secretFile.ts";
import { BreakGlassAlarm } from "./breakGlassAlarm.ts";
import { lookAtHosts, type Deployment } from "./deploymentLook.ts";
import { inTime } from "./inTime.ts";
import { lookAt } from "./lookAt.ts";
import { LookTurns } from "./lookTurns.ts";
import { PostureBoards } from "./postureBoards.ts";
import { PostureMetrics } from "./postureMetrics.ts";
import { METRICS_FILE, STATE_FILE } from "./postureSummary.ts";
import { withTarget, type PostureTarget } from "./postureTarget.ts";
import { plain } from "./postureText.ts";
import { readExceptions } from "./signedExceptions.ts";
import { readStateFile, writeStateFile } from "./stateFile.ts";
import { unlookedFault, stateUnlooked } from "./unlookedFault.ts";
import { unseenFaults } from "./unseenFaults.ts";

const HOUR_MS = 3_600_000;
const WATCH_MS = 5_000;
/** Of three questions, or of ending somebody's sessions. */
const WATCH_MOST_MS = 60_000;
/** A look that is under way is let come to its end. */
const STOP_GRACE_MS = 2_000;

export interface RoundsOptions {
  readonly targets: readonly PostureTarget[];
  readonly exceptionsFile: string;
  /** Keeps what became of each finding, and the numbers; undefined: both end with this process. */
  readonly folder: string | undefined;
  /** Where services read what was found of their databases, and ask for a look; undefined: none is told. */
  readonly boards?: string | undefined;
  /** Where a collector takes the numbers up, beside the folder; of SINETTI_METRICS_FILE. */
  readonly metricsFile?: string | undefined;
  /** The same databases as their superuser, who ends what was opened for a time; left out where somebody else does. */
  readonly keepers?: readonly PostureTarget[];
  readonly onLog: (line: string) => void;
  readonly now?: () => Date;
  readonly everyMs?: number;
  readonly watchMs?: number;
  /** Longest that a look may take. */
  readonly lookMs?: number;
}

/** Looks at each database every hour, and every five seconds at who copies data out of it, for as long as services run. */
export class PostureRounds {
  readonly #options: RoundsOptions;
  readonly #metrics: PostureMetrics;
  readonly #over = new AbortController();
  /** Ends what still hangs when everything else has stopped. */
  readonly #givenUp = new AbortController();
  readonly #working: Promise<unknown>[];
  readonly #boards: PostureBoards | null;
  readonly #turns = new LookTurns();
  #deployment: Deployment | null = null;
  #state: PostureState;

  constructor(options: RoundsOptions) {
    this.#options = options;
    this.#metrics = new PostureMetrics(options.targets.map(({ name }) => name));
    const { boards, onLog } = options;
    this.#boards = boards === undefined ? null : new PostureBoards(boards, { onLog });
    this.#state = this.#readState();
    this.#working = [this.#goRound(), ...options.targets.map((target) => this.#watch(target))];
  }

  get state(): PostureState {
    return this.#state;
  }

  /** In Prometheus' text format. */
  metrics(): string {
    return this.#metrics.text(this.#state);
  }

  async stop(): Promise<void> {
    this.#over.abort();
    const grace = setTimeout(() => this.#givenUp.abort(), STOP_GRACE_MS);
    await Promise.all(this.#working);
    await this.#turns.rest();
    clearTimeout(grace);
  }

  #readState(): PostureState {
    const { folder, onLog } = this.#options;
    if (folder === undefined) return emptyState;
    mkdirSync(folder, { recursive: true });
    try {
      return readStateFile(join(folder, STATE_FILE));
    } catch {
      // What was found before is lost; what is there now is found again.
      onLog(`ALARM: ${STATE_FILE} is damaged; the history of findings begins anew`);
      return emptyState;
    }
  }

  #now(): Date {
    return this.#options.now?.() ?? new Date();
  }

  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#over.signal }).catch(() => undefined);
  }

  async #goRound(): Promise<void> {
    while (!this.#over.signal.aborted) {
      for (const target of this.#options.targets) await this.#lookInTurn(target);
      this.#lookAtHosts();
      this.#write();
      await this.#pauseUntilAsked(this.#options.everyMs ?? HOUR_MS);
    }
  }

  async #pauseUntilAsked(ms: number): Promise<void> {
    const step = this.#options.watchMs ?? WATCH_MS;
    for (let left = ms; left > 0 && !this.#over.signal.aborted; left -= step) {
      await this.#pause(Math.min(left, step));
      if (this.#boards?.takeAsking() === true) return;
    }
  }

  #lookInTurn(target: PostureTarget): Promise<void> {
    return this.#turns.take(target.name, async () => {
      if (this.#over.signal.aborted) return;
      await this.#look(target);
      this.#write();
    });
  }

  async #look(target: PostureTarget): Promise<void> {
    const { exceptionsFile, lookMs: mostMs } = this.#options;
    const { signal } = this.#givenUp;
    try {
      const exceptions = readExceptions(exceptionsFile);
      const now = this.#now();
      const look = await lookAt(target, { exceptions, now, mostMs, signal });
      const { blind } = look.report;
      const findings = [...unseenFaults(look), ...look.report.findings];
      this.#take({ database: target.name, now, findings, blind });
      this.#boards?.keep(look, findings);
    } catch (error) {
      if (!signal.aborted) this.#miss(target.name, error);
    }
  }

  #miss(database: string, error: unknown): void {
    this.#metrics.countFailure(database);
    this.#state = stateUnlooked(this.#state, { database, now: this.#now() });
    this.#boards?.miss(database, unlookedFault(database));
    const why = error instanceof Error ? error.message : "unknown";
    this.#options.onLog(`ALARM: ${database} could not be looked at: ${why}`);
  }

  /** What the hosts of a plan say, where there is one. */
  #lookAtHosts(): void {
    const { folder, onLog } = this.#options;
    if (folder === undefined) return;
    const now = this.#now();
    try {
      this.#deployment = lookAtHosts({ folder, now });
      const findings = this.#deployment?.findings;
      if (findings !== undefined)
        this.#take({ database: "deployment", findings, blind: new Set(), now });
    } catch (error) {
      const why = error instanceof Error ? error.message : "unknown";
      onLog(`ALARM: the plan of the deployment or a statement cannot be read: ${why}`);
    }
  }

  #take(seen: Parameters<typeof advanceState>[1]): void {
    const before = this.#state.databases[seen.database] ?? {};
    this.#state = advanceState(this.#state, seen);
    for (const { fingerprint, severity, id, object, mend } of seen.findings) {
      const state = this.#state.databases[seen.database]?.[fingerprint]?.state;
      if (state === "excepted" || !isAtLeast(severity, "high")) continue;
      const isNew = before[fingerprint]?.state !== state;
      // A critical one is said at every look, until it is mended or two have signed for it.
      if (!isNew && severity !== "critical") continue;
      this.#options.onLog(
        `ALARM: ${severity}, ${state ?? "open"}: ${seen.database} ${id} ${plain(object)}. Mend: ${plain(mend)}`,
      );
    }
  }

  async #watch(target: PostureTarget): Promise<void> {
    let isDown = false;
    const alarm = this.#breakGlassAlarm(target);
    while (!this.#over.signal.aborted) {
      try {
        await withTarget(target, async (sql) => {
          const watch = new CopyWatch(sql);
          while (!this.#over.signal.aborted) {
            const onLate = (): void => void sql.end({ timeout: 0 });
            const limit = { mostMs: WATCH_MOST_MS, signal: this.#givenUp.signal, onLate };
            const events = await inTime(watch.look(), target.name, limit);
            for (const event of events) this.#tell(target.name, event);
            // Not waited for: a look may take longer than a copy.
            if (await inTime(alarm.look(sql), target.name, limit)) void this.#lookInTurn(target);
            isDown = false;
            await this.#pause(this.#options.watchMs ?? WATCH_MS);
          }
        });
      } catch (error) {
        const why = error instanceof SessionsUnseenError ? error.message : "no answer";
        if (!isDown && !this.#over.signal.aborted)
          this.#options.onLog(`ALARM: who copies data out of ${target.name} is not seen: ${why}`);
        isDown = true;
        await this.#pause(this.#options.watchMs ?? WATCH_MS);
      }
    }
  }

  #breakGlassAlarm({ name: database }: PostureTarget): BreakGlassAlarm {
    const { keepers, onLog } = this.#options;
    const now = (): Date => this.#now();
    const keeper = keepers?.find(({ name }) => name === database);
    return new BreakGlassAlarm({ database, keeper, metrics: this.#metrics, onLog, now });
  }

  #tell(database: string, event: CopyEvent): void {
    this.#metrics.countCopy(database, event);
    const end = event.event === "begun" ? `; end it: ${event.mend}` : "";
    const head = event.event === "begun" ? "ALARM: data is copied out of" : "ended: a copy out of";
    this.#options.onLog(
      `${head} ${database}: ${plain(event.object)} from ${event.address ?? "this machine"}${end}`,
    );
    this.#write();
  }

  #write(): void {
    const { folder, metricsFile, onLog } = this.#options;
    this.#boards?.write(this.#state, this.#deployment);
    try {
      if (metricsFile !== undefined) writeMetricsFile(metricsFile, this.metrics());
    } catch {
      onLog(`ALARM: ${metricsFile ?? ""} cannot be written`);
    }
    if (folder === undefined) return;
    try {
      writeStateFile(join(folder, STATE_FILE), this.#state);
      writeSecretFile(join(folder, METRICS_FILE), this.metrics().trimEnd());
    } catch {
      onLog(`ALARM: ${STATE_FILE} cannot be written`);
    }
  }
}
