/** Filters of the lists as they stand in the URL: read with care, written without what is at its default. */
import { type CohortStep, STAGES, type StageLabel } from "~/api/types";

export type RawSearch = Record<string, unknown>;

export function readSearch(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text));
}

export function writeSearch(search: RawSearch): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(search)) {
    if (value === undefined || value === null || value === "") continue;
    params.set(key, Array.isArray(value) ? value.join(",") : String(value));
  }
  const text = params.toString();
  return text ? `?${text}` : "";
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value.trim() ? value.trim() : undefined;
}

function oneOf<T extends string>(value: unknown, options: readonly T[]): T | undefined {
  return options.find((option) => option === value);
}

export interface WorklistSearch {
  site?: string;
  stage?: StageLabel;
  staged?: "yes" | "no";
  pair?: "yes" | "no";
  search?: string;
  review?: ReviewState;
  order?: WorklistOrder;
  cursor?: string;
}

export const WORKLIST_ORDERS = ["-created_at", "created_at", "-exam_date", "exam_date"] as const;
export type WorklistOrder = (typeof WORKLIST_ORDERS)[number];

export const REVIEW_STATES = ["waiting", "signed", "disagreement"] as const;
export type ReviewState = (typeof REVIEW_STATES)[number];

export function worklistSearch(raw: RawSearch): WorklistSearch {
  return {
    site: text(raw.site),
    stage: oneOf(raw.stage, STAGES),
    staged: oneOf(raw.staged, ["yes", "no"]),
    pair: oneOf(raw.pair, ["yes", "no"]),
    search: text(raw.search),
    review: oneOf(raw.review, REVIEW_STATES),
    order: oneOf(raw.order, WORKLIST_ORDERS),
    cursor: text(raw.cursor),
  };
}

/** What the API is asked for a worklist. */
export function worklistQuery(search: WorklistSearch): Record<string, string | number | undefined> {
  return {
    site: search.site,
    stage: search.stage ? STAGES.indexOf(search.stage) : undefined,
    staged: search.staged,
    has_pair: search.pair,
    search: search.search,
    review: search.review,
    ordering: search.order,
    cursor: search.cursor,
  };
}

export interface PatientsSearch {
  search?: string;
  site?: string;
  stage?: StageLabel;
  cursor?: string;
}

export function patientsSearch(raw: RawSearch): PatientsSearch {
  return {
    search: text(raw.search),
    site: text(raw.site),
    stage: oneOf(raw.stage, STAGES),
    cursor: text(raw.cursor),
  };
}

/** What the API is asked for a list of patients. */
export function patientsQuery(search: PatientsSearch) {
  return { ...search, stage: search.stage ? STAGES.indexOf(search.stage) : undefined };
}

/** The boxes of the flow diagram, in the order of the server's reasons. */
export const COHORT_STEPS = [
  "assessed",
  "criterion-chronic-hepatitis-b",
  "criterion-fibrosis-confirmed",
  "criterion-no-treatment-before",
  "criterion-other-liver-disease",
  "criterion-cirrhosis",
  "criterion-organ-dysfunction",
  "criterion-artefact",
  "criterion-pregnancy",
  "no-stage",
  "stage-ambiguous",
  "no-images",
  "not-released",
  "band-unknown",
  "hf-only",
  "lf-only",
  "bands-in-different-exams",
  "included",
] as const satisfies readonly CohortStep[];

export interface CohortSearch {
  step?: CohortStep;
}

export function cohortSearch(raw: RawSearch): CohortSearch {
  return { step: oneOf(raw.step, COHORT_STEPS) };
}

export const JOB_STATES = ["queued", "running", "succeeded", "failed", "cancelled"] as const;

export interface JobsSearch {
  state?: (typeof JOB_STATES)[number];
  kind?: string;
  cursor?: string;
}

export function jobsSearch(raw: RawSearch): JobsSearch {
  return { state: oneOf(raw.state, JOB_STATES), kind: text(raw.kind), cursor: text(raw.cursor) };
}

export interface RunsSearch {
  dataset?: string;
  state?: (typeof JOB_STATES)[number];
  cursor?: string;
}

