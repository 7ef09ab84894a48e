import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { brotliCompressSync } from "node:zlib";

import { SiteFiles } from "../../src/site/siteFiles.ts";
import { writeManifest } from "../../src/site/siteManifest.ts";
import { startWebServer, type AnswerDemo, type WebServer } from "../../src/start/webServer.ts";

export const SCRIPT = "/assets/main-0a1b2c3d.js";
export const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>Sinetti</title>
    <script type="module" crossorigin src="${SCRIPT}"></script>
    <link rel="icon" href="/seal.svg" type="image/svg+xml" />
  </head>
  <body><div id="root"></div></body>
</html>
`;
export const URLS = {
  vaultWho: "http://127.0.0.1:4601",
  vaultWhat: "http://127.0.0.1:4602",
  gate: "http://127.0.0.1:4603",
};

/** A small web client in a folder of its own, as a build leaves it. */
export function makeSite(files: Readonly<Record<string, string>> = {}): {
  folder: string;
  write(path: string, text: string): void;
  remove(): void;
} {
  const folder = mkdtempSync(join(tmpdir(), "sinetti-site-"));
  const write = (path: string, text: string): void => {
    const whole = join(folder, path);
    mkdirSync(dirname(whole), { recursive: true });
    writeFileSync(whole, text);
  };
  const all = {
    "/index.html": PAGE,
    [SCRIPT]: `console.log(${JSON.stringify("sealed ".repeat(300))});`,
    "/seal.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>',
    ...files,
  };
  for (const [path, text] of Object.entries(all)) write(path, text);
  writeManifest(folder, "0.1.0+test");
  writeFileSync(join(folder, `${SCRIPT}.br`), brotliCompressSync(all[SCRIPT] ?? ""));
  return { folder, write, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** The launcher's own server with a web client. */
export async function serveFolder(
  folder: string,
  { demo }: { demo?: AnswerDemo } = {},
): Promise<WebServer> {
  const server = await startWebServer(0);
  server.announce(URLS, { site: new SiteFiles(folder), demo });
  return server;
}
