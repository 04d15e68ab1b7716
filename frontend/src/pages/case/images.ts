import type { Band, ExamDetail, ImageRow } from "~/api/types";
import { warm } from "~/viewer/frames";

/** Images of a band: the one of the pair first, then the others. */
export function imagesOf(exam: ExamDetail, band: Band): ImageRow[] {
  const paired = new Set(exam.pairs.map((pair) => (band === "HF" ? pair.hf : pair.lf)));
  const own = exam.images.filter((image) => image.band === band);
  return [...own.filter((image) => paired.has(image.id)), ...own.filter((image) => !paired.has(image.id))];
}

/** The two frames that the page shows first, on their way while its code still is. */
export function warmFirstFrames(exam: ExamDetail): void {
  for (const band of ["HF", "LF"] as const) {
    const [first] = imagesOf(exam, band);
    if (first) warm(first.id);
  }
}
