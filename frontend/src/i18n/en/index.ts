import { audits } from "./audits";
import { charts } from "./charts";
import { clinic } from "./clinic";
import { comparators } from "./comparators";
import { curation } from "./curation";
import { doors } from "./doors";
import { experiments } from "./experiments";
import { exchange } from "./exchange";
import { general } from "./general";
import { house } from "./house";
import { inUse } from "./inUse";
import { reading } from "./reading";
import { records } from "./records";
import { reports } from "./reports";
import { research } from "./research";
import { segmentation } from "./segmentation";
import { tour } from "./tour";
import { workplaces } from "./workplaces";

export const en = {
  ...audits,
  ...charts,
  ...clinic,
  ...comparators,
  ...curation,
  ...doors,
  ...experiments,
  ...exchange,
  ...general,
  ...house,
  ...inUse,
  ...reading,
  ...records,
  ...reports,
  ...research,
  ...segmentation,
  ...tour,
  ...workplaces,
};
export type Dictionary = typeof en;
