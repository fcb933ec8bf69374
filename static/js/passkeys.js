// Asks the device for a passkey, or to make one, and sends what it answers with the form. Forms
// with data-passkey are hidden until there is this script and a browser that knows passkeys:
// "create" and "get" take their options from the element that data-passkey-options names, "login"
// asks the form's address for them.
(() => {
  if (!window.PublicKeyCredential) return;

  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  // The options as the browser takes them: bytes in place of their base64url.
  const decoded = ({ publicKey }) => {
    const options = { ...publicKey, challenge: bytes(publicKey.challenge) };
    if (publicKey.user) options.user = { ...publicKey.user, id: bytes(publicKey.user.id) };
    for (const list of ["allowCredentials", "excludeCredentials"]) {
      options[list] = (publicKey[list] || []).map((one) => ({ ...one, id: bytes(one.id) }));
    }
    return options;
  };

  const encoded = (credential) => {
    const response = {};
    for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[part]) response[part] = text(credential.response[part]);
    }
    return JSON.stringify({
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      response,
      clientExtensionResults: credential.getClientExtensionResults(),
    });
  };

  const asked = async (form) => {
    if (form.dataset.passkey !== "login") {
      const { request_options, creation_options } = JSON.parse(
        document.getElementById(form.dataset.passkeyOptions).textContent,
      );
      return decoded(request_options || creation_options);
    }
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new TypeError(`${answer.status} ${form.action}`);
    return decoded((await answer.json()).request_options);
  };

  const fill = async (form) => {
    const publicKey = await asked(form);
    let credential;
    if (form.dataset.passkey === "create") {
      const alone = form.elements.passwordless?.checked;
      publicKey.authenticatorSelection = {
        ...publicKey.authenticatorSelection,
        residentKey: alone ? "required" : "discouraged",
        requireResidentKey: Boolean(alone),
        userVerification: alone ? "required" : "preferred",
      };
      credential = await navigator.credentials.create({ publicKey });
    } else {
      credential = await navigator.credentials.get({ publicKey });
    }
    form.elements.credential.value = encoded(credential);
    form.submit();
  };

  const failed = document.querySelector("[data-passkey-failed]");
  for (const form of document.querySelectorAll("[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      failed.hidden = true;
      try {
        await fill(form);
      } catch (error) {
        if (!(error instanceof DOMException || error instanceof TypeError)) throw error;
        failed.hidden = false;
      }
    });
  }
})();
