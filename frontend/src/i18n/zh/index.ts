import type { Dictionary } from "../en";
import { audits } from "./audits";
import { clinic } from "./clinic";
import { general } from "./general";
<<<<<<< HEAD
import { reports } from "./reports";
=======
import { reading } from "./reading";
>>>>>>> 468f256 (Outline editor: strokes are kept in the browser before they are sent; a second tab is asked; labelme and COCO in and out)
import { research } from "./research";
import { server } from "./server";

/** `server` holds what only this language needs: the sentences that the server writes in English. */
<<<<<<< HEAD
export const zh: Dictionary & { server: typeof server } = {
  ...audits,
  ...clinic,
  ...general,
  ...reports,
  ...research,
  server,
};
=======
export const zh: Dictionary & { server: typeof server } = { ...general, ...clinic, ...reading, ...research, server };
>>>>>>> 468f256 (Outline editor: strokes are kept in the browser before they are sent; a second tab is asked; labelme and COCO in and out)
