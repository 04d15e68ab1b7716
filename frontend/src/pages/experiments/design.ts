/** How an experiment divides its patients, as the form holds it and as the server asks for it. */
import type { Experiment } from "~/api/types";

export interface Design {
  /** "split", "sites", "external", or the number of folds as text. */
  kind: string;
  repeats: number;
  external: string | null;
  protocol: "strict" | "paper";
  beside: string | null;
}

export const PLAIN: Design = { kind: "split", repeats: 1, external: null, protocol: "strict", beside: null };

/** What is sent. The paper's protocol divides images: of the designs it knows repeats alone. */
export function asked({ kind, repeats, external, protocol, beside }: Design) {
  const strict = protocol === "strict";
  const folds = strict && /^\d+$/.test(kind) ? Number(kind) : 1;
  return {
    folds,
    repeats: folds > 1 || !strict ? repeats : 1,
    leave_one_site_out: strict && kind === "sites",
    external: strict && kind === "external" ? external : null,
    protocol,
    beside: strict && kind === "external" ? null : beside,
  };
}

/** The design of what is to stand beside an experiment. */
export function otherHalf(experiment: Pick<Experiment, "id" | "protocol">): Partial<Design> {
  return { protocol: experiment.protocol === "paper" ? "strict" : "paper", beside: experiment.id };
}

/** What a row of the paper's own networks can also be trained with: one setting changed and nothing else. */
export const VARIANTS = { ordinal: { head: "ordinal" }, attention: { pooling: "attention" } } as const;
export type Variant = keyof typeof VARIANTS;
const OWN_NETWORKS: readonly string[] = ["hf", "lf", "fusion"];

/** The variants of these that a preset can have. The paper's protocol divides images, not patients. */
export function variantsOf(architecture: string, wanted: readonly Variant[], protocol: Design["protocol"]): Variant[] {
  if (!OWN_NETWORKS.includes(architecture)) return [];
  return wanted.filter((one) => one !== "attention" || protocol === "strict");
}
