import { encodeShape } from "@sinetti/core";

import type { Handled } from "./call.ts";
import { accessTake } from "./routes/accessTake.ts";
import { attachmentGet, attachmentPut } from "./routes/attachments.ts";
import { draftDrop, draftList, draftPut } from "./routes/drafts.ts";
import { fileList } from "./routes/fileList.ts";
import { fileOpen } from "./routes/fileOpen.ts";
import { hints } from "./routes/hints.ts";
import { kitGet, kitPut } from "./routes/kits.ts";
import { lookupDrop, lookupFind, lookupPut } from "./routes/lookup.ts";
import { postureLook, postureRead } from "./routes/postureRead.ts";
import { practiceRead } from "./routes/practiceRead.ts";
import { practiceTake } from "./routes/practiceTake.ts";
import { recordAppend } from "./routes/recordAppend.ts";
import { recordHeads } from "./routes/recordHeads.ts";
import { recordReturn } from "./routes/recordReturn.ts";
import { resume } from "./routes/resume.ts";
import { status } from "./routes/status.ts";
import { stop } from "./routes/stop.ts";
import { stopsRead } from "./routes/stopsRead.ts";
import { wrapsStage } from "./routes/wrapsStage.ts";
import { checkRequest, type Received } from "./signedRequest.ts";
import type { Vault } from "./vault.ts";

/** A route, from a request whose body nobody has read to the bytes of its answer, or to an answer that goes on. */
export interface Endpoint {
  readonly path: string;
  readonly maxBytes: number;
  readonly whoOnly: boolean;
  answer(vault: Vault, received: Received): Promise<Uint8Array | ReadableStream<Uint8Array>>;
}

function toEndpoint<Q, A>(handled: Handled<Q, A>): Endpoint {
  const { route } = handled;
  return {
    path: route.path,
    maxBytes: route.maxBytes,
    whoOnly: handled.whoOnly ?? false,
    answer: async (vault, received) => {
      const { call, request } = await checkRequest(vault, handled, received);
      return encodeShape(route.answer, await handled.handle(call, request));
    },
  };
}

const hintsEndpoint: Endpoint = {
  path: hints.route.path,
  maxBytes: hints.route.maxBytes,
  whoOnly: false,
  answer: async (vault, received) =>
    hints.listen((await checkRequest(vault, hints, received)).call),
};

export const ENDPOINTS: readonly Endpoint[] = [
  toEndpoint(practiceRead),
  toEndpoint(practiceTake),
  toEndpoint(stop),
  toEndpoint(stopsRead),
  toEndpoint(status),
  toEndpoint(postureRead),
  toEndpoint(postureLook),
  toEndpoint(wrapsStage),
  toEndpoint(accessTake),
  toEndpoint(recordAppend),
  toEndpoint(recordReturn),
  toEndpoint(recordHeads),
  toEndpoint(resume),
  toEndpoint(fileOpen),
  toEndpoint(fileList),
  toEndpoint(draftPut),
  toEndpoint(draftList),
  toEndpoint(draftDrop),
  toEndpoint(attachmentPut),
  toEndpoint(attachmentGet),
  toEndpoint(lookupPut),
  toEndpoint(lookupFind),
  toEndpoint(lookupDrop),
  toEndpoint(kitPut),
  toEndpoint(kitGet),
  hintsEndpoint,
];
