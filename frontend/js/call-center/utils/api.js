/**
 * The only caller of fetch. Every answer is JSON; every failure becomes one
 * ApiError that says of what kind it is. The session is two HttpOnly cookies:
 * no token is ever seen here. The token lasts minutes; it is exchanged shortly
 * before its end, or when an answer says that it has ended, and the request is
 * then sent once more. One tab exchanges at a time (a lock of the browser's),
 * and those that waited take what it got. When the session itself has ended,
 * the request waits until the person has signed in again; nothing on the page
 * is lost.
 *
 * @typedef {import("../types.js").Session} Session
 * @typedef {import("../types.js").CallPage} CallPage
 * @typedef {import("../types.js").Call} Call
 * @typedef {import("../types.js").Customer} Customer
 * @typedef {{ signal?: AbortSignal, quiet?: boolean }} Options quiet: an ended
 *   session is an error like others, nobody is asked to sign in again
 */

import { recall, remember } from "./store.js";

const TIMEOUT = 20_000; // ms; the server's own deadlines are shorter
const EARLY = 30_000; // ms before its end that a token is exchanged, if it lasts that long

export class ApiError extends Error {
  /**
   * @param {"http" | "offline" | "timeout" | "aborted"} kind
   * @param {number} status HTTP status, 0 when there was no answer
   * @param {{ message?: string, error?: string, code?: string, field?: string, ref?: string, retryAfter?: number }} [body]
   */
  constructor(kind, status, body = {}) {
    super(body.message ?? body.error ?? kind);
    this.kind = kind;
    this.status = status;
    this.code = body.code ?? "";
    this.field = body.field ?? "";
    this.ref = body.ref ?? "";
    this.retryAfter = body.retryAfter ?? 0;
  }
}

/** @param {unknown} error @returns {error is ApiError} */
const isEnded = (error) => error instanceof ApiError && error.status === 401;

export class Api {
  /** @type {Promise<boolean> | null} */
  #asking = null;

  /** @type {Promise<boolean> | null} */
  #exchanging = null;

  /** When to exchange the token, by the clock of performance.now(). */
  #due = Infinity;

  /**
   * @param {{ signInAgain: () => Promise<boolean>, reached: (ok: boolean) => void }} hooks
   *   signInAgain resolves true once there is a session again; reached tells
   *   whether the server answered at all
   */
  constructor(hooks) {
    this.hooks = hooks;
  }

  /** @param {Options} [options] @returns {Promise<Session>} */
  session(options) {
    return this.#send("GET", "/api/session", undefined, options);
  }

  /**
   * @param {string} email @param {string} password
   * @returns {Promise<Session>}
   */
  signIn(email, password) {
    return this.#once("POST", "/api/session", { email, password }, {});
  }

  /** @returns {Promise<void>} */
  async signOut() {
    await this.#once("DELETE", "/api/session", undefined, {});
    this.#due = Infinity;
  }

