import { createHash } from "node:crypto";
import { renderPdf } from "@sinetti/paper/pdf";
import { openStream, type ExportTools, type Identities } from "@sinetti/client";
import { unzipSync } from "fflate";

/** Tools that gather what an export gives out. */
export function testTools(more: Partial<ExportTools> = {}): {
  tools: ExportTools;
  sealed: () => Uint8Array;
} {
  const chunks: Uint8Array[] = [];
  const tools: ExportTools = {
    renderPdf,
    startHash: () => {
      const hash = createHash("sha256");
      return {
        update: (bytes) => void hash.update(bytes),
        digest: () => new Uint8Array(hash.digest()),
      };
    },
    zone: "Europe/Helsinki",
    write: (bytes) => {
      chunks.push(Uint8Array.from(bytes));
      return Promise.resolve();
    },
    onProgress: () => undefined,
    isStopped: () => false,
    ...more,
  };
  return { tools, sealed: () => new Uint8Array(Buffer.concat(chunks)) };
}

/** A stream of bytes, in pieces of an odd size. */
export async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 7001) {
    yield bytes.subarray(at, at + 7001);
    await Promise.resolve();
  }
}

/** The files inside an age file. */
export async function openPackage(
  sealed: Uint8Array,
  by: Identities,
): Promise<Record<string, Uint8Array>> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of openStream(inPieces(sealed), by)) chunks.push(chunk);
  return unzipSync(new Uint8Array(Buffer.concat(chunks)));
}

/** A file of a package as text. */
export function textOf(files: Record<string, Uint8Array>, name: string): string {
  const bytes = files[name];
  if (bytes === undefined) throw new Error(`${name} is not in the package`);
  return new TextDecoder().decode(bytes);
}
