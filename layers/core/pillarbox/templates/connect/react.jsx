import { useState } from "react";

export default function Contact() {
  const [status, setStatus] = useState("");

  async function send(event) {
    event.preventDefault();
    const form = event.currentTarget;
SEND
    setStatus(said.message);
    if (said.ok) form.reset();
  }

  return (
    <form action="ADDRESS" method="post" onSubmit={send}>
FIELDS
      <button>Send</button>
      <p role="status">{status}</p>
    </form>
  );
}