  /**
   * @param {string} companyId
   * @param {Record<string, string | number>} params
   * @param {Options} [options]
   * @returns {Promise<CallPage>}
   */
  listCalls(companyId, params, options) {
    const query = new URLSearchParams(
      Object.entries(params).map(([k, v]) => [k, String(v)]),
    );
    return this.#send(
      "GET",
      path`/api/admin/call-history/${companyId}` + `?${query}`,
      undefined,
      options,
    );
  }

  /**
   * @param {string} companyId
   * @param {string} callId
   * @param {Options} [options]
   * @returns {Promise<{ call: Call }>}
   */
  getCall(companyId, callId, options) {
    return this.#send(
      "GET",
      path`/api/admin/call-history/${companyId}/${callId}`,
      undefined,
      options,
    );
  }

  /**
   * The access codes of a call in clear. The server writes down who asked.
   * @param {string} companyId
   * @param {string} callId
   * @param {Options} [options]
   * @returns {Promise<{ call: Pick<Call, "captured"> }>}
   */
  revealCall(companyId, callId, options) {
    return this.#send(
      "POST",
      path`/api/admin/call-history/${companyId}/${callId}/reveal`,
      {},
      options,
    );
  }

  /**
   * @param {string} companyId
   * @param {string} customerId
   * @param {Options} [options]
   * @returns {Promise<{ customer: Customer }>}
   */
  getCustomer(companyId, customerId, options) {
    return this.#send(
      "GET",
      path`/api/admin/customers/${companyId}/${customerId}`,
      undefined,
      options,
    );
  }

  /**
   * @param {string} method
   * @param {string} url
   * @param {unknown} body
   * @param {Options} [options]
   * @returns {Promise<any>}
   */
  async #send(method, url, body, options = {}) {
    if (performance.now() >= this.#due) {
      // Should it fail, the answer to the request itself will tell.
      await this.#exchange().catch(() => {});
      options.signal?.throwIfAborted();
    }
    try {
      return await this.#once(method, url, body, options);
    } catch (error) {
      if (!isEnded(error)) {
        throw error;
      }
      if (await this.#exchange()) {
        options.signal?.throwIfAborted();
        try {
          return await this.#once(method, url, body, options);
        } catch (again) {
          if (!isEnded(again)) {
            throw again;
          }
        }
      }
      if (!(await this.#ask(options))) {
        throw error;
      }
      options.signal?.throwIfAborted();
      return this.#once(method, url, body, options);
    }
  }

  /**
   * Has the person sign in again; all requests that fail meanwhile wait for
   * the same answer.
   * @param {Options} options
   */
  async #ask(options) {
    if (options.quiet) {
      return false;
    }
    this.#asking ??= this.hooks.signInAgain().finally(() => {
      this.#asking = null;
    });
    return this.#asking;
  }

  /** Exchanges the token; false when the session has ended. */
  #exchange() {
    this.#exchanging ??= this.#exchangeAlone().finally(() => {
      this.#exchanging = null;
    });
    return this.#exchanging;
  }

  /** @returns {Promise<boolean>} */
  async #exchangeAlone() {
    const before = recall("exchanged");
    const exchange = async () => {
      this.#due = Infinity;
      if (recall("exchanged") !== before) {
        return true; // by another tab, while this one waited
      }
      try {
        await this.#once("POST", "/api/session/refresh", undefined, {});
        remember("exchanged", String(Date.now()));
        return true;
      } catch (error) {
        if (isEnded(error)) {
          return false;
        }
        throw error;
      }
    };
    return navigator.locks
      ? navigator.locks.request("callcenter-session", exchange)
      : exchange();
  }

  /**
   * Notes when the token ends, by the server's clock.
   * @param {Response} response
   * @param {any} json
   */
  #noteEnd(response, json) {
    const lasts =
      Date.parse(json.expiresAt) -
      Date.parse(response.headers.get("Date") ?? "");
    if (lasts > 0) {
      this.#due = performance.now() + lasts - Math.min(EARLY, lasts / 4);
    }
  }

  /**
   * @param {string} method
   * @param {string} url
   * @param {unknown} body
   * @param {Options} options
   * @returns {Promise<any>}
   */
  async #once(method, url, body, options) {
    const timeout = AbortSignal.timeout(TIMEOUT);
    /** @type {RequestInit} */
    const init = {
      method,
      credentials: "same-origin",
      headers: { Accept: "application/json" },
      signal: options.signal
        ? AbortSignal.any([options.signal, timeout])
        : timeout,
    };
    if (body !== undefined) {
      init.headers = {
        Accept: "application/json",
        "Content-Type": "application/json",
      };
      init.body = JSON.stringify(body);
    }
    /** @type {Response} */
    let response;
    /** @type {any} */
    let json;
    try {
      response = await fetch(url, init);
      json = response.status === 204 ? {} : await response.json();
    } catch (error) {
      if (options.signal?.aborted) {
        throw new ApiError("aborted", 0);
      }
      if (timeout.aborted) {
        throw new ApiError("timeout", 0);
      }
      if (error instanceof SyntaxError) {
        throw new ApiError("http", 502);
      }
      this.hooks.reached(false);
      throw new ApiError("offline", 0);
    }
    this.hooks.reached(true);
    if (!response.ok) {
      throw new ApiError("http", response.status, {
        ...json,
        retryAfter: Number(response.headers.get("Retry-After")) || 0,
      });
    }
    if (url.startsWith("/api/session")) {
      this.#noteEnd(response, json);
    }
    return json;
  }
}

/**
 * A URL path whose parts are escaped.
 * @param {TemplateStringsArray} strings
 * @param {string[]} parts
 */
function path(strings, ...parts) {
  return String.raw({ raw: strings }, ...parts.map(encodeURIComponent));
}
