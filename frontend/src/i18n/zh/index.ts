import type { Dictionary } from "../en";
import { clinic } from "./clinic";
import { general } from "./general";
import { reports } from "./reports";
import { research } from "./research";
import { server } from "./server";

/** `server` holds what only this language needs: the sentences that the server writes in English. */
export const zh: Dictionary & { server: typeof server } = { ...general, ...clinic, ...research, ...reports, server };
