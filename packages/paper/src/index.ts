export { renderMarkdown } from "./markdown.ts";
export type { Block, Field, Item, Paper, Span, Text } from "./paper.ts";
