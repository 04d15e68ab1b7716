/** One file over XMLHttpRequest: `fetch` cannot say how much of a request has gone out. */
import { csrfHeader } from "~/api/client";
import { api } from "~/api/endpoints";
import { ApiProblem, type ProblemBody } from "~/api/problem";
import type { FileResult } from "~/api/types";
import type { PickedFile } from "./collect";
import { UploadLedger } from "./ledger";
import { UploadQueue } from "./queue";

const DIGEST_BYTES = 256 * 2 ** 20;

/** SHA-256 in hexadecimal; null where the browser has none (plain http) or the file would fill the memory. */
export async function digestOf(file: File): Promise<string | null> {
  // Typed as always there; absent where the page did not come over https or from this machine.
  const subtle = (globalThis.crypto as Partial<Crypto> | undefined)?.subtle;
  if (!subtle || file.size > DIGEST_BYTES) return null;
  const digest = await subtle.digest("SHA-256", await file.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function knownFile(upload: string, picked: PickedFile): Promise<FileResult | null> {
  const sha256 = await digestOf(picked.file);
  if (!sha256) return null;
  const file = { sha256, name: picked.file.name, size: picked.file.size };
  const { known } = await api.knownFiles(upload, [file]);
  const result = known.find((one) => one.sha256 === sha256)?.result;
  return result ? (result as FileResult) : null;
}

function parsed(request: XMLHttpRequest): unknown {
  try {
    return JSON.parse(request.responseText);
  } catch {
    return {};
  }
}

export function sendFile(
  upload: string,
  picked: PickedFile,
  onProgress: (share: number) => void,
): Promise<FileResult[]> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `/api/v1/uploads/${upload}/files/`);
    request.setRequestHeader("Accept", "application/json");
    for (const [name, value] of Object.entries(csrfHeader())) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => {
      if (event.lengthComputable && event.total) onProgress(event.loaded / event.total);
    };
    request.onerror = () => {
      reject(new ApiProblem(0, { code: "network" }));
    };
    request.onload = () => {
      const body = parsed(request);
      if (request.status >= 200 && request.status < 300) resolve((body as { results: FileResult[] }).results);
      else reject(new ApiProblem(request.status, body as ProblemBody));
    };
    const form = new FormData();
    form.append("file", picked.file, picked.file.name);
    request.send(form);
  });
}

const ledger = new UploadLedger(localStorage);

/** The one queue of this tab. */
export const uploads = new UploadQueue({
  start: async (site) => (await api.startUpload(site)).id,
  send: sendFile,
  answered: async (id) => (await api.upload(id)).files,
  known: knownFile,
}, ledger);

/** Asks before a tab that is still sending is closed. */
export function guardLeaving(): void {
  window.addEventListener("beforeunload", (event) => {
    const busy = uploads.snapshot().items.some((item) => item.state === "waiting" || item.state === "sending");
    if (busy) event.preventDefault();
  });
  window.addEventListener("pagehide", () => {
    ledger.save();
  });
}
