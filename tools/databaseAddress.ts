export { databaseUrlToOptions } from "../packages/cli/src/start/databaseUrl.ts";
