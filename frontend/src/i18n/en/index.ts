import { clinic } from "./clinic";
import { general } from "./general";
import { reports } from "./reports";
import { research } from "./research";

export const en = { ...general, ...clinic, ...research, ...reports };
export type Dictionary = typeof en;
