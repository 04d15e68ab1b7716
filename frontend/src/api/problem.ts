/** Every failure of the API as one error: RFC 9457 problem details, or the sentence for a network that is gone. */

export interface ProblemBody {
  type?: string;
  title?: string;
  status?: number;
  detail?: string;
  code?: string;
  remedy?: string;
  errors?: unknown;
}

export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly remedy: string;
  readonly errors: Record<string, string[]>;
  /** Further members that the problem came with, such as both versions of a conflict. */
  readonly body: Record<string, unknown>;

  constructor(status: number, body: ProblemBody) {
    super(body.detail ?? body.title ?? "");
    this.name = "ApiProblem";
    this.status = status;
    this.code = body.code ?? (status ? `http-${status}` : "network");
    this.remedy = body.remedy ?? "";
    this.errors = flattenErrors(body.errors ?? []);
    this.body = { ...body };
  }
}

/** `[{field: "spec.epochs", message: "too small"}]`, or nested objects of messages, as messages by dotted path. */
export function flattenErrors(errors: unknown, prefix = ""): Record<string, string[]> {
  if (typeof errors === "string") return { [prefix]: [errors] };
  if (Array.isArray(errors)) {
    if (errors.every((item) => typeof item === "string")) return { [prefix]: errors };
    const found: Record<string, string[]> = {};
    for (const item of errors) {
      for (const [path, messages] of Object.entries(flattenErrors(item, prefix))) (found[path] ??= []).push(...messages);
    }
    return found;
  }
  if (errors && typeof errors === "object") {
    const located = errors as { field?: unknown; message?: unknown };
    if (typeof located.field === "string" && typeof located.message === "string") {
      return { [located.field]: [located.message] };
    }
    return Object.assign(
      {},
      ...Object.entries(errors).map(([key, value]) =>
        flattenErrors(value, prefix ? `${prefix}.${key}` : key),
      ),
    );
  }
  return {};
}

/** Reads the body of a refused request, whatever answered it (a proxy answers in HTML). */
export async function problemOf(response: Response): Promise<ApiProblem> {
  const type = response.headers.get("content-type") ?? "";
  if (!type.includes("json")) return new ApiProblem(response.status, { title: response.statusText });
  const body = (await response.json().catch(() => ({}))) as ProblemBody;
  return new ApiProblem(response.status, body);
}
