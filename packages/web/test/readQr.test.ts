import { describe, expect, it } from "vitest";

import { readQr } from "../src/app/scanning/readQr.ts";
import { canvasPicture } from "./browser/fakeCamera.ts";

const CODE = "7QK2-M0X4-1F0A-22B3-77C0-1D9E-B0KP-70Y7-G";

describe("a picture of the camera", () => {
  it("says what stands in its code", async () => {
    expect(await readQr(canvasPicture(CODE))).toBe(CODE);
  });

  it("says nothing where it shows no code", async () => {
    expect(await readQr(canvasPicture(null))).toBeNull();
    const noise = canvasPicture(null);
    noise.data.forEach((_, at) => (noise.data[at] = (at * 7919) % 251));
    expect(await readQr(noise)).toBeNull();
  });
});
