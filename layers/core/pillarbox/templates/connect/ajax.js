import { initForm } from "@formspree/ajax";

initForm({ formElement: "#contact", formId: "FORM_ID", origin: "ORIGIN" });
