import type { SiteManifest } from "./siteManifest.ts";

const TAG = /<\s*([a-z!/][^\s>/]*)([^>]*)>/gi;
const ATTRIBUTE = /([^\s"'=<>]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g;
/** What our page is made of. */
const TAGS = new Set([
  "!doctype",
  "html",
  "head",
  "meta",
  "title",
  "link",
  "script",
  "body",
  "div",
  "noscript",
]);
const REFERRING = new Set(["src", "href"]);

function attributesOf(text: string): Map<string, string> {
  const found = [...text.matchAll(ATTRIBUTE)];
  return new Map(found.map(([, name = "", a, b, c]) => [name.toLowerCase(), a ?? b ?? c ?? ""]));
}

function tagFaults(
  name: string,
  attributes: ReadonlyMap<string, string>,
  known: ReadonlySet<string>,
): string[] {
  if (!TAGS.has(name)) return [`<${name}> has no place in it`];
  const faults: string[] = [];
  for (const [attribute, value] of attributes) {
    if (attribute.startsWith("on") || attribute === "http-equiv" || attribute === "style")
      faults.push(`<${name} ${attribute}> has no place in it`);
    if (REFERRING.has(attribute) && !known.has(value))
      faults.push(`<${name}> refers to ${value.slice(0, 200)}, which the manifest does not name`);
  }
  if (name === "script" && !attributes.has("src"))
    faults.push("a script stands in the page itself");
  return faults;
}

/**
 * What in a page is not of the release: tags that our page does not have, scripts in the page itself, and references to what the
 * manifest does not name. An allow-list: whatever is not known here is a fault.
 */
export function pageFaults(
  path: string,
  page: Uint8Array,
  { files }: Pick<SiteManifest, "files">,
): string[] {
  const known = new Set(files.map((file) => file.path));
  const html = new TextDecoder().decode(page).replaceAll(/<!--[\s\S]*?-->/g, "");
  const faults = [...html.matchAll(TAG)].flatMap(([, name = "", rest = ""]) =>
    name.startsWith("/") ? [] : tagFaults(name.toLowerCase(), attributesOf(rest), known),
  );
  if (/<script[^>]*>\s*[^\s<]/i.test(html)) faults.push("a script stands in the page itself");
  return [...new Set(faults)].map((fault) => `${path}: ${fault}`);
}
