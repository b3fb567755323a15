/**
 * The only caller of fetch. Every answer is JSON; every failure becomes one
 * ApiError that says of what kind it is. The session is an HttpOnly cookie:
 * no token is ever seen here. When the session has ended during work, the
 * request waits until the person has signed in again and is then sent once
 * more; nothing on the page is lost.
 *
 * @typedef {import("../types.js").Session} Session
 * @typedef {import("../types.js").CallPage} CallPage
 * @typedef {import("../types.js").Call} Call
 * @typedef {import("../types.js").Customer} Customer
 * @typedef {{ signal?: AbortSignal, quiet?: boolean }} Options quiet: an ended
 *   session is an error like others, nobody is asked to sign in again
 */

const TIMEOUT = 20_000; // ms; the server's own deadlines are shorter

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

export class Api {
  /** @type {Promise<boolean> | null} */
  #asking = null;

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
    try {
      return await this.#once(method, url, body, options);
    } catch (error) {
      if (
        !(error instanceof ApiError) ||
        error.status !== 401 ||
        options.quiet
      ) {
        throw error;
      }
      // All requests that fail meanwhile wait for the same answer.
      this.#asking ??= this.hooks.signInAgain().finally(() => {
        this.#asking = null;
      });
      if (!(await this.#asking)) {
        throw error;
      }
      options.signal?.throwIfAborted();
      return this.#once(method, url, body, options);
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
