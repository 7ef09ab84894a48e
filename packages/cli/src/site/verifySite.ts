import { CoreError, hexToBytes, verifyClientRelease, type SignPublicKey } from "@sinetti/core";

import { Unanswered } from "../unanswered.ts";
import { SiteError } from "./siteError.ts";
import { checkHeaders } from "./siteHeaderCheck.ts";
import { pageFaults } from "./sitePage.ts";
import { MANIFEST, SIGNATURE, hashHex, parseManifest, type SiteManifest } from "./siteManifest.ts";

/** What a served web client is compared with. */
export interface SiteTruth {
  /** The manifest as it was released; null: the one that the site serves, which `key` must have signed. */
  readonly manifest: Uint8Array | null;
  /** The release key; null: nobody's word is asked for. */
  readonly key: SignPublicKey | null;
  /** The services' exact origins; null: those that the site itself names. */
  readonly services: readonly string[] | null;
}

/** What a site served, when it is the release. */
export interface VerifiedSite {
  readonly version: string;
  readonly files: number;
  readonly services: readonly string[];
}

const WITHIN_MS = 30_000;
const MOST_BYTES = 32 * 1024 * 1024;
const MOST_SIGNATURE_CHARS = 1024;
/** As a browser asks, and as it asks with no compression: a host could keep another copy for either. */
const ASKED = ["gzip, deflate, br", "identity"];

interface Fetched {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
}

async function fetchFile(url: URL, accept = "identity"): Promise<Fetched> {
  try {
    const signal = AbortSignal.timeout(WITHIN_MS);
    const headers = { "accept-encoding": accept };
    // A redirection is another host's word.
    const answer = await fetch(url, { headers, signal, redirect: "manual", cache: "no-store" });
    const parts: Uint8Array[] = [];
    let length = 0;
    for await (const part of answer.body ?? []) {
      length += part.length;
      if (length > MOST_BYTES) throw new SiteError("site-differs", [`${url.pathname}: too large`]);
      parts.push(part);
    }
    const { status } = answer;
    return { status, headers: answer.headers, bytes: new Uint8Array(Buffer.concat(parts)) };
  } catch (error) {
    if (error instanceof SiteError) throw error;
    throw new Unanswered(`${url.origin} does not answer; nothing was verified`, { cause: error });
  }
}

async function readManifest(base: URL, truth: SiteTruth): Promise<Uint8Array> {
  if (truth.manifest !== null) return truth.manifest;
  const { status, bytes } = await fetchFile(new URL(MANIFEST, base));
  if (status !== 200) throw new SiteError("site-differs", [`/${MANIFEST}: status ${status}`]);
  return bytes;
}

async function checkSignature(
  base: URL,
  manifest: Uint8Array,
  key: SignPublicKey,
): Promise<string[]> {
  const { status, bytes } = await fetchFile(new URL(SIGNATURE, base));
  if (status !== 200) return [`/${SIGNATURE}: status ${status}`];
  const text = new TextDecoder().decode(bytes.subarray(0, MOST_SIGNATURE_CHARS)).trim();
  const isHex = text.length % 2 === 0 && /^[0-9a-f]+$/.test(text);
  try {
    verifyClientRelease(isHex ? hexToBytes(text) : new Uint8Array(0), { manifest, key });
    return [];
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
    return [`/${SIGNATURE}: it is not this key's word on this manifest`];
  }
}

/** Compares one path with one file of the manifest, as it is asked for in each way. */
async function checkFile(
  base: URL,
  { path, file }: { path: string; file: SiteManifest["files"][number] },
  { manifest, services }: { manifest: SiteManifest; services: readonly string[] },
): Promise<string[]> {
  const faults: string[] = [];
  for (const accept of ASKED) {
    const { status, headers, bytes } = await fetchFile(new URL(path, base), accept);
    if (status !== 200) faults.push(`${path}: status ${status}`);
    else if (hashHex(bytes) !== file.sha256)
      faults.push(`${path}: other bytes than released (asked as ${accept})`);
    faults.push(...checkHeaders(path, headers, services));
    if (file.path === "/index.html") faults.push(...pageFaults(path, bytes, manifest));
  }
  return faults;
}

/** The origins that a site tells its own pages to speak to. */
async function readServices(base: URL): Promise<string[]> {
  const { status, bytes } = await fetchFile(new URL("/.well-known/sinetti", base));
  try {
    if (status !== 200) throw new TypeError("no answer");
    const said = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
    return ["vaultWho", "vaultWhat", "gate"].map((name) => new URL(String(said[name])).origin);
  } catch (cause) {
    throw new SiteError("site-differs", ["/.well-known/sinetti: it names no services"], { cause });
  }
}

/**
 * Fetches everything that a web client's manifest names, as a browser would, and compares it: bytes, headers, the page and what
 * it refers to. Errors: `site-differs` with everything found, `manifest-unreadable`, Unanswered.
 */
export async function verifySite(url: string, truth: SiteTruth): Promise<VerifiedSite> {
  const base = new URL("/", url);
  const bytes = await readManifest(base, truth);
  const manifest = parseManifest(bytes);
  const services = truth.services ?? (await readServices(base));
  const faults = truth.key === null ? [] : await checkSignature(base, bytes, truth.key);
  const index = manifest.files.find(({ path }) => path === "/index.html");
  if (index === undefined)
    throw new SiteError("site-differs", ["/index.html: not in the manifest"]);
  // A browser gets the page under these paths too.
  const asked = [
    ...manifest.files.map((file) => ({ path: file.path, file })),
    { path: "/", file: index },
    { path: "/patients", file: index },
  ];
  for (const each of asked) faults.push(...(await checkFile(base, each, { manifest, services })));
  if (faults.length > 0) throw new SiteError("site-differs", [...new Set(faults)]);
  return { version: manifest.version, files: manifest.files.length, services };
}
