export type { Block, Item, Paper, Span, Text } from "./paper.ts";
