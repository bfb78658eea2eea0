// A page with @formspree/react. `show` draws a form with the inputs of a case; what the hooks say stands in the page.
import { createRoot } from "react-dom/client";
import { flushSync } from "react-dom";

import { FormspreeProvider, useForm, useSubmit, ValidationError } from "@formspree/react";

function Inputs({ data, file }) {
  return (
    <>
      {Object.entries(data).flatMap(([name, values]) =>
        [values].flat().map((value, n) => <input key={`${name}-${n}`} name={name} defaultValue={value} />),
      )}
      {file && <input type="file" name="attachment" />}
    </>
  );
}

function WithForm({ form, endpoint, data, file, extra }) {
  const [state, handleSubmit] = useForm(form, { endpoint, data: extra });
  const fields = state.errors?.getAllFieldErrors() ?? [];
  return (
    <form onSubmit={handleSubmit}>
      <Inputs data={data} file={file} />
      <ValidationError id="whole" errors={state.errors} />
      {Object.keys(data).map((name) => (
        <ValidationError key={name} className="field" field={name} prefix={name} errors={state.errors} />
      ))}
      <button disabled={state.submitting}>Send</button>
      {state.succeeded && <output>{JSON.stringify({ next: state.result.next })}</output>}
      {state.errors && (
        <output>{JSON.stringify({ form: state.errors.getFormErrors(), fields: Object.fromEntries(fields) })}</output>
      )}
    </form>
  );
}

function WithSubmit({ form, endpoint, data, report }) {
  const submit = useSubmit(form, { origin: endpoint });
  const send = async (event) => {
    event.preventDefault();
    report(await submit(data));
  };
  return (
    <form onSubmit={send}>
      <button>Send</button>
    </form>
  );
}

const root = createRoot(document.body.appendChild(document.createElement("div")));
window.show = ({ project, hook, ...props }) => {
  const report = (answer) => {
    const said = document.body.appendChild(document.createElement("output"));
    said.textContent = JSON.stringify({ kind: answer.kind, next: answer.next });
  };
  const shown = hook === "useSubmit" ? <WithSubmit {...props} report={report} /> : <WithForm {...props} />;
  flushSync(() => root.render(<FormspreeProvider project={project}>{shown}</FormspreeProvider>));
};
