import type { Endpoints } from "@sinetti/client";
import type { FileId, MemberId } from "@sinetti/core";
import type { Found, Reported } from "@sinetti/drill";

/** How a worker exits when a service was away or refused while it signed in: another one starts in its place. */
export const TRY_AGAIN = 5;

/** What a worker is started with, as its one argument, in JSON. */
export interface WorkerTask {
  readonly profile: string;
  readonly password: string;
  readonly endpoints: Endpoints;
  /** The file that says how far its clock is off. */
  readonly clock: string;
  readonly seed: string;
  readonly name: string;
  readonly from: number;
  readonly shared: readonly FileId[];
  readonly colleague: MemberId;
  /** One request in so many meets a fault of the network. */
  readonly oneIn: number;
  /** Whether it works, or says what it finds when all is over. */
  readonly mode: "work" | "find";
}

/** What a worker says, one JSON object a line. */
export type WorkerSaid =
  | { readonly say: "reported"; readonly reported: Reported }
  | { readonly say: "failed"; readonly code: string }
  | { readonly say: "fault"; readonly fault: string }
  | {
      readonly say: "found";
      readonly found: readonly Found[];
      readonly waiting: number;
      readonly unknownReleases: number;
    };
