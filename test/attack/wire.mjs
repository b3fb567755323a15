// PostgreSQL's protocol, message by message, for what no client library sends: portals that stop half-way, several
// statements before one Sync, function calls by oid, cancels at any moment.
//
// Speaks version 3.0 over the socket of $PGHOST and $PGPORT, to a server that trusts whoever reaches it. A session keeps
// every message that it was sent.

import net from "node:net";

/** Joins the parts of a message: Buffers as they are, strings with NUL, [2|4, number] as an integer. */
function join(parts) {
  return Buffer.concat(
    parts.map((part) => {
      if (Buffer.isBuffer(part)) {
        return part;
      }
      if (typeof part === "string") {
        return Buffer.from(`${part}\0`);
      }
      const [size, value] = part;
      const bytes = Buffer.alloc(size);
      if (size === 2) {
        bytes.writeInt16BE(value);
      } else {
        bytes.writeInt32BE(value);
      }
      return bytes;
    }),
  );
}

function message(type, ...parts) {
  const body = join(parts);
  const head = Buffer.alloc(type === "" ? 4 : 5);
  head.write(type);
  head.writeInt32BE(body.length + 4, type.length);
  return Buffer.concat([head, body]);
}

/** A value as a protocol string: length, or -1, and bytes. */
function value(text) {
  return text === null || text === undefined
    ? [[4, -1]]
    : [[4, Buffer.byteLength(text)], Buffer.from(text)];
}

const query = (sql) => message("Q", sql);
const parse = (name, sql) => message("P", name, sql, [2, 0]);
const bind = (portal, name, values = []) =>
  message(
    "B",
    portal,
    name,
    [2, 0],
    [2, values.length],
    ...values.flatMap(value),
    [2, 0],
  );
const execute = (portal, rows = 0) => message("E", portal, [4, rows]);
const sync = () => message("S");
const flush = () => message("H");
const call = (oid, values) =>
  message(
    "F",
    [4, oid],
    [2, 0],
    [2, values.length],
    ...values.flatMap(value),
    [2, 0],
  );

export const send = { query, parse, bind, execute, sync, flush, call };

/** What a server's message says, as far as anybody here asks. */
function read(type, body) {
  switch (type) {
    case "E":
    case "N": {
      const fields = {};
      for (let at = 0; body[at] !== 0;) {
        const end = body.indexOf(0, at + 1);
        fields[String.fromCharCode(body[at])] = body.toString(
          "utf8",
          at + 1,
          end,
        );
        at = end + 1;
      }
      return {
        type,
        code: fields.C,
        message: fields.M,
        text: Object.entries(fields)
          .filter(([name]) => !"PLFRpq".includes(name))
          .map(([, text]) => text)
          .join(" | "),
      };
    }
    case "D":
    case "V": {
      const values = [];
      let at = type === "D" ? 2 : 0;
      for (let n = type === "D" ? body.readInt16BE(0) : 1; n > 0; n--) {
        const length = body.readInt32BE(at);
        at += 4;
        values.push(length < 0 ? null : body.toString("utf8", at, at + length));
        at += Math.max(length, 0);
      }
      return { type, values, text: values.join(" | ") };
    }
    case "A": {
      const end = body.indexOf(0, 4);
      return {
        type,
        text: `${body.toString("utf8", 4, end)} ${body.toString("utf8", end + 1, body.length - 1)}`,
      };
    }
    case "d":
      return { type, text: body.toString("utf8") };
    case "Z":
      return { type, state: String.fromCharCode(body[0]), text: "" };
    case "K":
      return { type, pid: body.readInt32BE(0), key: body.subarray(0, 8) };
    default:
      return { type, text: "" };
  }
}

function socketPath() {
  return `${process.env.PGHOST}/.s.PGSQL.${process.env.PGPORT}`;
}

export class Session {
  constructor() {
    this.inbox = [];
    this.waiting = null;
    this.closed = null;
  }

  /** Connects as a role; refused: rejects with what the server said. */
  static async connect(user, database, options = "") {
    const session = new Session();
    session.socket = net.connect(socketPath());
    let rest = Buffer.alloc(0);
    session.socket.on("data", (data) => {
      rest = Buffer.concat([rest, data]);
      while (rest.length >= 5 && rest.length > rest.readInt32BE(1)) {
        const length = rest.readInt32BE(1);
        session.inbox.push(
          read(String.fromCharCode(rest[0]), rest.subarray(5, length + 1)),
        );
        rest = rest.subarray(length + 1);
      }
      session.waiting?.();
    });
    session.socket.on("error", () => {});
    session.socket.on("close", () => {
      session.closed = true;
      session.waiting?.();
    });
    session.write(
      message(
        "",
        [4, 196608],
        "user",
        user,
        "database",
        database,
        ...(options === "" ? [] : ["options", options]),
        Buffer.alloc(1),
      ),
    );
    const said = await session.until("Z");
    session.backend = said.find((each) => each.type === "K");
    const error = said.find((each) => each.type === "E");
    if (error !== undefined || session.backend === undefined) {
      session.socket.destroy();
      throw new Error(error?.text ?? "no connection");
    }
    return session;
  }

  write(...messages) {
    this.socket.write(Buffer.concat(messages));
  }

  /** What comes until a message of one of these types has, or the connection ends: 20 seconds at most. */
  async until(types) {
    const from = this.mark ?? 0;
    for (let at = from, end = Date.now() + 20000; ;) {
      for (; at < this.inbox.length; at++) {
        if (types.includes(this.inbox[at].type)) {
          this.mark = at + 1;
          return this.inbox.slice(from, at + 1);
        }
      }
      if (this.closed) {
        this.mark = this.inbox.length;
        return this.inbox.slice(from);
      }
      if (Date.now() > end) {
        throw new Error("the server does not answer");
      }
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, 1000);
        this.waiting = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** Sends messages that end with a Sync or are a query, and gives what comes back. */
  async ask(...messages) {
    this.write(...messages);
    return this.until("Z");
  }

  /** Runs a simple query; the messages that came. */
  query(sql) {
    return this.ask(query(sql));
  }

  /** The first column of the rows, or "ERROR SQLSTATE message" as last element. */
  async values(sql) {
    return (await this.query(sql)).flatMap((each) =>
      each.type === "D"
        ? [each.values[0]]
        : each.type === "E"
          ? [`ERROR ${each.code} ${each.message}`]
          : [],
    );
  }

  /** One statement with parameters, in the extended protocol. */
  statement(sql, values) {
    return this.ask(parse("", sql), bind("", "", values), execute(""), sync());
  }

  /** Asks the server, over another connection, to cancel what runs. */
  async cancel() {
    const socket = net.connect(socketPath());
    socket.end(message("", [4, 80877102], this.backend.key));
    await new Promise((resolve) => socket.on("close", resolve).resume());
  }

  close() {
    this.socket.destroy();
  }
}
