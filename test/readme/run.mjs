// Runs what README.md tells a newcomer to run, in a fresh clone, in order.
//
// A block marked "sh" is run; one marked "text" right after it is what it must print,
// with "…" for anything.  "make run" is started as in a terminal of its own, and ended
// with Ctrl-C at the end; the other blocks share one shell.  Blocks with other marks
// are for reading.  The clone is what git would check out if the work tree were
// committed: without build products, node_modules or private clusters.

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const BUILD_SECONDS = 300;
const BLOCK_SECONDS = 60;

let points = 0;
let failures = 0;

/** Prints a test point, and its explanation when it failed. */
function point(good, name, explanation = "") {
  points += 1;
  console.log(`${good ? "ok" : "not ok"} ${points} - ${name}`);
  if (!good) {
    failures += 1;
    console.log(explanation.replace(/^/gm, "# "));
  }
  return good;
}

/** Returns the fenced blocks of a Markdown text: mark, text, line, and whether it follows another at once. */
function blocksOf(markdown) {
  const blocks = [];
  let block = null;
  let gap = true;
  markdown.split("\n").forEach((line, index) => {
    if (block === null && line.startsWith("```")) {
      block = {
        mark: line.slice(3).trim(),
        lines: [],
        at: index + 1,
        follows: !gap,
      };
    } else if (block !== null && line === "```") {
      blocks.push(block);
      block = null;
      gap = false;
    } else if (block !== null) {
      block.lines.push(line);
    } else if (line.trim() !== "") {
      gap = true;
    }
  });
  return blocks;
}

/** Tells whether a text is what a README block says, "…" standing for anything within a line. */
function matches(text, wanted) {
  const pattern = wanted
    .trim()
    .split("…")
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
    .join(".*");
  return new RegExp(`^${pattern}$`).test(text.trim());
}

/** Copies the files that git knows or would add to a new directory that any account can enter. */
function freshClone(target) {
  const list = execFileSync("git", ["ls-files", "-zco", "--exclude-standard"], {
    encoding: "utf8",
  });
  for (const file of list
    .split("\0")
    .filter((name) => name !== "" && existsSync(name))) {
    cpSync(file, join(target, file));
  }
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  return port;
}

/** Returns the environment without anything of another instance. */
function cleanEnvironment(additions) {
  const foreign = /^(CALLCENTER_|PG(?!_CONFIG)|MAKE|MFLAGS)/;
  return {
    ...Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !foreign.test(name)),
    ),
    ...additions,
  };
}

/** Waits until a test is true; false when time is up or the process has ended. */
async function until(test, seconds, child) {
  const deadline = Date.now() + seconds * 1000;
  while (!test()) {
    if (Date.now() > deadline || (child && child.exitCode !== null)) {
      return false;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return true;
}

/** A shell that runs one block after another and says what each printed and how it ended. */
class Shell {
  // Blocks come as file names on descriptor 3, so that no command in them can read the next one.
  static LOOP =
    'set -e; while read -r block <&3; do . "$block"; echo "end of $block"; done';

  constructor(directory, environment) {
    this.directory = directory;
    this.environment = environment;
    this.start();
  }

  start() {
    this.output = "";
    this.child = spawn("sh", ["-c", Shell.LOOP], {
      cwd: this.directory,
      env: this.environment,
      stdio: ["ignore", "pipe", "pipe", "pipe"],
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => (this.output += text));
    }
  }

  async run(script) {
    if (this.child.exitCode !== null) {
      this.start();
    }
    const file = join(this.directory, "build", `block-${points}`);
    const end = `end of ${file}\n`;
    writeFileSync(file, `${script}\n`);
    this.output = "";
    this.child.stdio[3].write(`${file}\n`);
    const ended = await until(
      () => this.output.endsWith(end),
      BLOCK_SECONDS,
      this.child,
    );
    return {
      status: ended ? 0 : (this.child.exitCode ?? "none: it did not end"),
      output: ended ? this.output.slice(0, -end.length) : this.output,
    };
  }

  end() {
    this.child.stdio[3].end();
  }
}

/** Returns the pids of processes that work below a directory. */
function processesIn(directory) {
  return readdirSync("/proc").filter((pid) => {
    try {
      return (
        /^\d+$/.test(pid) &&
        readlinkSync(`/proc/${pid}/cwd`).startsWith(`${directory}/`)
      );
    } catch {
      return false;
    }
  });
}

async function main() {
  const clone = mkdtempSync(join(tmpdir(), "readme-"));
  chmodSync(clone, 0o755);
  freshClone(clone);
  const environment = cleanEnvironment({
    CALLCENTER_HTTP_PORT: String(await freePort()),
  });

  const blocks = blocksOf(readFileSync("README.md", "utf8"));
  let said = "";
  let server = null;
  let shell = null;
  try {
    for (const [index, block] of blocks.entries()) {
      if (block.mark !== "sh") {
        continue;
      }
      const script = block.lines.join("\n");
      const name = `README.md:${block.at} ${block.lines[0]}`;
      if (script === "make run") {
        server = spawn("make", ["run"], {
          cwd: clone,
          env: environment,
          detached: true,
          stdio: ["ignore", "pipe", "pipe"],
        });
        for (const stream of [server.stdout, server.stderr]) {
          stream.setEncoding("utf8").on("data", (text) => (said += text));
        }
        const up = await until(
          () => said.includes("Ctrl-C stops it"),
          BUILD_SECONDS,
          server,
        );
        if (!point(up, name, said)) {
          break;
        }
        shell = new Shell(clone, environment);
        continue;
      }
      if (shell === null) {
        point(false, name, "a block before make run");
        break;
      }
      const { status, output } = await shell.run(script);
      point(status === 0, name, `exit status ${status}\n${output}`);
      const next = blocks[index + 1];
      if (next?.mark === "text" && next.follows) {
        point(
          matches(output, next.lines.join("\n")),
          `${name}: prints what README says`,
          output,
        );
      }
    }
  } finally {
    shell?.end();
    if (server !== null) {
      // What a terminal does at Ctrl-C: SIGINT to every process of the foreground group.
      if (server.exitCode === null) {
        process.kill(-server.pid, "SIGINT");
        await until(
          () => server.exitCode !== null || server.signalCode !== null,
          BLOCK_SECONDS,
        );
      }
      point(
        processesIn(clone).length === 0,
        "Ctrl-C leaves no process",
        processesIn(clone).join(" "),
      );
    }
    execFileSync("tools/cluster/cluster", ["reset"], {
      cwd: clone,
      env: environment,
      stdio: "ignore",
    });
    rmSync(clone, { recursive: true, force: true });
  }
  console.log(`1..${points}`);
  process.exitCode = failures === 0 ? 0 : 1;
}

await main();
