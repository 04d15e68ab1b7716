/** What the API sends and takes. JSON fields of the server (results, counts, evidence) get their shape here. */

export const STAGES = ["S0", "S1", "S2", "S3", "S4"] as const;
export type StageLabel = (typeof STAGES)[number];
export type Band = "HF" | "LF";
export type Role = "clinician" | "annotator" | "researcher" | "administrator";
export type JobState = "queued" | "running" | "succeeded" | "failed" | "cancelled";

export interface Page<T> {
  next: string | null;
  previous: string | null;
  results: T[];
}

export interface Site {
  id: string;
  code: string;
  name: string;
}

export interface Me {
  id: number;
  username: string;
  display_name: string;
  role: Role;
  language: string;
  sites: Site[];
  permissions: string[];
}

export interface Session {
  user: Me | null;
  csrf: string;
}

export interface Failure {
  code: string;
  message: string;
  remedy: string;
}

export interface Job {
  id: string;
  kind: string;
  queue: string;
  state: JobState;
  title: string;
  progress: number;
  message: string;
  attempt: number;
  max_attempts: number;
  failure: Failure | null;
  queue_position: number | null;
  cancel_requested: boolean;
  created_by: number | null;
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
  last_seq: number;
}

export interface EventRow {
  seq: number;
  attempt: number;
  kind: string;
  data: Record<string, unknown>;
  at: string;
}

export interface EventPage {
  events: EventRow[];
  last_seq: number;
  state: JobState;
}

export type Outcome = "accepted" | "duplicate" | "quarantined" | "refused";

export interface Evidence {
  cue: string;
  value: string | number | null;
  band: Band | "" | null;
  weight: number;
}

export interface FileResult {
  id: string;
  name: string;
  outcome: Outcome;
  code: string;
  message: string;
  remedy: string;
  band: Band | "" | null;
  band_confidence: number | null;
  evidence: Evidence[];
  image_id: string | null;
  exam_id: string | null;
  patient_id: string | null;
}

export interface TouchedExam {
  exam_id: string;
  patient: string;
  bands: Band[];
  pair_id: string | null;
}

export interface Upload {
  id: string;
  created_at: string;
  created_by: string | null;
  source: string;
  files?: FileResult[];
  exams?: TouchedExam[];
}

export interface PatientRef {
  id: string;
  pseudonym: string;
  sex: string;
  age_years: number | null;
  simulated: boolean;
  site: { code: string; name: string };
}

export interface LatestStaging {
  id: string;
  state: JobState;
  stage: StageLabel | null;
  probabilities: Probabilities | null;
  at: string;
  model_name: string | null;
}

export interface ExamRow {
  id: string;
  patient: PatientRef;
  exam_date: string | null;
  bands: Band[];
  image_count: number;
  pair_id: string | null;
  pathology_stage: number | null;
  latest_staging: LatestStaging | null;
}

export interface ImageRow {
  id: string;
  exam: string;
  band: Band | "";
  band_confidence: number | null;
  band_evidence: Evidence[];
  band_source: "auto" | "manual";
  rows: number;
  columns: number;
  frame_count: number;
  frame_rate_hz: number | null;
  released: boolean;
  simulated: boolean;
  created_at: string;
}

export interface PairRow {
  id: string;
  exam: string;
  hf: string;
  lf: string;
  created_at: string;
}

export interface PathologyRow {
  id: string;
  stage: number;
  source: string;
  recorded_by: string | null;
  recorded_at: string;
  superseded_at: string | null;
}

export interface ExamDetail extends ExamRow {
  images: ImageRow[];
  pairs: PairRow[];
  stagings: Staging[];
}

export interface PatientDetail extends PatientRef {
  stage_history: PathologyRow[];
}

export type Probabilities = Record<StageLabel, number>;

export interface StagingResult {
  stage: StageLabel;
  probabilities: Probabilities;
  at_least: Partial<Record<"S1" | "S2" | "S3" | "S4", number>>;
  prediction_set: StageLabel[];
  bands: Band[];
  model: { id?: string; name?: string; dataset_hash?: string; simulated?: boolean } | string;
  seconds: number;
  warnings: string[];
}

