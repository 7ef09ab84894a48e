import { serviceKeyId, type PracticeId, type Secret, type SignPublicKey } from "@sinetti/core";
import type { SignKey } from "@sinetti/core/service";

import { GateClock, type Clock } from "./clock.ts";
import type { InstallationCode } from "./installationCode.ts";
import type { Log } from "./log.ts";
import { Metrics } from "./metrics.ts";
import { headSeq, type PracticeView } from "./practiceView.ts";
import { RateLimit } from "./rateLimit.ts";
import { RendezvousBoxes } from "./rendezvousBoxes.ts";
import type { Sql } from "./store/database.ts";

/** The three secrets of the gate. */
export interface GateKeys {
  readonly service: SignKey;
  readonly encryption: Secret<"gate-encryption-key">;
  readonly lookup: Secret<"lookup-gate">;
}

/** Everything from outside. */
export interface GateDeps {
  readonly sql: Sql;
  readonly keys: GateKeys;
  readonly clock: Clock;
  /** Origins of the web clients, exactly. */
  readonly origins: readonly string[];
  readonly log: Log;
  readonly installationCode: InstallationCode;
}

const CACHED_PRACTICES = 500;

/** The newest view of each practice that this process has seen; every transaction asks the database whether it still is. */
class ViewCache {
  readonly #views = new Map<PracticeId, PracticeView>();

  get(practice: PracticeId): PracticeView | undefined {
    return this.#views.get(practice);
  }

  keep(view: PracticeView): void {
    const before = this.#views.get(view.practice);
    if (before && (headSeq(before) > headSeq(view) || before.overlay > view.overlay)) return;
    this.#views.delete(view.practice);
    this.#views.set(view.practice, view);
    const [oldest] = this.#views.keys();
    if (this.#views.size > CACHED_PRACTICES && oldest !== undefined) this.#views.delete(oldest);
  }
}

/** What lives as long as the process. */
export interface Gate {
  readonly sql: Sql;
  readonly keys: GateKeys;
  readonly publicKey: SignPublicKey;
  readonly keyId: string;
  readonly clock: GateClock;
  readonly log: Log;
  readonly installationCode: InstallationCode;
  readonly views: ViewCache;
  readonly metrics: Metrics;
  readonly byAddress: RateLimit;
  readonly byDevice: RateLimit;
  readonly rendezvousByAddress: RateLimit;
  readonly boxes: RendezvousBoxes;
}

/** Puts the parts together. */
export function assembleGate(deps: GateDeps): Gate {
  const { sql, keys, log, installationCode } = deps;
  const monotonic = (): number => deps.clock.monotonic();
  const { publicKey } = keys.service;
  return {
    sql,
    keys,
    publicKey,
    keyId: serviceKeyId(publicKey),
    clock: new GateClock(deps.clock),
    log,
    installationCode,
    views: new ViewCache(),
    metrics: new Metrics(),
    // An office shares one address.
    byAddress: new RateLimit({ perSecond: 500, burst: 5000, monotonic }),
    byDevice: new RateLimit({ perSecond: 200, burst: 500, monotonic }),
    rendezvousByAddress: new RateLimit({ perSecond: 5, burst: 60, monotonic }),
    boxes: new RendezvousBoxes(monotonic),
  };
}
