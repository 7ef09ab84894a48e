/** What a child of ours gets of the environment, so that it need not compile again what was compiled once. */
export function compileCacheSetting(): { readonly NODE_COMPILE_CACHE?: string } {
  const { NODE_COMPILE_CACHE } = process.env;
  return NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE };
}
