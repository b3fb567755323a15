// ESLint's recommended rules for our JavaScript: the page runs in browsers, the rest in Node.js.
//
// Vendored and generated files are not ours to style.

import js from "@eslint/js";
import globals from "globals";

export default [
  { ignores: ["build/", "var*/", "frontend/vendor/", "frontend/fonts/"] },
  js.configs.recommended,
  {
    files: ["**/*.js", "**/*.mjs"],
    languageOptions: {
      ecmaVersion: 2022,
      sourceType: "module",
      globals: globals.node,
    },
  },
  {
    files: ["**/*.cjs"],
    languageOptions: {
      ecmaVersion: 2022,
      sourceType: "commonjs",
      globals: globals.node,
    },
  },
  {
    files: ["frontend/**/*.js"],
    languageOptions: { globals: globals.browser },
  },
  {
    // Functions given to page.evaluate() run in the browser.
    files: ["test/browser/**/*.{js,mjs}"],
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
  },
];
