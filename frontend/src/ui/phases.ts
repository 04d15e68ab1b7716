import { lookUp } from "~/i18n";

/** `first-transfer:hf` in words; a phase that the dictionary does not know stays as it is. */
export function phaseName(phase: string): string {
  const [name = phase, part] = phase.split(":");
  const words = lookUp(`phases.${name}`) ?? name;
  return part ? `${words} (${part.toUpperCase()})` : words;
}
