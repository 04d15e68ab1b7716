/** One file over XMLHttpRequest: `fetch` cannot say how much of a request has gone out. */
import { csrfHeader } from "~/api/client";
import { api } from "~/api/endpoints";
import { ApiProblem, type ProblemBody } from "~/api/problem";
import type { FileResult } from "~/api/types";
import type { PickedFile } from "./collect";
import { UploadQueue } from "./queue";

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

/** The one queue of this tab. */
export const uploads = new UploadQueue({
  start: async (site) => (await api.startUpload(site)).id,
  send: sendFile,
});

/** Asks before a tab that is still sending is closed. */
export function guardLeaving(): void {
  window.addEventListener("beforeunload", (event) => {
    const busy = uploads.snapshot().items.some((item) => item.state === "waiting" || item.state === "sending");
    if (busy) event.preventDefault();
  });
}
