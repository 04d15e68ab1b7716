/** The shapes of the API under the names that the pages use; all of them are generated from the OpenAPI schema. */
import type { components } from "./schema";

type Schemas = components["schemas"];

export const STAGES = ["S0", "S1", "S2", "S3", "S4"] as const satisfies readonly Schemas["StageLabelEnum"][];
export type StageLabel = Schemas["StageLabelEnum"];
export type Band = Schemas["BandEnum"];
export type Role = "clinician" | "annotator" | "researcher" | "administrator";
export type JobState = Schemas["JobStateEnum"];
export type SplitName = Schemas["SplitEnum"];
export type Outcome = Schemas["FileOutcomeEnum"];

export interface Page<Row> {
  next?: string | null;
  previous?: string | null;
  results: Row[];
}

export type Site = Schemas["Site"];
export type Me = Omit<Schemas["Me"], "role"> & { role: Role };
export type Session = Omit<Schemas["Session"], "user"> & { user: Me | null };
export type Failure = Schemas["Failure"];
export type Job = Schemas["Job"];
export type WantedRow = Schemas["WantedRowRequest"];
export type EventRow = Omit<Schemas["JobEvent"], "data"> & { data: Record<string, unknown> };
export type EventPage = Omit<Schemas["JobEvents"], "events"> & { events: EventRow[] };

export type Evidence = Schemas["Evidence"];
export type FileResult = Omit<Schemas["File"], "band"> & { band: Band | "" };
export type TouchedExam = Omit<Schemas["TouchedExam"], "bands"> & { bands: Band[] };
export type Upload = Schemas["Upload"];
export type UploadDetail = Omit<Schemas["UploadDetail"], "files" | "exams"> & {
  files: FileResult[];
  exams: TouchedExam[];
};
export type Curation = Schemas["Curation"];
export type CriterionRow = Schemas["Criterion"];
export type QuarantineItem = Schemas["QuarantineItem"];
export type ImageRow = Schemas["Image"];
export type ExamRow = Schemas["Exam"];
export type ExamDetail = Schemas["ExamDetail"];
export type PatientRow = Schemas["Patient"];
export type CohortStep = Schemas["Candidates"]["step"];
export type SerumScore = Schemas["SerumScore"];
export type PatientDetail = Schemas["PatientDetail"];
export type Probabilities = Schemas["Probabilities"];
export type StagingResult = Schemas["StagingResult"];
export type Staging = Schemas["Staging"];

export type Attention = Schemas["Attention"];
export type Review = Schemas["Review"];
export type Decision = Schemas["DecisionEnum"];
export type Reason = Schemas["ReasonsEnum"];
export type Report = Schemas["Report"];

export type StageSource = Schemas["StageSourceEnum"];

export type StageCounts = Partial<Schemas["StageCounts"]>;
export type FlowStep = Schemas["FlowStep"];
export type DatasetPreview = Schemas["Preview"];
export type Dataset = Schemas["Dataset"];
export type AuditFinding = Schemas["AuditFinding"];
export type DatasetMember = Schemas["Member"];

export type Metric = Schemas["Metric"];
export type Metrics = Record<string, Metric>;
export type TrainSpec = Schemas["TrainSpec"];
export type Preset = Schemas["PresetEnum"];
export type Run = Schemas["Run"];
export type RunDetail = Schemas["RunDetail"];
export type PlotlyFigure = Schemas["Figure"];
export type Comparison = Schemas["Comparison"];
export type Experiment = Schemas["Experiment"];
export type ExperimentDetail = Schemas["ExperimentDetail"];
export type ExperimentResults = Schemas["Results"];
export type Disagreement = Schemas["Disagreement"];
export type AliasPeriod = Schemas["Alias"];
export type AliasName = Schemas["AliasNameEnum"];
export type ModelVersion = Schemas["Model"];
export type ModelDetail = Schemas["ModelDetail"];
export type ModelUse = Schemas["ModelUse"];
export type Demonstration = Schemas["Demonstration"];
export type AuditRow = Omit<Schemas["Entry"], "detail"> & { detail: Record<string, unknown> | null };

/** The part of JSON Schema that a specification uses. */
export interface JsonSchema {
  $ref?: string;
  $defs?: Record<string, JsonSchema>;
  allOf?: JsonSchema[];
  anyOf?: JsonSchema[];
  type?: string;
  title?: string;
  description?: string;
  default?: unknown;
  enum?: unknown[];
  const?: unknown;
  properties?: Record<string, JsonSchema>;
  /** Ours: the setting applies to some values of another one only (`ml/spec/training.py`). */
  /** Another setting's path, and this one's default for each value of it. */
  "x-default-by"?: { setting: string; values: Record<string, unknown> };
  "x-only-for"?: { otherwise: unknown } & Record<string, unknown>;
  required?: string[];
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
}

export type SpecSchema = Omit<Schemas["Form"], "schema"> & { schema: JsonSchema };
