/** The transfers of a run from its event log: which tensors moved where, and which stayed. */
import type { EventRow } from "~/api/types";

export interface Transfer {
  source: string;
  target: string;
  moved: string[];
  kept: string[];
}

export interface Layer {
  name: string;
  moved: boolean;
  tensors: string[];
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

/** In the order in which they happened; what a resumed run told again stands once. */
export function transfersOf(rows: readonly EventRow[]): Transfer[] {
  const found = new Map<string, Transfer>();
  for (const { kind, data } of rows) {
    if (kind !== "weights-transferred") continue;
    const transfer = {
      source: String(data.source),
      target: String(data.target),
      moved: strings(data.moved),
      kept: strings(data.kept),
    };
    found.set(`${transfer.source}→${transfer.target}`, transfer);
  }
  return [...found.values()];
}

/** Tensors by the layer that they belong to (`encoder.residual.conv1.weight` → `encoder.residual.conv1`). */
export function layersOf({ moved, kept }: Transfer): Layer[] {
  const layers = new Map<string, Layer>();
  for (const [names, did] of [
    [moved, true],
    [kept, false],
  ] as const) {
    for (const name of names) {
      const cut = name.lastIndexOf(".");
      const layer = cut < 0 ? name : name.slice(0, cut);
      const key = `${layer} ${String(did)}`;
      const held = layers.get(key) ?? { name: layer, moved: did, tensors: [] };
      held.tensors.push(cut < 0 ? name : name.slice(cut + 1));
      layers.set(key, held);
    }
  }
  return [...layers.values()];
}
