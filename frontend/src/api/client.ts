/** One door to the server: session cookie, CSRF token, typed addresses, problems as {@link ApiProblem}. */
import createClient from "openapi-fetch";
import { ApiProblem, problemOf } from "./problem";
import type { paths } from "./schema";

const SESSION = "/api/v1/auth/session/";

let csrfToken = "";
let onSignedOut: () => void = () => undefined;

export function rememberCsrf(token: string): void {
  csrfToken = token;
}

export function csrfHeader(): Record<string, string> {
  return csrfToken ? { "X-CSRFToken": csrfToken } : {};
}

/** Called when any request is answered with 401: the session ended elsewhere. */
export function whenSignedOut(callback: () => void): void {
  onSignedOut = callback;
}

async function reach(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiProblem(0, { code: "network" });
  }
}

export const client = createClient<paths>({
  baseUrl: globalThis.location.origin,
  credentials: "same-origin",
  headers: { Accept: "application/json" },
  fetch: reach,
});

client.use({
  onRequest({ request }) {
    if (request.method !== "GET") {
      for (const [name, value] of Object.entries(csrfHeader())) request.headers.set(name, value);
    }
    return request;
  },
  async onResponse({ response, schemaPath }) {
    if (response.ok) return;
    const problem = await problemOf(response);
    if (problem.status === 401 && schemaPath !== SESSION) onSignedOut();
    throw problem;
  },
});

/** The query of a GET address, as the schema has it. */
export type QueryOf<Path extends keyof paths> = paths[Path] extends { get: { parameters: { query?: infer Query } } }
  ? NonNullable<Query>
  : never;

/** The body of an answer; a refusal has been thrown by then. */
export async function bodyOf<Body>(call: Promise<{ data?: Body }>): Promise<Body> {
  return (await call).data as Body;
}

/** The `cursor` of a pagination link, to be kept in our own URL. */
export function cursorOf(link: string | null | undefined): string | undefined {
  if (!link) return undefined;
  return new URL(link, "http://localhost").searchParams.get("cursor") ?? undefined;
}
