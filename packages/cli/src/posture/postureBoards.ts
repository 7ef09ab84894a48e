import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";

import { SERVICES, type ServiceName } from "@sinetti/core";
import type { Finding, PostureState } from "@sinetti/posture";

import { writeWholeFile } from "../start/wholeFile.ts";
import type { Deployment } from "./deploymentLook.ts";
import type { Look } from "./lookAt.ts";
import { boardBytes, type BoardSource } from "./postureBoard.ts";

const OWN_ALONE = 0o600;

/** Where the board of a service lies in a data folder, or the folder of state of a served part. */
export const boardFile = (folder: string, service: ServiceName): string =>
  join(folder, `posture.${service}.cbor`);

/** What the services are told of their databases, and whether one of them was asked for a look. */
export class PostureBoards {
  readonly #folder: string;
  readonly #onLog: (line: string) => void;
  readonly #looked = new Map<ServiceName, Omit<BoardSource, "state" | "deployment">>();

  constructor(folder: string, { onLog }: { onLog: (line: string) => void }) {
    this.#folder = folder;
    this.#onLog = onLog;
  }

  /** Keeps what a look gave; of a database that is no service's own nobody is told. */
  keep({ target, report, borne }: Look, findings: readonly Finding[]): void {
    const service = SERVICES.find((name) => name === target.name);
    if (service === undefined) return;
    this.#looked.set(service, { service, findings, blind: report.blind, borne });
  }

  /** That it could not be looked at, beside what was said before, which stays with its time; where nobody ever has, nothing is said. */
  miss(database: string, fault: Finding): void {
    const service = SERVICES.find((name) => name === database);
    const before = service === undefined ? undefined : this.#looked.get(service);
    if (before === undefined) return;
    const others = before.findings.filter(({ fingerprint }) => fingerprint !== fault.fingerprint);
    this.#looked.set(before.service, { ...before, findings: [fault, ...others] });
  }

  write(state: PostureState, deployment: Deployment | null): void {
    for (const [service, looked] of this.#looked)
      try {
        const bytes = boardBytes({ ...looked, state, deployment });
        writeWholeFile(boardFile(this.#folder, service), bytes, OWN_ALONE);
      } catch {
        this.#onLog(`ALARM: the service ${service} cannot be told what was found of its database`);
      }
  }

  /** Whether an administrator or a privacy officer has asked a service for a look since the last call. */
  takeAsking(): boolean {
    const asked = SERVICES.map((service) => `${boardFile(this.#folder, service)}.ask`).filter(
      (path) => existsSync(path),
    );
    for (const path of asked) rmSync(path, { force: true, recursive: true });
    return asked.length > 0;
  }
}
