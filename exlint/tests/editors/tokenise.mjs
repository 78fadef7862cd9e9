// Tokenises texts as VS Code does: node tokenise.mjs GRAMMAR MODULES < TEXTS, where MODULES is
// a directory that has vscode-textmate and vscode-oniguruma, and TEXTS a JSON list of strings.
// Prints for each text a list of [start, end, scopes], counted in characters of the text.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";

const [grammarPath, modules] = process.argv.slice(2);
const require = createRequire(resolve(modules, "beside-node_modules"));
const { Registry, INITIAL, parseRawGrammar } = require("vscode-textmate");
const oniguruma = require("vscode-oniguruma");

await oniguruma.loadWASM(readFileSync(require.resolve("vscode-oniguruma/release/onig.wasm")).buffer);
const registry = new Registry({
  onigLib: Promise.resolve({
    createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
    createOnigString: (text) => new oniguruma.OnigString(text),
  }),
  loadGrammar: async () => parseRawGrammar(readFileSync(grammarPath, "utf8"), grammarPath),
});
const grammar = await registry.loadGrammar("source.execline");

function tokens(text) {
  const found = [];
  let stack = INITIAL;
  let start = 0;
  for (const line of text.split("\n")) {
    const result = grammar.tokenizeLine(line, stack);
    stack = result.ruleStack;
    for (const token of result.tokens) {
      const end = Math.min(start + token.endIndex, text.length);
      found.push([start + token.startIndex, end, token.scopes.slice(1)]);
    }
    start += line.length + 1;
  }
  return found;
}

process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(tokens)));
