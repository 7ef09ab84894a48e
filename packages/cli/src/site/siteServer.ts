import type { IncomingMessage, ServerResponse } from "node:http";

import { contentPolicy, HOST_HEADERS } from "./siteHeaders.ts";
import { chooseCoding, type SiteFiles } from "./siteFiles.ts";

/** A web client with the origins that it may speak to. */
export interface ServedSite {
  readonly files: SiteFiles;
  readonly services: readonly string[];
}

/** The path of a request as it was sent: neither decoded nor joined. */
function pathOf({ url = "/" }: IncomingMessage): string {
  return url.split(/[?#]/, 1)[0] ?? "/";
}

/** Answers from the web client; false where it has nothing of that name. */
export function serveSite(
  { files, services }: ServedSite,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  const file = files.find(pathOf(request));
  if (file === null) return false;
  const accepted = request.headers["accept-encoding"] ?? "";
  const { coding, body } = chooseCoding(file, accepted);
  response.writeHead(200, {
    ...HOST_HEADERS,
    "content-security-policy": contentPolicy(services),
    "cache-control": file.caching,
    "content-type": file.type,
    "content-length": body.length,
    vary: "accept-encoding",
    ...(coding === null ? {} : { "content-encoding": coding }),
  });
  response.end(request.method === "HEAD" ? undefined : body);
  return true;
}
