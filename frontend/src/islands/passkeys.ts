// Passkeys: the browser makes and uses them; what it answers goes to the server as JSON.

import { ask, Problem } from "../api.ts";
import { notice, noticeProblem } from "../notices.ts";
import { say } from "../words.ts";

// A question is good for five minutes; one that waits in the background is asked anew before.
const ASKED_ANEW_MS = 4 * 60 * 1000;

type Json = Record<string, unknown>;

interface Descriptor {
  readonly id: string;
}

type Whole = PublicKeyCredentialCreationOptions;

interface Offer extends Omit<Whole, "challenge" | "user" | "excludeCredentials"> {
  readonly challenge: string;
  readonly user: Omit<Whole["user"], "id"> & { readonly id: string };
  readonly excludeCredentials?: readonly Descriptor[];
}

interface Question extends Omit<PublicKeyCredentialRequestOptions, "challenge"> {
  readonly challenge: string;
}

function bytes(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}

function text(buffer: ArrayBuffer): string {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function answerOf(credential: PublicKeyCredential): Json {
  const { response } = credential;
  const told: Json = { clientDataJSON: text(response.clientDataJSON) };
  if (response instanceof AuthenticatorAttestationResponse) {
    told.attestationObject = text(response.attestationObject);
    told.transports = response.getTransports();
  } else if (response instanceof AuthenticatorAssertionResponse) {
    told.authenticatorData = text(response.authenticatorData);
    told.signature = text(response.signature);
    if (response.userHandle) told.userHandle = text(response.userHandle);
  }
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response: told,
  };
}

async function made(offer: Offer): Promise<Json | null> {
  const credential = await navigator.credentials.create({
    publicKey: {
      ...offer,
      challenge: bytes(offer.challenge),
      user: { ...offer.user, id: bytes(offer.user.id) },
      excludeCredentials: (offer.excludeCredentials ?? []).map((each) => ({
        type: "public-key" as const,
        id: bytes(each.id),
      })),
    },
  });
  return credential instanceof PublicKeyCredential ? answerOf(credential) : null;
}

async function used(
  mediation: CredentialMediationRequirement,
  signal: AbortSignal,
): Promise<Json | null> {
  const asked = await ask<Question>("POST", "/api/v1/auth/passkey/options");
  const credential = await navigator.credentials.get({
    mediation,
    signal,
    publicKey: {
      ...asked,
      challenge: bytes(asked.challenge),
    },
  });
  return credential instanceof PublicKeyCredential ? answerOf(credential) : null;
}

/** Whether somebody thought better of it, or the device has no such passkey. */
function isDeclined(failure: unknown): boolean {
  return (
    failure instanceof DOMException && ["NotAllowedError", "AbortError"].includes(failure.name)
  );
}

function sayFailure(failure: unknown): void {
  if (isDeclined(failure)) notice(say("passkey_declined"));
  else if (failure instanceof DOMException && failure.name === "InvalidStateError") {
    notice(say("passkey_known"), { error: true });
  } else noticeProblem(failure);
}

async function make(form: HTMLFormElement): Promise<void> {
  const name = new FormData(form).get("name");
  try {
    const offer = await ask<Offer>("POST", "/api/v1/me/passkeys/options");
    const answer = await made(offer);
    if (!answer) return;
    await ask("POST", "/api/v1/me/passkeys", { json: { name, answer } });
    location.reload();
  } catch (failure) {
    // The server's own step asks for the proof, and leads back here.
    if (failure instanceof Problem && failure.code === "identity.proof_needed") form.submit();
    else sayFailure(failure);
  }
}

function fill(form: HTMLFormElement, answer: Json | null): void {
  const field = form.elements.namedItem("answer");
  if (!answer || !(field instanceof HTMLInputElement)) return;
  field.value = JSON.stringify(answer);
  form.submit();
}

function wakeUse(form: HTMLFormElement): void {
  let waiting = new AbortController();
  const wait = (): void => {
    waiting.abort();
    waiting = new AbortController();
    used("conditional", waiting.signal).then(
      (answer) => fill(form, answer),
      () => undefined,
    );
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    waiting.abort();
    waiting = new AbortController();
    used("optional", waiting.signal).then((answer) => fill(form, answer), sayFailure);
  });
  void PublicKeyCredential.isConditionalMediationAvailable?.().then((available) => {
    if (!available) return;
    wait();
    setInterval(wait, ASKED_ANEW_MS);
  });
}

/** Let the forms about passkeys do what they say, where the browser knows passkeys. */
export function wakePasskeys(): void {
  if (!("PublicKeyCredential" in window)) return;
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-passkey]")) {
    form.hidden = false;
    if (form.dataset.passkey === "use") wakeUse(form);
    else {
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        void make(form);
      });
    }
  }
}
