import { useForm, ValidationError } from "@formspree/react";

export default function Contact() {
  const [state, handleSubmit] = useForm("FORM_ID", { endpoint: "ORIGIN" });
  if (state.succeeded) return <p>Thank you.</p>;

  return (
    <form onSubmit={handleSubmit}>
FIELDS
ERRORS
      <ValidationError errors={state.errors} />
      <button disabled={state.submitting}>Send</button>
    </form>
  );
}
