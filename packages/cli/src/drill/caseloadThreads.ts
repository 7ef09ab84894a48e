import { Worker } from "node:worker_threads";

import { ClientError } from "@sinetti/client";
import type { CaseloadTask, RunHooks, Written } from "@sinetti/drill";

import type { CaseloadAsked, CaseloadSaid, CaseloadThread } from "./caseloadWorker.ts";

const PROGRAM = new URL("./caseloadWorker.ts", import.meta.url);
const LISTEN_MS = 500;

/**
 * Threads that each do one therapist's work at a time, with the keys of that therapist's own device. A thread that is done
 * takes the next task, since loading the programs takes as long as writing a dozen patients; it ends when none comes at once.
 */
export class CaseloadThreads {
  readonly #devices: string;
  readonly #free = new Set<Worker>();

  constructor(devices: string) {
    this.#devices = devices;
  }

  /** Does a task in a thread that is free, or in a new one. */
  async run(task: CaseloadTask, hooks: RunHooks): Promise<Written> {
    const thread = this.#takeFree() ?? this.#start();
    try {
      const written = await doTask(thread, task, hooks);
      this.#keep(thread);
      return written;
    } catch (error) {
      void thread.terminate();
      throw error;
    }
  }

  #keep(thread: Worker): void {
    this.#free.add(thread);
    setImmediate(() => {
      if (this.#free.delete(thread)) void thread.terminate();
    });
  }

  #takeFree(): Worker | undefined {
    const [thread] = this.#free;
    if (thread !== undefined) this.#free.delete(thread);
    return thread;
  }

  #start(): Worker {
    const workerData: CaseloadThread = { devices: this.#devices };
    return new Worker(PROGRAM, { workerData });
  }
}

function doTask(
  thread: Worker,
  task: CaseloadTask,
  { onDone, isStopped }: RunHooks,
): Promise<Written> {
  const { promise, resolve, reject } = Promise.withResolvers<Written>();
  const ask = (asked: CaseloadAsked): void => thread.postMessage(asked, []);
  const listen = setInterval(() => {
    if (isStopped()) ask({ ask: "stop" });
  }, LISTEN_MS);
  const onMessage = (said: CaseloadSaid): void => {
    if (said.say === "done") onDone(said.patients);
    else if (said.say === "written") resolve(said.written);
    else reject(new ClientError(said.code, said.detail === null ? {} : { detail: said.detail }));
  };
  const onExit = (code: number): void =>
    reject(new Error(`a thread ended with ${code} before its work`));
  thread.on("message", onMessage).once("error", reject).once("exit", onExit);
  ask({ ask: "work", task });
  return promise.finally(() => {
    clearInterval(listen);
    thread.off("message", onMessage).off("error", reject).off("exit", onExit);
  });
}
