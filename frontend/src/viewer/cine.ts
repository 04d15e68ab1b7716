/** Which frame is due: a clock over the DICOM frame rate that wraps round and waits for what is not loaded yet. */

/** For a cine without a rate in its header. */
export const FALLBACK_RATE_HZ = 15;

export function rateOf(frameRateHz: number | null): number {
  return frameRateHz && frameRateHz > 0 ? Math.min(frameRateHz, 120) : FALLBACK_RATE_HZ;
}

/** Frame (from 0) due `elapsedMs` after frame `start` was shown. */
export function frameDue(start: number, elapsedMs: number, rateHz: number, count: number): number {
  if (count <= 1) return 0;
  return (start + Math.floor((elapsedMs / 1000) * rateHz)) % count;
}

export function stepped(frame: number, by: number, count: number): number {
  return (((frame + by) % count) + count) % count;
}
