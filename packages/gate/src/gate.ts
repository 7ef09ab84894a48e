import { serviceKeyId, type PracticeId, type Secret, type SignPublicKey } from "@sinetti/core";
import type { SignKey } from "@sinetti/core/service";

import { AccessStates } from "./accessStates.ts";
import { BodyBudget, type BodyLimits } from "./bodyBudget.ts";
import { GateClock, type Clock } from "./clock.ts";
import { HintStreams, type HintLimits } from "./hintStreams.ts";
import type { InstallationCode } from "./installationCode.ts";
import type { Log } from "./log.ts";
import { Metrics } from "./metrics.ts";
import { PostureFile } from "./postureFile.ts";
import { headSeq, type PracticeView } from "./practiceView.ts";
import { RateLimit } from "./rateLimit.ts";
import { RendezvousBoxes } from "./rendezvousBoxes.ts";
import type { Sql } from "./store/database.ts";
import { refreshView } from "./transaction.ts";

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
  readonly hints?: Partial<HintLimits>;
  readonly bodies?: { readonly signed: BodyLimits; readonly unsigned: BodyLimits };
  /** What opens `/metrics`; none: being on this machine. */
  readonly metricsToken?: string | null;
  /** Where the launcher says what it found of the database; none: it does not. */
  readonly postureFile?: string | null;
  /** Ends the answers that go on, so that a server can close. */
  readonly stopping?: AbortSignal;
}

const HINTS: HintLimits = {
  perDevice: 4,
  perMember: 16,
  inAll: 5000,
  lifeSeconds: 900,
  beatMs: 20_000,
  gatherMs: 250,
};
const MIB = 1024 * 1024;
const BODIES: Required<GateDeps>["bodies"] = {
  signed: { each: 64 * MIB, inAll: 512 * MIB },
  unsigned: { each: MIB, inAll: 16 * MIB },
};
const CACHED_PRACTICES = 500;

/** The newest view of each practice that this process has seen; every transaction asks the database whether it still is. */
class ViewCache {
  readonly #views = new Map<PracticeId, PracticeView>();
  readonly #onChange: (before: PracticeView | undefined, view: PracticeView) => void;

  constructor(onChange: (before: PracticeView | undefined, view: PracticeView) => void) {
    this.#onChange = onChange;
  }

  get(practice: PracticeId): PracticeView | undefined {
    return this.#views.get(practice);
  }

  keep(view: PracticeView): void {
    const before = this.#views.get(view.practice);
    if (before === view) return;
    if (before && (headSeq(before) > headSeq(view) || before.overlay > view.overlay)) return;
    this.#views.delete(view.practice);
    this.#views.set(view.practice, view);
    const [oldest] = this.#views.keys();
    if (this.#views.size > CACHED_PRACTICES && oldest !== undefined) this.#views.delete(oldest);
    this.#onChange(before, view);
  }
}

/** What lives as long as the process. */
export interface Gate {
  readonly sql: Sql;
  /** Origins of the web clients, exactly. */
  readonly origins: readonly string[];
  readonly keys: GateKeys;
  readonly publicKey: SignPublicKey;
  readonly keyId: string;
  readonly clock: GateClock;
  readonly log: Log;
  readonly installationCode: InstallationCode;
  readonly views: ViewCache;
  readonly accessStates: AccessStates;
  readonly hints: HintStreams;
  readonly metrics: Metrics;
  readonly posture: PostureFile;
  readonly byAddress: RateLimit;
  readonly byDevice: RateLimit;
  /** Bytes of bodies held at once for a device, and for all. */
  readonly signedBodies: BodyBudget;
  /** The same for an address, of bodies that no chain's key has signed. */
  readonly unsignedBodies: BodyBudget;
  readonly rendezvousByAddress: RateLimit;
  readonly boxes: RendezvousBoxes;
}

/** Puts the parts together. */
export function assembleGate(deps: GateDeps): Gate {
  const { sql, keys, log, installationCode } = deps;
  const monotonic = (): number => deps.clock.monotonic();
  const { publicKey } = keys.service;
  const bodies = deps.bodies ?? BODIES;
  const clock = new GateClock(deps.clock);
  const hints: HintStreams = new HintStreams({
    clock,
    limits: { ...HINTS, ...deps.hints },
    renew: (practice) => refreshView(gate, practice),
  });
  deps.stopping?.addEventListener("abort", () => hints.end());
  const gate: Gate = {
    sql,
    origins: deps.origins,
    keys,
    publicKey,
    keyId: serviceKeyId(publicKey),
    clock,
    log,
    installationCode,
    views: new ViewCache((before, view) => hints.practiceChanged(before, view)),
    accessStates: new AccessStates(),
    hints,
    metrics: new Metrics({ hintStreams: () => hints.size }),
    posture: new PostureFile(deps.postureFile ?? null),
    // An office shares one address.
    byAddress: new RateLimit({ perSecond: 500, burst: 5000, monotonic }),
    byDevice: new RateLimit({ perSecond: 200, burst: 500, monotonic }),
    signedBodies: new BodyBudget(bodies.signed),
    unsignedBodies: new BodyBudget(bodies.unsigned),
    rendezvousByAddress: new RateLimit({ perSecond: 5, burst: 60, monotonic }),
    boxes: new RendezvousBoxes(monotonic),
  };
  return gate;
}