export function runsSearch(raw: RawSearch): RunsSearch {
  return { dataset: text(raw.dataset), state: oneOf(raw.state, JOB_STATES), cursor: text(raw.cursor) };
}

export interface LaunchSearch {
  dataset?: string;
  preset?: string;
  /** A run whose specification to begin from. */
  clone?: string;
}

export function launchSearch(raw: RawSearch): LaunchSearch {
  return { dataset: text(raw.dataset), preset: text(raw.preset), clone: text(raw.clone) };
}

export interface ExperimentsSearch {
  dataset?: string;
  cursor?: string;
  /** The experiment that a new one is to stand beside. */
  beside?: string;
}

export function experimentsSearch(raw: RawSearch): ExperimentsSearch {
  return { dataset: text(raw.dataset), beside: text(raw.beside), cursor: text(raw.cursor) };
}

export interface CompareSearch {
  ids: string[];
}

export function compareSearch(raw: RawSearch): CompareSearch {
  const list = Array.isArray(raw.ids) ? raw.ids.map(String) : (text(raw.ids)?.split(",") ?? []);
  return { ids: [...new Set(list.map((id) => id.trim()).filter(Boolean))] };
}

export interface AuditSearch {
  search?: string;
  actor?: string;
  action?: string;
  object?: string;
  after?: string;
  before?: string;
  cursor?: string;
}

export function auditSearch(raw: RawSearch): AuditSearch {
  return {
    search: text(raw.search),
    actor: text(raw.actor),
    action: text(raw.action),
    object: text(raw.object),
    after: text(raw.after),
    before: text(raw.before),
    cursor: text(raw.cursor),
  };
}

export const WAITING_STATES = ["waiting", "released", "removed", "refused", "expired"] as const;

export interface QuarantineSearch {
  state?: (typeof WAITING_STATES)[number];
  code?: string;
  cursor?: string;
}

export function quarantineSearch(raw: RawSearch): QuarantineSearch {
  return { state: oneOf(raw.state, WAITING_STATES), code: text(raw.code), cursor: text(raw.cursor) };
}

export interface UploadSearch {
  upload?: string;
}

export function uploadSearch(raw: RawSearch): UploadSearch {
  return { upload: text(raw.upload) };
}

export interface OutlineSearch {
  /** From 1, as people count. */
  frame?: number;
}

export function outlineSearch(raw: RawSearch): OutlineSearch {
  const frame = Number(text(String(raw.frame ?? "")));
  return { frame: Number.isInteger(frame) && frame > 1 ? frame : undefined };
}

export interface ReadingSearch {
  kind?: "quality" | "stage";
  order?: "assigned" | "least-read" | "uncertain";
  /** The exam that is read now. */
  exam?: string;
  /** What is to be looked at. */
  list?: "suspicious" | "missing-band" | "missing-serum";
}

export function readingSearch(raw: RawSearch): ReadingSearch {
  return {
    kind: oneOf(raw.kind, ["quality", "stage"]),
    order: oneOf(raw.order, ["assigned", "least-read", "uncertain"]),
    exam: text(raw.exam),
    list: oneOf(raw.list, ["suspicious", "missing-band", "missing-serum"]),
  };
}

export interface SignInSearch {
  next?: string;
  /** The code of what went wrong on the way back from the identity provider. */
  problem?: string;
}

/** Only an address inside the app: `//elsewhere` would lead a person away after signing in. */
export function signInSearch(raw: RawSearch): SignInSearch {
  const next = text(raw.next);
  const problem = text(raw.problem);
  return {
    next: next && /^\/(?![/\\])/.test(next) ? next : undefined,
    problem: problem && /^[a-z-]{1,40}$/.test(problem) ? problem : undefined,
  };
}

export interface PasswordSearch {
  uid?: string;
  token?: string;
}

/** The two parts of an invitation's link. */
export function passwordSearch(raw: RawSearch): PasswordSearch {
  return { uid: text(raw.uid), token: text(raw.token) };
}

export interface PeopleSearch {
  search?: string;
  cursor?: string;
}

export function peopleSearch(raw: RawSearch): PeopleSearch {
  return { search: text(raw.search), cursor: text(raw.cursor) };
}
