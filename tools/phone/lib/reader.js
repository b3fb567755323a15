/*
 * Runs the number core (test/phone/phone_read) over many lines.
 */
import { spawnSync } from "node:child_process";

/**
 * Gives the answers of the number core.
 * @param {string} program path of phone_read
 * @param {string} mode parse, classify, short or caller
 * @param {string[]} lines
 * @returns {string[]} as many
 */
export function readAll(program, mode, lines) {
  const { stdout, stderr, status, error } = spawnSync(program, [mode], {
    input: lines.map((line) => `${line}\n`).join(""),
    maxBuffer: 1 << 30,
    encoding: "utf8",
  });
  if (error) throw error;
  if (status !== 0)
    throw new Error(`${program} ended with ${status}: ${stderr}`);
  const answers = stdout.split("\n").slice(0, -1);
  if (answers.length !== lines.length) {
    throw new Error(`${answers.length} answers to ${lines.length} lines`);
  }
  return answers;
}
