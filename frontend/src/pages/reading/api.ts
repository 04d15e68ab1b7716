/** The addresses of the annotator's pages. */
import { queryOptions } from "@tanstack/react-query";
import { bodyOf, client, csrfHeader, type QueryOf } from "~/api/client";
import { ApiProblem, problemOf } from "~/api/problem";
import type { components } from "~/api/schema";
import type { Polygon } from "./outline/geometry";
import type { Algorithm } from "./outline/journal";
import type { Outline } from "./outline/saver";

type Schemas = components["schemas"];

const at = (id: string) => ({ params: { path: { id } } });

export type ReadKind = Schemas["ReadKindEnum"];
export type Quality = Schemas["QualityEnum"];
export type QualityReason = Schemas["QualityReasonEnum"];
export type Settling = Schemas["SettlingEnum"];
export type Compared = Schemas["Compared"];
export type Assignment = Schemas["Assignment"];

/** Assignments still to be read, read, and taken back from their reader. */
export const GIVEN = ["open", "done", "withdrawn"] as const;
export type Given = (typeof GIVEN)[number];

export const ORDERS = ["assigned", "least-read", "uncertain"] as const;
export type QueueOrder = (typeof ORDERS)[number];
export const QUALITIES = ["acceptable", "limited", "unacceptable"] as const satisfies readonly Quality[];
export const REASONS = [
  "artefact", "blur", "shadow", "gain", "depth", "view", "other",
] as const satisfies readonly QualityReason[];

export const CURATION_LISTS = ["suspicious", "missing-band", "missing-serum"] as const;
export type CurationList = (typeof CURATION_LISTS)[number];

export type Proposal = Omit<Schemas["OutlineProposal"], "polygons"> & { polygons?: Polygon[] | null };
export type ImportLine = Schemas["ImportLine"];
export type Layout = "labelme" | "coco" | "seg";

const ASK_AGAIN_MS = 700;

/** A plain request where the address may not be in this server's schema, or the body is a file. */
async function post(address: string, body: FormData | object): Promise<unknown> {
  const plain = !(body instanceof FormData);
  let response: Response;
  try {
    response = await fetch(`/api/v1/${address}`, {
      method: "POST",
      credentials: "same-origin",
      headers: { Accept: "application/json", ...(plain ? { "Content-Type": "application/json" } : {}), ...csrfHeader() },
      body: plain ? JSON.stringify(body) : body,
    });
  } catch {
    throw new ApiProblem(0, { code: "network" });
  }
  if (!response.ok) throw await problemOf(response);
  return response.json();
}

export const readingApi = {
  image: (id: string) => bodyOf(client.GET("/api/v1/images/{id}/", at(id))),
  images: (exam: string) => bodyOf(client.GET("/api/v1/images/", { params: { query: { exam } } })),

  outlines: (query: QueryOf<"/api/v1/outlines/">) => bodyOf(client.GET("/api/v1/outlines/", { params: { query } })),
  outline: (id: string) => bodyOf(client.GET("/api/v1/outlines/{id}/", at(id))),
  revision: (id: string, number: number) =>
    bodyOf(
      client.GET("/api/v1/outlines/{id}/revisions/{number}/", { params: { path: { id, number: String(number) } } }),
    ),
  saveOutline: async (body: Omit<Schemas["OutlineSaveRequest"], "final">) =>
    (await bodyOf(client.POST("/api/v1/outlines/", { body: { ...body, final: false } }))) as Outline,
  finaliseOutline: async (id: string, revision: number) =>
    (await bodyOf(client.POST("/api/v1/outlines/{id}/finalise/", { ...at(id), body: { made_from: revision } }))) as Outline,
  trashOutline: (id: string) => bodyOf(client.DELETE("/api/v1/outlines/{id}/", at(id))),
  restoreOutline: (id: string) => bodyOf(client.POST("/api/v1/outlines/{id}/restore/", at(id))),
  parseOutline: async (image: string, frame: number, file: File) => {
    const body = new FormData();
    body.set("image", image);
    body.set("frame", String(frame));
    body.set("file", file);
    return (await post("outlines/parse/", body)) as { layout: string; polygons: Polygon[]; algorithm: Algorithm | null };
  },
  /** What becomes of each frame that a file speaks of; `dryRun` saves nothing. */
  importOutlines: async (file: File, dryRun: boolean) => {
    const body = new FormData();
    body.set("dry_run", String(dryRun));
    body.set("file", file);
    return (await post("outlines/import/", body)) as ImportLine[];
  },
  queue: (kind: ReadKind, order: QueueOrder) =>
    bodyOf(client.GET("/api/v1/read-assignments/queue/", { params: { query: { kind, order } } })),
  progress: () => bodyOf(client.GET("/api/v1/read-assignments/progress/")),
  readers: () => bodyOf(client.GET("/api/v1/read-assignments/readers/")),
  assign: (body: Schemas["AssignRequest"]) => bodyOf(client.POST("/api/v1/read-assignments/", { body })),
  given: (which: Given, cursor?: string) =>
    bodyOf(
      client.GET("/api/v1/read-assignments/", {
        params: {
          query: { cursor, page_size: 50, ...(which === "withdrawn" ? { withdrawn: true } : { done: which === "done" }) },
        },
      }),
    ),
  withdrawAssignment: (id: string) => bodyOf(client.DELETE("/api/v1/read-assignments/{id}/", at(id))),
  restoreAssignment: (id: string) => bodyOf(client.POST("/api/v1/read-assignments/{id}/restore/", at(id))),
  lockQuality: (body: Schemas["LockQualityRequest"]) => bodyOf(client.POST("/api/v1/quality-reads/", { body })),
  lockStage: (body: Schemas["LockStageRequest"]) => bodyOf(client.POST("/api/v1/stage-reads/", { body })),
  compared: (kind: ReadKind) => bodyOf(client.GET("/api/v1/adjudications/compared/", { params: { query: { kind } } })),
  agreement: (kind: ReadKind) => bodyOf(client.GET("/api/v1/adjudications/agreement/", { params: { query: { kind } } })),
  adjudicate: (body: Schemas["AdjudicateRequest"]) => bodyOf(client.POST("/api/v1/adjudications/", { body })),
  recordConsensus: (exam: string, replace: boolean) =>
    bodyOf(client.POST("/api/v1/adjudications/record-stage/", { body: { exam, replace } })),
  curation: (list: CurationList) => bodyOf(client.GET("/api/v1/curation/", { params: { query: { list } } })),
  /** The active segmenter's outline of a frame: known already, or asked for and waited for. */
  propose: async (image: string, frame: number): Promise<Proposal> => {
    let proposal = (await bodyOf(client.POST("/api/v1/outline-proposals/", { body: { image, frame } }))) as Proposal;
    while (!proposal.polygons && !proposal.failure && proposal.state !== "cancelled") {
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
      proposal = (await bodyOf(client.GET("/api/v1/outline-proposals/{id}/", at(proposal.id)))) as Proposal;
    }
    const { failure } = proposal;
    if (failure) throw new ApiProblem(409, { code: failure.code, detail: failure.message, remedy: failure.remedy });
    return proposal;
  },
};

