import {
  HINT_FILES,
  NO_HINT,
  RIGHTS,
  type AccessState,
  type DeviceId,
  type Hint,
  type MemberId,
  type Order,
  type PracticeId,
} from "@sinetti/core";

import { heldUntilStopped, holds } from "./accessNow.ts";
import type { Clock } from "./clock.ts";
import { HintStream } from "./hintStream.ts";
import {
  checkStillLive,
  hasRole,
  headSeq,
  isMemberFrozen,
  isPracticeFrozen,
  memberOf,
  type Caller,
  type PracticeView,
} from "./practiceView.ts";
import { allow, Refusal } from "./problem.ts";

/** How many streams of hints may be open, and for how long. */
export interface HintLimits {
  readonly perDevice: number;
  readonly perMember: number;
  readonly inAll: number;
  /** A stream ends after this; its client opens another. */
  readonly lifeSeconds: number;
  /** A quiet stream says this often that it lives. */
  readonly beatMs: number;
  /** What comes within this goes out as one hint. */
  readonly gatherMs: number;
}

interface Listener {
  readonly caller: Caller;
  readonly member: MemberId;
  readonly device: DeviceId;
  readonly until: number;
  readonly stream: HintStream;
}

/** Stops that act since `before`, or that stand in their chains since. */
function stopsChanged(before: PracticeView | undefined, view: PracticeView): Order[] {
  const ids = (orders: readonly Order[]): Set<string> => new Set(orders.map(({ id }) => id));
  const [old, now] = [ids(before?.stops ?? []), ids(view.stops)];
  return [
    ...view.stops.filter(({ id }) => !old.has(id)),
    ...(before?.stops ?? []).filter(({ id }) => !now.has(id)),
  ];
}

function isFrozen(view: PracticeView, member: MemberId): boolean {
  return isPracticeFrozen(view) || isMemberFrozen(view, member);
}

/** The streams of hints that devices listen to; in memory alone, and of this process alone. */
export class HintStreams {
  readonly #clock: Pick<Clock, "now" | "monotonic">;
  readonly #limits: HintLimits;
  readonly #renew: (practice: PracticeId) => Promise<PracticeView>;
  readonly #listeners = new Map<PracticeId, Set<Listener>>();
  #open = 0;
  #beat: NodeJS.Timeout | null = null;
  #isBeating = false;
  #isEnded = false;

  constructor(options: {
    clock: Pick<Clock, "now" | "monotonic">;
    limits: HintLimits;
    /** The newest state of a practice, from the database. */
    renew: (practice: PracticeId) => Promise<PracticeView>;
  }) {
    this.#clock = options.clock;
    this.#limits = options.limits;
    this.#renew = options.renew;
  }

  /** How many are open. */
  get size(): number {
    return this.#open;
  }

