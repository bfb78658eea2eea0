// Bundles what stdin holds (an entry and the files that it imports, JSX or Vue) for a browser, and prints it.
import { dirname } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

import { compileScript, parse } from "@vue/compiler-sfc";
import { build } from "esbuild";

const resolveDir = dirname(fileURLToPath(import.meta.url));
const { entry, files } = JSON.parse(await text(process.stdin));

function load({ path }) {
  if (!path.endsWith(".vue")) return { contents: files[path], loader: "jsx", resolveDir };
  const { descriptor, errors } = parse(files[path], { filename: path });
  if (errors.length) throw errors[0];
  const { content } = compileScript(descriptor, { id: path, inlineTemplate: true });
  return { contents: content, loader: "js", resolveDir };
}

const pasted = {
  name: "pasted",
  setup(plugins) {
    plugins.onResolve({ filter: /^\.\// }, ({ path }) => {
      const name = path.slice(2);
      return name in files ? { path: name, namespace: "pasted" } : undefined;
    });
    plugins.onLoad({ filter: /.*/, namespace: "pasted" }, load);
  },
};

const { outputFiles } = await build({
  stdin: { contents: entry, loader: "jsx", resolveDir },
  bundle: true,
  define: {
    "process.env.NODE_ENV": '"production"',
    __VUE_OPTIONS_API__: "false",
    __VUE_PROD_DEVTOOLS__: "false",
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false",
  },
  format: "iife",
  jsx: "automatic",
  logLevel: "error",
  mainFields: ["module", "main"], // @formspree/ajax has a script without exports for "browser"
  plugins: [pasted],
  write: false,
});
console.log(outputFiles[0].text);
