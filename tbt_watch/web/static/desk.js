// Keys, drafts, and what is said aloud. Every page works without it.
"use strict";
(() => {
  const page = document.body.dataset.page;
  const find = (selector) => document.querySelector(selector);
  const KEYS_OFF = "desk-keys-off";

  // --- keys ---
  const lines = () => [...document.querySelectorAll("[data-line]")];
  const current = () => document.activeElement && document.activeElement.closest("[data-line]");

  const step = (by) => {
    if (page === "notice") {
      const link = find(by > 0 ? "#after" : "#before");
      if (link) link.click();
      return;
    }
    const all = lines();
    if (!all.length) return;
    const at = all.indexOf(current());
    const next = all[Math.min(all.length - 1, Math.max(0, at < 0 ? 0 : at + by))];
    next.querySelector("h2 a").focus();
    next.scrollIntoView({ block: "nearest" });
  };

  const opened = (wish) => {
    const line = current();
    if (!line) return;
    sessionStorage.setItem("desk-wish", wish);
    line.querySelector("h2 a").click();
  };

  const edit = () => {
    if (page !== "notice") return opened("edit");
    const failing = [...document.querySelectorAll(".text")].find((one) => one.querySelector(".faults, .ours .empty"));
    const details = (failing || find(".text")).querySelector("details.edit");
    details.open = true;
    details.querySelector("textarea").focus();
  };

  const reject = () => {
    if (page !== "notice") return opened("reject");
    find("#rejecting").open = true;
    find("#reject-why").focus();
  };

  const accept = () => {
    if (page === "notice") return find("#accept").click();
    const line = current();
    const button = line && line.querySelector(".line-accept button");
    if (button) button.click();
  };

  const help = () => find("#help").showModal();
  const deeds = {
    j: () => step(1),
    k: () => step(-1),
    a: accept,
    e: edit,
    x: reject,
    u: () => find("#undo") && find("#undo").click(),
    "/": () => find("#q").focus(),
    "?": help,
  };

  document.addEventListener("keydown", (event) => {
    const at = event.target;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape" && at.matches("input, textarea, select")) return at.blur();
    if (at.matches("input:not([type=checkbox]), textarea, select") || find("dialog[open]")) return;
    if (localStorage.getItem(KEYS_OFF) && event.key !== "?") return;
    const deed = Object.hasOwn(deeds, event.key) && deeds[event.key];
    if (!deed) return;
    event.preventDefault();
    deed();
  });

  const button = find("#keys");
  if (button) {
    button.hidden = false;
    button.addEventListener("click", help);
    const box = find("#keys-on");
    box.checked = !localStorage.getItem(KEYS_OFF);
    box.addEventListener("change", () =>
      box.checked ? localStorage.removeItem(KEYS_OFF) : localStorage.setItem(KEYS_OFF, "1"),
    );
  }

  const wish = sessionStorage.getItem("desk-wish");
  sessionStorage.removeItem("desk-wish");
  if (page === "notice" && wish) ({ edit, reject })[wish]();

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

  // --- said aloud: a live region speaks only when its words change after the page is there ---
  const done = find("#done p");
  if (done) {
    const words = done.textContent;
    done.textContent = "";
    requestAnimationFrame(() => setTimeout(() => (done.textContent = words), 100));
  }
})();
