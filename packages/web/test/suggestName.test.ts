import { expect, it } from "vitest";

import { suggestName } from "../src/features/people/suggestName.ts";

const WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)";

it.each([
  [
    `${WINDOWS} AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0 Safari/537.36`,
    "Chrome, Windows",
  ],
  [`${WINDOWS} AppleWebKit/537.36 Chrome/150.0 Safari/537.36 Edg/150.0`, "Edge, Windows"],
  ["Mozilla/5.0 (X11; Linux x86_64; rv:148.0) Gecko/20100101 Firefox/148.0", "Firefox, Linux"],
  [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Safari/604.1",
    "Safari, iPhone",
  ],
  ["curl/8", ""],
])("a device is first called by its browser and system: %#", (userAgent, name) => {
  expect(suggestName(userAgent)).toBe(name);
});