/** Where a file of an outline is fetched from. */
export function exportAddress(layout: Layout, image: string): string {
  return `/api/v1/outlines/export/?layout=${layout}&image=${image}&drafts=true`;
}

/** Where those of all one's sites are fetched from. */
export function listAddress(layout: Layout, drafts: boolean): string {
  return `/api/v1/outlines/export/?layout=${layout}&drafts=${drafts}`;
}

const FRESH_MS = 10_000;

export const readingQueries = {
  image: (id: string) => queryOptions({ queryKey: ["images", id], queryFn: () => readingApi.image(id) }),
  images: (exam: string) => queryOptions({ queryKey: ["images", "exam", exam], queryFn: () => readingApi.images(exam) }),
  /** The outline of a frame as the server has it; read again while the page is open, for other people's changes. */
  outlineOf: (image: string, frame: number) =>
    queryOptions({
      queryKey: ["outlines", "of", image, frame],
      queryFn: async () => (await readingApi.outlines({ image, frame })).results[0] ?? null,
      refetchInterval: FRESH_MS,
      refetchOnWindowFocus: "always",
      retry: 1,
    }),
  trash: (image: string, frame: number) =>
    queryOptions({
      queryKey: ["outlines", "trash", image, frame],
      queryFn: async () => (await readingApi.outlines({ image, frame, trashed: true })).results,
    }),
  outline: (id: string, revision: number) =>
    queryOptions({ queryKey: ["outlines", id, revision], queryFn: () => readingApi.outline(id) }),
  queue: (kind: ReadKind, order: QueueOrder) =>
    queryOptions({ queryKey: ["reads", "queue", kind, order], queryFn: () => readingApi.queue(kind, order) }),
  curation: (list: CurationList) =>
    queryOptions({ queryKey: ["reads", "curation", list], queryFn: () => readingApi.curation(list) }),
  given: (which: Given, cursor?: string) =>
    queryOptions({ queryKey: ["reads", "given", which, cursor], queryFn: () => readingApi.given(which, cursor) }),
  progress: () => queryOptions({ queryKey: ["reads", "progress"], queryFn: readingApi.progress }),
  readers: () => queryOptions({ queryKey: ["reads", "readers"], queryFn: readingApi.readers }),
  compared: (kind: ReadKind) => queryOptions({ queryKey: ["reads", "compared", kind], queryFn: () => readingApi.compared(kind) }),
  agreement: (kind: ReadKind) =>
    queryOptions({ queryKey: ["reads", "agreement", kind], queryFn: () => readingApi.agreement(kind) }),
};
