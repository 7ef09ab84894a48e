/** A picture as a canvas gives it: red, green, blue and opacity of each point. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Uint8ClampedArray;
}

/** What the QR code in a picture says; null: there is none to be read. */
export async function readQr(picture: Picture): Promise<string | null> {
  const { decodeQR } = await import("qr/decode.js");
  try {
    return decodeQR(picture);
  } catch {
    // The library throws for every picture without a whole code: most of them.
    return null;
  }
}
