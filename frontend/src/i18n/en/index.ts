import { audits } from "./audits";
import { clinic } from "./clinic";
import { general } from "./general";
<<<<<<< HEAD
import { reports } from "./reports";
import { research } from "./research";

export const en = {
  ...audits,
  ...clinic,
  ...general,
  ...reports,
  ...research,
};
=======
import { reading } from "./reading";
import { research } from "./research";

export const en = { ...general, ...clinic, ...reading, ...research };
>>>>>>> 468f256 (Outline editor: strokes are kept in the browser before they are sent; a second tab is asked; labelme and COCO in and out)
export type Dictionary = typeof en;