  /** Opens one for a device that stands in `view`; the oldest of a device or member that has too many ends. */
  listen(view: PracticeView, caller: Caller): ReadableStream<Uint8Array> {
    const { member, device } = memberOf(caller);
    allow(!this.#isEnded, "unavailable");
    checkStillLive(view, caller);
    allow(!isFrozen(view, member), "frozen");
    const { practice } = view;
    const listeners = this.#listeners.get(practice) ?? new Set<Listener>();
    this.#endOldest(listeners, (one) => one.device === device, this.#limits.perDevice);
    this.#endOldest(listeners, (one) => one.member === member, this.#limits.perMember);
    allow(this.#open < this.#limits.inAll, "rate-limited");
    const until = this.#clock.monotonic() + this.#limits.lifeSeconds;
    const onEnd = (): void => this.#forget(practice, listener);
    const stream = new HintStream({ gatherMs: this.#limits.gatherMs, onEnd });
    const listener: Listener = { caller, member, device, until, stream };
    this.#listeners.set(practice, listeners.add(listener));
    this.#open++;
    this.#beat ??= setInterval(() => void this.#beatOnce(), this.#limits.beatMs).unref();
    stream.tell(NO_HINT);
    return stream.body;
  }

  #endOldest(
    listeners: ReadonlySet<Listener>,
    isMeant: (one: Listener) => boolean,
    limit: number,
  ): void {
    const meant = [...listeners].filter(isMeant);
    for (const { stream } of meant.slice(0, Math.max(0, meant.length - limit + 1))) stream.end();
  }

  #forget(practice: PracticeId, listener: Listener): void {
    const listeners = this.#listeners.get(practice);
    if (listeners?.delete(listener) !== true) return;
    this.#open--;
    if (listeners.size === 0) this.#listeners.delete(practice);
    if (this.#open > 0 || this.#beat === null) return;
    clearInterval(this.#beat);
    this.#beat = null;
  }

  #tell(practice: PracticeId, pick: (listener: Listener) => Hint | null): void {
    for (const listener of this.#listeners.get(practice) ?? []) {
      const hint = pick(listener);
      if (hint !== null) listener.stream.tell(hint);
    }
  }

  #cutOff(view: PracticeView): void {
    const listeners = this.#listeners.get(view.practice) ?? [];
    for (const { caller, member, stream } of listeners)
      if (isFrozen(view, member) || !stands(view, caller)) stream.end();
  }

  /** The practice is known anew: whoever may not listen any more is cut off first. */
  practiceChanged(before: PracticeView | undefined, view: PracticeView): void {
    this.#cutOff(view);
    const hasGrown = before === undefined || headSeq(before) !== headSeq(view);
    const stops = stopsChanged(before, view);
    const areForAll = stops.some(({ kind }) => kind !== "revoke");
    this.#tell(view.practice, ({ member }) => {
      const isGuard = hasRole(view, member, "privacy") || hasRole(view, member, "admin");
      const hearsStops = stops.length > 0 && (areForAll || isGuard);
      return hasGrown || hearsStops ? { ...NO_HINT, practice: hasGrown, stops: hearsStops } : null;
    });
  }

  /** What waits for a second person is another now; every device may ask what that is. */
  ordersChanged(practice: PracticeId): void {
    this.#tell(practice, () => ({ ...NO_HINT, orders: true }));
  }

  /** Grants on files changed: each listener hears of those that it may read. */
  filesChanged(view: PracticeView, states: readonly AccessState[]): void {
    this.#tellFiles(view, states, holds);
  }

  /** A stop took a grant on a file: whoever held it learns now that its screen is to be cleared. */
  grantStopped(view: PracticeView, state: AccessState): void {
    this.#tellFiles(view, [state], heldUntilStopped);
  }

  #tellFiles(view: PracticeView, states: readonly AccessState[], isHeard: typeof holds): void {
    const ask = { rights: RIGHTS.read, time: this.#clock.now() };
    this.#tell(view.practice, ({ member }) => {
      const heard = states.filter((state) => isHeard(view, state, { member, ...ask }));
      const files = heard.map(({ file }) => file);
      if (files.length === 0) return null;
      return files.length > HINT_FILES ? { ...NO_HINT, all: true } : { ...NO_HINT, files };
    });
  }

  async #beatOnce(): Promise<void> {
    if (this.#isBeating) return;
    this.#isBeating = true;
    await this.#onBeat().finally(() => (this.#isBeating = false));
  }

  /** Says that the streams live, ends what is old, and sees whether another process has stopped somebody. */
  async #onBeat(): Promise<void> {
    const now = this.#clock.monotonic();
    for (const [practice, listeners] of this.#listeners) {
      for (const { stream, until } of listeners) if (until <= now) stream.end();
      const view = this.#listeners.has(practice)
        ? await this.#renew(practice).catch(() => null)
        : null;
      // A gate that cannot say whether somebody still stands tells them nothing.
      if (view === null) for (const { stream } of listeners) stream.end();
      else {
        this.#cutOff(view);
        this.#tell(practice, () => NO_HINT);
      }
    }
  }

  /** Ends all of them and takes no more. */
  end(): void {
    this.#isEnded = true;
    for (const listeners of this.#listeners.values())
      for (const { stream } of listeners) stream.end();
  }
}

function stands(view: PracticeView, caller: Caller): boolean {
  try {
    checkStillLive(view, caller);
    return true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}
