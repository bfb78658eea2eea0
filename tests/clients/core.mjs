// Sends each case of stdin with @formspree/core, and prints what the client made of each answer.
import { text } from "node:stream/consumers";

import { createClient, isSubmissionError } from "@formspree/core";

function body({ data, json, file }) {
  if (json) return data;
  const form = new FormData();
  for (const [name, values] of Object.entries(data)) {
    for (const value of [values].flat()) form.append(name, value);
  }
  if (file) form.append("attachment", new Blob(["words"]), "words.txt");
  return form;
}

function told(answer) {
  if (!isSubmissionError(answer)) return { next: answer.next };
  return { form: answer.getFormErrors(), fields: Object.fromEntries(answer.getAllFieldErrors()) };
}

const { endpoint, cases } = JSON.parse(await text(process.stdin));
const results = [];
for (const one of cases) {
  const client = createClient(one.project ? { project: one.project } : {});
  let answer;
  for (let n = 0; n < (one.times ?? 1); n += 1) {
    answer = await client.submitForm(one.form, body(one), { endpoint });
  }
  results.push(told(answer));
}
console.log(JSON.stringify(results));
