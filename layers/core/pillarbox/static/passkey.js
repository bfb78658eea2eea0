// Passkeys: what the browser and the device have to do, around an ordinary form that carries the answer.

const text = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)))
  .replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
const bytes = (base64url) => Uint8Array.from(
  atob(base64url.replaceAll("-", "+").replaceAll("_", "/")),
  (character) => character.charCodeAt(0),
);

function wanted(options) {
  const keys = (list) => list?.map((key) => ({ ...key, id: bytes(key.id) }));
  return {
    ...options,
    challenge: bytes(options.challenge),
    ...(options.user && { user: { ...options.user, id: bytes(options.user.id) } }),
    ...(options.excludeCredentials && { excludeCredentials: keys(options.excludeCredentials) }),
    ...(options.allowCredentials && { allowCredentials: keys(options.allowCredentials) }),
  };
}

function sent(credential) {
  const { response } = credential;
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: Object.fromEntries(parts.filter((name) => response[name]).map((name) => [name, text(response[name])])),
  });
}

const WORDS = {
  InvalidStateError: "This device has a passkey for this account already.",
  NotAllowedError: "Nothing was done: it was called off, or took too long. Try again.",
  SecurityError: "Passkeys need a secure address: https, or localhost.",
};

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const words = form.querySelector("[data-passkey-words]");
  const say = (sentence) => {
    words.textContent = sentence;
    words.hidden = false;
    words.setAttribute("role", "alert");
  };
  form.addEventListener("submit", async (event) => {
    if (form.elements.passkey.value) return;
    event.preventDefault();
    if (!window.PublicKeyCredential) {
      say("This browser knows no passkeys.");
      return;
    }
    const publicKey = wanted(JSON.parse(form.dataset.options));
    try {
      const credential = await navigator.credentials[form.dataset.passkey]({ publicKey });
      form.elements.passkey.value = sent(credential);
      form.requestSubmit();
    } catch (error) {
      say(WORDS[error.name] ?? `The browser says: ${error.message}`);
    }
  });
}
