// Keys, and what is said aloud. Every page works without it.
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

  // --- said aloud: a live region speaks only when its words change after the page is there ---
  const done = find("#done p");
  if (done) {
    const words = done.textContent;
    done.textContent = "";
    requestAnimationFrame(() => setTimeout(() => (done.textContent = words), 100));
  }
})();
