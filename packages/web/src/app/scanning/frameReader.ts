import { readQr } from "./readQr.ts";

/** Reads a code off the picture that a camera shows now; null: there is none in it. */
export type FrameReader = (video: HTMLVideoElement) => Promise<string | null>;

/** Browsers that can read codes themselves have this; its type is in no library yet. */
interface Detector {
  detect(source: HTMLVideoElement): Promise<readonly { readonly rawValue: string }[]>;
}
interface DetectorClass {
  new (options: { formats: readonly string[] }): Detector;
  getSupportedFormats(): Promise<readonly string[]>;
}

const FORMAT = "qr_code";
/** Wide enough for a code of 34 signs that fills a third of the picture. */
const WIDEST = 640;

/** The browser's own reader where it has one, else ours. */
export async function makeFrameReader(): Promise<FrameReader> {
  const own = (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector;
  if (own !== undefined && (await own.getSupportedFormats()).includes(FORMAT)) {
    const detector = new own({ formats: [FORMAT] });
    return async (video) => (await detector.detect(video))[0]?.rawValue ?? null;
  }
  const canvas = document.createElement("canvas");
  const drawing = canvas.getContext("2d", { willReadFrequently: true });
  return async (video) => {
    const { videoWidth, videoHeight } = video;
    if (drawing === null || videoWidth === 0) return null;
    const scale = Math.min(1, WIDEST / videoWidth);
    canvas.width = Math.round(videoWidth * scale);
    canvas.height = Math.round(videoHeight * scale);
    drawing.drawImage(video, 0, 0, canvas.width, canvas.height);
    return readQr(drawing.getImageData(0, 0, canvas.width, canvas.height));
  };
}
