// Says what isn't valid in HTML: a line of JSON for each line of JSON that comes, until the input ends.
// In: {"html": "…"}. Out: ["rule, line 3: what is wrong", …].

import { createInterface } from "node:readline";
import { HtmlValidate, StaticConfigLoader } from "html-validate";

const config = {
  extends: ["html-validate:recommended", "html-validate:document"],
  rules: {
    "aria-label-misuse": ["error", { allowAnyNamable: true }], // a list may have a name as well
    "attribute-boolean-style": "off", // Jinja's xmlattr writes required="", which says the same
    "doctype-style": ["error", { style: "lowercase" }], // as all of HTML is written here
    "form-dup-name": "off", // buttons of one form say by one name what to do, boxes of one question which were ticked
    "heading-level": ["error", { minInitialRank: "h2" }], // what stands beside the content may come before its h1
    "long-title": "off", // people name their forms, in up to a hundred characters
    "no-implicit-button-type": "off", // to send its form is what a button does in HTML
    "no-implicit-input-type": "off", // and text is what an input takes
    "require-sri": "off", // all files are our own, and their addresses change with them
    "no-trailing-whitespace": "off", // a template's indentation weighs nothing once it is compressed
  },
};
const validator = new HtmlValidate(new StaticConfigLoader(config));

for await (const line of createInterface({ input: process.stdin })) {
  const report = await validator.validateString(JSON.parse(line).html);
  const found = report.results.flatMap((result) => result.messages);
  console.log(JSON.stringify(found.map((one) => `${one.ruleId}, line ${one.line}: ${one.message}`)));
}
