/** One door to the server: session cookie, CSRF token, JSON in and out, problems as {@link ApiProblem}. */
import { ApiProblem, problemOf } from "./problem";

export type Query = Record<string, string | number | boolean | null | undefined>;

const SESSION = "auth/session/";

let csrfToken = "";
let onSignedOut: () => void = () => undefined;

export function rememberCsrf(token: string): void {
  csrfToken = token;
}

export function csrfHeader(): Record<string, string> {
  return csrfToken ? { "X-CSRFToken": csrfToken } : {};
}

/** Called once when any request is answered with 401: the session ended elsewhere. */
export function whenSignedOut(callback: () => void): void {
  onSignedOut = callback;
}

export function addressOf(path: string, query?: Query): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query ?? {})) {
    if (value !== null && value !== undefined && value !== "") params.set(key, String(value));
  }
  const text = params.toString();
  return `/api/v1/${path}${text ? `?${text}` : ""}`;
}

export async function send<T>(
  method: "GET" | "POST" | "PATCH" | "DELETE",
  path: string,
  options: { query?: Query; body?: unknown; signal?: AbortSignal } = {},
): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (method !== "GET") Object.assign(headers, csrfHeader());
  if (options.body !== undefined) headers["Content-Type"] = "application/json";
  let response: Response;
  try {
    response = await fetch(addressOf(path, options.query), {
      method,
      headers,
      credentials: "same-origin",
      body: options.body === undefined ? undefined : JSON.stringify(options.body),
      signal: options.signal,
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiProblem(0, { code: "network" });
  }
  if (!response.ok) {
    const problem = await problemOf(response);
    if (problem.status === 401 && path !== SESSION) onSignedOut();
    throw problem;
  }
  if (response.status === 204) return undefined as T;
  return (await response.json()) as T;
}

/** The `cursor` of a pagination link, to be kept in our own URL. */
export function cursorOf(link: string | null): string | undefined {
  if (!link) return undefined;
  return new URL(link, "http://localhost").searchParams.get("cursor") ?? undefined;
}
