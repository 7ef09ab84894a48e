import { allow, Refusal } from "./problem.ts";

/** The body of a request, cut off as soon as it is larger than `maxBytes`, whatever its headers say. */
export async function readRequestBody(request: Request, maxBytes: number): Promise<Uint8Array> {
  try {
    return await readWithin(request, maxBytes);
  } catch (cause) {
    if (cause instanceof Refusal) throw cause;
    // Whoever sent it has broken off.
    throw new Refusal("malformed", { cause });
  }
}

async function readWithin(request: Request, maxBytes: number): Promise<Uint8Array> {
  allow(request.headers.get("content-type") === "application/cbor", "malformed");
  allow(Number(request.headers.get("content-length") ?? 0) <= maxBytes, "too-large");
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.length;
    if (size > maxBytes) throw new Refusal("too-large");
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] !== undefined
    ? new Uint8Array(chunks[0])
    : new Uint8Array(Buffer.concat(chunks));
}
