import { HINT_ROUTES, HintReader, NO_HINT, type Hint, type ServiceName } from "@sinetti/core";
import type { Context } from "./context.ts";

/** That something changed at a service; what changed is asked for as ever. */
export interface HeardHint extends Hint {
  readonly service: ServiceName;
}

/** How patient a listener is. */
export interface HintTimes {
  /** A stream that says nothing for so long is dead; services say something every 20 s. */
  readonly silenceMs: number;
  /** Before the next stream, after one that held. */
  readonly pauseMs: number;
  /** Between tries where no stream holds; each is then told as a change of anything. */
  readonly pollMs: number;
}

const TIMES: HintTimes = { silenceMs: 60_000, pauseMs: 1_000, pollMs: 60_000 };
const SERVICES = ["who", "what", "gate"] as const satisfies readonly ServiceName[];

/**
 * Listens at the three services until `signal` aborts. Whenever a stream begins, anything may have changed before it: that is
 * told as `all`. Where no stream holds (a proxy that gathers answers, a service that is down, a freeze), `all` comes once a
 * minute, which makes a poll of whoever asks then. A hint is no proof of anything and opens nothing.
 */
export async function listenForHints(
  context: Context,
  onHint: (hint: HeardHint) => void,
  options: { signal: AbortSignal; times?: Partial<HintTimes> },
): Promise<void> {
  const times = { ...TIMES, ...options.times };
  const { signal } = options;
  await Promise.all(
    SERVICES.map((service) => listenTo(context, { service, signal, times, onHint })),
  );
}

interface Listening {
  readonly service: ServiceName;
  readonly signal: AbortSignal;
  readonly times: HintTimes;
  readonly onHint: (hint: HeardHint) => void;
}

async function listenTo(context: Context, listening: Listening): Promise<void> {
  const { service, signal, times, onHint } = listening;
  let waitMs = times.pauseMs;
  while (!signal.aborted) {
    let heard = 0;
    for await (const hint of readHints(context, listening)) {
      if (signal.aborted) break;
      if (heard === 0 || hint.all) context.files.listen(service);
      for (const file of hint.files) context.files.seek(file);
      onHint(heard++ === 0 ? { ...NO_HINT, all: true, service } : { ...hint, service });
    }
    context.files.stopListening(service);
    // One word and then silence is no stream: two in a row may not turn into a race of requests.
    waitMs = heard > 1 ? times.pauseMs : Math.min(2 * waitMs, times.pollMs);
    if (signal.aborted) return;
    await pause(waitMs * (1 + Math.random() / 4), signal);
    if (heard === 0 && !signal.aborted) onHint({ ...NO_HINT, all: true, service });
  }
}

/** What one stream says, until it ends in whatever way. */
async function* readHints(
  { services }: Context,
  { service, signal, times }: Listening,
): AsyncGenerator<Hint> {
  const cut = new AbortController();
  const reading = AbortSignal.any([signal, cut.signal]);
  const within = new HintReader();
  let silence = setTimeout(() => cut.abort(), times.silenceMs);
  try {
    const body = await services.open(service, HINT_ROUTES.hints, { request: {}, signal: reading });
    const reader = body.getReader();
    reading.addEventListener("abort", () => void reader.cancel().catch(() => undefined));
    while (!reading.aborted) {
      const { done, value } = await reader.read();
      if (done) return;
      clearTimeout(silence);
      silence = setTimeout(() => cut.abort(), times.silenceMs);
      yield* within.read(value);
    }
  } catch {
    // Refused, cut, or out of shape: nothing of it was believed, and the next try will show.
  } finally {
    clearTimeout(silence);
    cut.abort();
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}
