// Drafts, kept in the browser until they are saved. Every page works without it.
"use strict";
(() => {
  const find = (selector) => document.querySelector(selector);

  // --- drafts: what was written and not saved survives a lost line and an ended session ---
  const article = find("[data-notice]");
  const key = (form) => `desk-draft-${article.dataset.notice}-${form.dataset.draft}`;
  const field = (form) => form.querySelector("[name=text], [name=why]");
  if (article) {
    const saved = document.body.dataset.saved;
    let back = false;
    for (const form of document.querySelectorAll("[data-draft]")) {
      if (form.dataset.draft === saved) sessionStorage.removeItem(key(form));
      const kept = sessionStorage.getItem(key(form));
      if (kept !== null && kept !== field(form).value) {
        field(form).value = kept;
        form.closest("details").open = true;
        back = true;
      }
      field(form).addEventListener("input", () => sessionStorage.setItem(key(form), field(form).value));
      if (!form.matches(".write, .row")) form.addEventListener("submit", () => sessionStorage.removeItem(key(form)));
    }
    if (back) find("#draft").hidden = false;
  }

  // --- an edition: the same. What was not saved when somebody else saved keeps the revision that it was written on,
  // so that saving it shows both ---
  const making = find("form.making[data-edition]");
  if (making) {
    const place = `desk-edition-${making.dataset.edition}`;
    const hidden = (name) => making.querySelector(`input[type=hidden][name=${name}]`);
    const fields = () => [...making.querySelectorAll("input:not([type=hidden]), textarea")];
    const kept = JSON.parse(sessionStorage.getItem(place) || "null");
    const newer = kept && kept.revision !== hidden("revision").value;
    if (newer && kept.sent && making.dataset.mine) sessionStorage.removeItem(place);
    else if (kept) {
      const back = fields().filter((one) => Object.hasOwn(kept.texts, one.name) && one.value !== kept.texts[one.name]);
      for (const one of back) {
        one.value = kept.texts[one.name];
        const details = one.closest("details");
        if (details) details.open = true;
      }
      if (newer && back.length) for (const name of ["revision", "base"]) hidden(name).value = kept[name];
      find("#draft").hidden = !back.length;
    }
    const keep = (sent) => {
      const typed = fields().filter((one) => one.value !== one.defaultValue);
      if (!typed.length) return sessionStorage.removeItem(place);
      const texts = Object.fromEntries(typed.map((one) => [one.name, one.value]));
      const entry = { sent, revision: hidden("revision").value, base: hidden("base").value, texts };
      sessionStorage.setItem(place, JSON.stringify(entry));
    };
    making.addEventListener("input", () => keep(false));
    making.addEventListener("submit", () => keep(true));
  }
  for (const one of document.querySelectorAll("[data-forget]")) {
    const forget = () => sessionStorage.removeItem(`desk-edition-${one.dataset.forget}`);
    one.addEventListener(one.matches("form") ? "submit" : "click", forget);
  }
})();
