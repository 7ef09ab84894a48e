/** Metrics of the Courier faces, as the library's build for browsers wants them; the library has no types for them. */
declare const container: {
  readonly vfs: Readonly<Record<string, { readonly data: string; readonly encoding: "utf8" }>>;
};
export default container;
