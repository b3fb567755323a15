#!/usr/bin/env node
/*
 * Makes extension/phone_tables.h out of the pinned metadata.
 *
 *	node generate.js [--package NAME] [--output FILE]
 *
 * NAME is a package under node_modules (default google-libphonenumber); FILE
 * defaults to the header of the extension.  The same package gives the same
 * bytes.  Prints what the tables hold.
 */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { renderHeader } from "./lib/header.js";
import { readMetadata } from "./lib/metadata.js";
import { buildModel } from "./lib/model.js";

const { values } = parseArgs({
  options: {
    package: { type: "string", default: "google-libphonenumber" },
    output: {
      type: "string",
      default: fileURLToPath(
        new URL("../../extension/phone_tables.h", import.meta.url),
      ),
    },
  },
});

const model = buildModel(readMetadata(values.package));
const header = renderHeader(model);
writeFileSync(values.output, header);

const { grammar, counts } = model;
console.log(
  [
    `metadata ${model.version}: ${model.regionCount} regions, ${model.codes.length} calling codes`,
    `${model.states.length} states (regions ${counts.statesOfRegions}, classes ${counts.statesOfClasses}, formats ${counts.statesOfFormats}), ${model.prefixStates.length} prefix states, ${model.outcomes.length - 1} outcomes, ${model.formats.length} formats`,
    `grammar: ${grammar.classes} character classes, ${grammar.viable.states.length} + ${grammar.extension.states.length} states`,
    `header ${Math.round(header.length / 1024)} KiB`,
  ].join("\n"),
);
