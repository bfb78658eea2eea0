import { createClient, isSubmissionError } from "@formspree/core";

const data = DATA;
const answer = await createClient().submitForm("FORM_ID", data, { endpoint: "ORIGIN" });
if (isSubmissionError(answer)) console.error(answer.getFormErrors(), answer.getAllFieldErrors());
else console.log(answer.next);
