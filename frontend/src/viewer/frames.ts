/** Decoded frames of one image, fetched once, kept for as long as the image is on the page. */

export function frameAddress(image: string, frame: number): string {
  return `/api/v1/images/${image}/frames/${frame}/rendered/`;
}

const warmed = new Map<string, Promise<Blob>>();

async function blobOf(address: string, signal?: AbortSignal): Promise<Blob> {
  const response = await fetch(address, { credentials: "same-origin", signal });
  if (!response.ok) throw new Error(`${address}: HTTP ${response.status}`);
  return response.blob();
}

/** Asks for the first frame of an image that will be looked at in a moment, before there is anything to draw on. */
export function warm(image: string): void {
  const address = frameAddress(image, 0);
  if (warmed.has(address)) return;
  const coming = blobOf(address);
  warmed.set(address, coming);
  coming.catch(() => warmed.delete(address));
  // A page that was only pointed at keeps nothing for long; the browser's own cache has the frame then.
  setTimeout(() => warmed.delete(address), 20_000);
}

/** About 250 MB of 1024×768 frames; past it the oldest are dropped and fetched again (from the browser's cache). */
const MOST_FRAMES = 80;

export class FrameStore {
  private readonly ready = new Map<number, ImageBitmap>();
  private readonly coming = new Map<number, Promise<ImageBitmap>>();
  private aborter = new AbortController();

  constructor(
    readonly image: string,
    readonly count: number,
  ) {}

  held(frame: number): ImageBitmap | undefined {
    return this.ready.get(frame);
  }

  get loaded(): number {
    return this.ready.size;
  }

  /** Pixels exactly as stored: no colour conversion, no premultiplied alpha. */
  get(frame: number): Promise<ImageBitmap> {
    const ready = this.ready.get(frame);
    if (ready) return Promise.resolve(ready);
    const coming = this.coming.get(frame) ?? this.fetch(frame);
    this.coming.set(frame, coming);
    return coming;
  }

  /** Fetches every frame, in order from `from`, a few at a time. */
  async prefetch(from: number): Promise<void> {
    let next = 0;
    const most = Math.min(this.count, MOST_FRAMES);
    const lane = async () => {
      while (next < most && !this.aborter.signal.aborted) {
        const frame = (from + next++) % this.count;
        await this.get(frame).catch(() => undefined);
      }
    };
    await Promise.all([lane(), lane(), lane()]);
  }

  /** A store may be opened again after it was closed (React mounts twice in development). */
  open(): void {
    if (this.aborter.signal.aborted) this.aborter = new AbortController();
  }

  close(): void {
    this.aborter.abort();
    this.coming.clear();
    for (const bitmap of this.ready.values()) bitmap.close();
    this.ready.clear();
  }

  private async fetch(frame: number): Promise<ImageBitmap> {
    const { signal } = this.aborter;
    try {
      const address = frameAddress(this.image, frame);
      const blob = await (warmed.get(address) ?? blobOf(address, signal));
      const bitmap = await createImageBitmap(blob, {
        colorSpaceConversion: "none",
        premultiplyAlpha: "none",
      });
      if (signal.aborted) {
        bitmap.close();
        throw new DOMException("closed", "AbortError");
      }
      this.ready.set(frame, bitmap);
      if (this.ready.size > MOST_FRAMES) this.dropOldest(frame);
      return bitmap;
    } finally {
      if (!signal.aborted) this.coming.delete(frame);
    }
  }

  private dropOldest(keep: number): void {
    for (const [frame, bitmap] of this.ready) {
      if (frame === keep) continue;
      this.ready.delete(frame);
      bitmap.close();
      return;
    }
  }
}
