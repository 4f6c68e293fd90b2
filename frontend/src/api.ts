// Calls to Solvent's own API: same origin, the session's cookie, the page's token.

import { say } from "./words.ts";

/** An answer that says no: the problem's sentence, its stable code and its facts. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly facts: Readonly<Record<string, unknown>>;

  constructor(status: number, code: string, message: string, facts: Record<string, unknown> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.facts = facts;
  }
}

interface Question {
  readonly json?: unknown;
  readonly form?: FormData;
  readonly version?: number | string | null;
  readonly signal?: AbortSignal;
}

/** The token that proves a request comes from a page of ours. */
export function csrfToken(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";
}

/** The API's address of something in a household. */
export function inHousehold(household: string, path: string): string {
  return `/api/v1/households/${household}/${path}`;
}

async function problemOf(response: Response): Promise<Problem> {
  const told: Record<string, unknown> = await response.json().catch(() => ({}));
  const sentence = told.detail ?? told.title;
  return new Problem(
    response.status,
    typeof told.code === "string" ? told.code : String(response.status),
    typeof sentence === "string" ? sentence : say("failed"),
    told,
  );
}

/** Ask the API and return what it answers; a refusal or a lost connection is a Problem. */
export async function ask<Answer>(
  method: string,
  path: string,
  { json, form, version, signal }: Question = {},
): Promise<Answer> {
  const headers: Record<string, string> = {
    Accept: "application/json",
    "X-CSRF-Token": csrfToken(),
  };
  if (json !== undefined) headers["Content-Type"] = "application/json";
  if (version !== undefined && version !== null) headers["If-Match"] = `"${version}"`;
  const body = json === undefined ? (form ?? null) : JSON.stringify(json);
  let response: Response;
  try {
    response = await fetch(path, { method, headers, body, signal: signal ?? null });
  } catch (failure) {
    if (signal?.aborted) throw failure;
    throw new Problem(0, "offline", say("offline"));
  }
  if (response.status === 401) {
    location.assign(`/log-in?next=${encodeURIComponent(location.pathname + location.search)}`);
  }
  if (!response.ok) throw await problemOf(response);
  const text = await response.text();
  return (text ? JSON.parse(text) : {}) as Answer;
}