export interface Staging {
  id: string;
  exam: string;
  pair: string | null;
  model: string | null;
  state: JobState;
  job: string | null;
  result: StagingResult | null;
  seconds: number | null;
  failure: Failure | null;
  created_at: string;
  finished_at: string | null;
}

export type StageCounts = Partial<Record<StageLabel, number>>;
export type SplitName = "train" | "validation" | "test";

export interface FlowStep {
  step: string;
  patients: number;
  images: number;
  excluded: boolean;
  remedy: string;
  examples: string[];
}

export interface DatasetCounts {
  total?: { patients: number; images: number };
  by_split?: Partial<Record<SplitName, StageCounts>>;
  by_stage?: StageCounts;
  by_site?: Record<string, StageCounts>;
  by_band?: Record<string, number>;
  flow?: FlowStep[];
}

export interface DatasetPreview extends DatasetCounts {
  simulated: boolean;
  sites: Site[];
  obstacles: Failure[];
}

export interface Dataset {
  id: string;
  name: string;
  version: number;
  note: string;
  state: "building" | "frozen" | "failed";
  failure: Failure | null;
  hash: string;
  split_seed: number;
  counts: DatasetCounts;
  sites: Site[];
  job: string | null;
  created_by: string | null;
  created_at: string;
  frozen_at: string | null;
  simulated: boolean;
}

export interface DatasetMember {
  patient: string;
  pseudonym: string;
  site: string;
  stage: StageLabel;
  split: SplitName;
  hf_images: number;
  lf_images: number;
}

export interface Metric {
  value: number | null;
  low: number | null;
  high: number | null;
}
export type Metrics = Record<string, Metric>;

export type TrainSpec = Record<string, unknown>;

export interface Run {
  id: string;
  name: string;
  preset: string;
  spec: TrainSpec;
  dataset: string;
  dataset_name: string;
  dataset_hash: string;
  simulated: boolean;
  architecture: string;
  protocol: string;
  state: JobState;
  job: Job | null;
  metrics: Metrics;
  image_metrics: Metrics;
  figures: string[];
  model: string | null;
  created_by: string | null;
  created_at: string;
  finished_at: string | null;
  record?: Record<string, unknown>;
}

export interface PlotlyFigure {
  data: Record<string, unknown>[];
  layout: Record<string, unknown>;
}

export interface Comparison {
  runs: Run[];
  labels: string[];
  parameter_diff: { path: string; values: unknown[] }[];
  metrics: {
    name: string;
    label: string;
    lower_is_better: boolean;
    values: (Metric | null)[];
    best: number[];
  }[];
  figures: {
    roc?: PlotlyFigure;
    roc_by_target?: Record<string, PlotlyFigure>;
    metrics?: PlotlyFigure;
    confusion: (PlotlyFigure | null)[];
    learning_curves: PlotlyFigure[];
  };
  warnings: { code: string; message: string }[];
}

export interface AliasPeriod {
  name: string;
  model: string;
  model_name: string;
  set_by: string | null;
  set_at: string;
  ended_at: string | null;
  rollback: boolean;
}

export interface ModelVersion {
  id: string;
  name: string;
  run: string;
  sha256: string;
  architecture: string;
  protocol: string;
  metrics: Metrics;
  simulated: boolean;
  created_at: string;
  aliases: string[];
}

export interface ModelDetail extends ModelVersion {
  card: string;
  spec: TrainSpec;
  dataset: string;
  alias_history: AliasPeriod[];
}

export interface Demonstration {
  state: string;
  job_id: string | null;
}

export interface AuditRow {
  number: number;
  at: string;
  actor: number | null;
  actor_name: string;
  action: string;
  object_type: string;
  object_id: string;
  site: string | null;
  detail: Record<string, unknown> | null;
  address: string | null;
  hash: string;
}

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
  required?: string[];
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
}

export interface SpecSchema {
  schema: JsonSchema;
  presets: { key: string; title: string; description: string; spec: TrainSpec }[];
}
