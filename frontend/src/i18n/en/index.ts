import { clinic } from "./clinic";
import { general } from "./general";
import { research } from "./research";

export const en = { ...general, ...clinic, ...research };
export type Dictionary = typeof en;
