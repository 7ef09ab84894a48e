import { Refusal, refuse } from "./problem.ts";

/** The body of a request, cut off at the limit: a length that is claimed is checked first, one that is not is counted. */
export async function readBody(request: Request, maxBytes: number): Promise<Uint8Array> {
  try {
    return await readWithin(request, maxBytes);
  } catch (cause) {
    if (cause instanceof Refusal) throw cause;
    // Whoever sent it has broken off.
    throw new Refusal("malformed", { cause });
  }
}

async function readWithin(request: Request, maxBytes: number): Promise<Uint8Array> {
  const claimed = request.headers.get("content-length");
  if (claimed === null) return readStream(request.body, maxBytes);
  if (!/^\d{1,15}$/.test(claimed)) return refuse("malformed");
  if (Number(claimed) > maxBytes) return refuse("too-large");
  const body = new Uint8Array(await request.arrayBuffer());
  return body.length > maxBytes ? refuse("too-large") : body;
}

async function readStream(
  stream: ReadableStream<Uint8Array> | null,
  maxBytes: number,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  if (stream !== null)
    for await (const part of stream) {
      length += part.length;
      if (length > maxBytes) return refuse("too-large");
      parts.push(part);
    }
  return Buffer.concat(parts, length);
}
