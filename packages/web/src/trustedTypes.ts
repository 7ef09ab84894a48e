/** What of the platform's Trusted Types is used here; TypeScript's own library does not have it. */
interface PolicyFactory {
  createPolicy(
    name: string,
    rules: {
      createHTML(text: string): string;
      createScriptURL(url: string): string;
    },
  ): unknown;
}

/**
 * The one policy of the page. The UI library writes style sheets through `innerHTML`: a sheet never holds `<`, markup
 * always does. Scripts and workers come from this origin's own files.
 */
function installPolicy(factory: PolicyFactory): void {
  factory.createPolicy("default", {
    createHTML: (text) => {
      if (text.includes("<")) throw new TypeError("markup from a string");
      return text;
    },
    createScriptURL: (url) => {
      const { origin, pathname } = new URL(url, location.href);
      if (origin !== location.origin || !/^\/(assets|src|node_modules|@)/.test(pathname))
        throw new TypeError("a script from elsewhere");
      return url;
    },
  });
}

const { trustedTypes } = globalThis as { trustedTypes?: PolicyFactory };
if (trustedTypes !== undefined) installPolicy(trustedTypes);
