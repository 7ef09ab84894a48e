import { writeFileSync } from "node:fs";

import { encode } from "uqr";

const [WIDTH, HEIGHT] = [640, 480];
const [BLACK, WHITE, NO_COLOUR] = [16, 235, 128];

/** The brightness of a picture with a QR code in its middle, point by point; without a code all of it is white. */
export function pictureOf(code: string | null, size = 320): Uint8Array {
  const points = new Uint8Array(WIDTH * HEIGHT).fill(WHITE);
  if (code === null) return points;
  const { data } = encode(code);
  const scale = Math.floor(size / data.length);
  const [left, top] = [WIDTH, HEIGHT].map((side) => (side - scale * data.length) >> 1);
  data.forEach((row, y) =>
    row.forEach((isDark, x) => {
      if (!isDark) return;
      for (let line = 0; line < scale; line++) {
        const at = ((top ?? 0) + y * scale + line) * WIDTH + (left ?? 0) + x * scale;
        points.fill(BLACK, at, at + scale);
      }
    }),
  );
  return points;
}

/** Writes what a camera shows: one picture, over and over (YUV4MPEG2, which Chromium takes for a camera). */
export function showToCamera(path: string, code: string | null): void {
  const head = Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F5:1 Ip A1:1 C420jpeg\nFRAME\n`);
  const colours = new Uint8Array((WIDTH * HEIGHT) / 2).fill(NO_COLOUR);
  writeFileSync(path, Buffer.concat([head, pictureOf(code), colours]));
}

/** The same picture as a canvas gives it. */
export function canvasPicture(code: string | null) {
  const data = new Uint8ClampedArray(WIDTH * HEIGHT * 4).fill(255);
  pictureOf(code).forEach((brightness, at) => data.fill(brightness, at * 4, at * 4 + 3));
  return { width: WIDTH, height: HEIGHT, data };
}
