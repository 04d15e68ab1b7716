/** Rectangles on a picture, in its pixels: [left, top, right, bottom], the end not counted in. */
export type Box = [number, number, number, number];

export interface Frame {
  rows: number;
  columns: number;
}

/** The box between two corners in any order, cut to the frame; null where less than 2×2 pixels are left. */
export function boxBetween(from: [number, number], to: [number, number], frame: Frame): Box | null {
  const cut = (value: number, most: number) => Math.min(Math.max(Math.round(value), 0), most);
  const xs = [cut(from[0], frame.columns), cut(to[0], frame.columns)].sort((a, b) => a - b);
  const ys = [cut(from[1], frame.rows), cut(to[1], frame.rows)].sort((a, b) => a - b);
  const box: Box = [xs[0] ?? 0, ys[0] ?? 0, xs[1] ?? 0, ys[1] ?? 0];
  return box[2] - box[0] < 2 || box[3] - box[1] < 2 ? null : box;
}

/** As the address of the preview has them: `1,2,3,4;5,6,7,8`. */
export function written(boxes: readonly Box[]): string {
  return boxes.map((box) => box.join(",")).join(";");
}

export function asBoxes(lists: readonly (readonly number[])[]): Box[] {
  return lists.filter((list) => list.length === 4).map((list) => [...list] as Box);
}

/** Boxes a little larger than what was found: letters have soft edges. */
export function padded(boxes: readonly Box[], by: number, frame: Frame): Box[] {
  return boxes.flatMap(([left, top, right, bottom]) => {
    const box = boxBetween([left - by, top - by], [right + by, bottom + by], frame);
    return box ? [box] : [];
  });
}
