/* The keyboard, buttons that copy addresses, and times in the reader's own zone.
   A page does all that it is for without this script. */
"use strict";

(() => {
  const words = document.currentScript.dataset;
  const told = document.documentElement.lang;
  const language = told === "en" ? "en-GB" : told || undefined; // as the page itself writes days

  // Times: each <time data-show="clock|day|moment"> has its moment in `datetime`.

  const forms = {
    clock: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
    day: { day: "numeric", month: "long", year: "numeric" },
    moment: { day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  };
  const written = Object.fromEntries(
    Object.entries(forms).map(([name, form]) => [name, new Intl.DateTimeFormat(language, form)]),
  );
  const dayOf = (when) =>
    [when.getFullYear(), when.getMonth() + 1, when.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
  for (const time of document.querySelectorAll("time[data-show]")) {
    const when = new Date(time.dateTime);
    if (Number.isNaN(when.getTime())) continue;
    const heading = time.closest("section.day")?.querySelector("h2 time");
    const elsewhere = time.dataset.show === "clock" && heading && heading.dateTime !== dayOf(when);
    time.textContent = written[elsewhere ? "moment" : time.dataset.show].format(when);
  }
  const zone = document.getElementById("zone");
  if (zone) zone.textContent = zone.dataset.own;

  // Copying: a button beside each address.

  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return false; // not allowed here, as on a page without https: the address can be marked by hand
    }
  };
  for (const code of document.querySelectorAll(".subscribe code")) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = words.copy;
    button.setAttribute("aria-label", `${words.copy}: ${code.textContent}`);
    button.addEventListener("click", async () => {
      if (await copy(code.textContent)) {
        button.textContent = words.copied;
        setTimeout(() => (button.textContent = words.copy), 2000);
      } else {
        getSelection().selectAllChildren(code);
      }
    });
    code.parentElement.append(button);
  }

  // The keyboard: j and k go through the stories, o opens one, / searches, ? tells of the keys.

  const stories = [...document.querySelectorAll("#stories article, #stories .topics > li")];
  const link = (story) => story.querySelector("h3 a");
  const keys = document.getElementById("keys");
  let at = -1;

  const go = (to) => {
    if (!stories.length) return;
    const before = stories[at];
    at = Math.max(0, Math.min(stories.length - 1, to));
    before?.classList.remove("current");
    stories[at].classList.add("current");
    link(stories[at])?.focus({ preventScroll: true });
    stories[at].scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("focusin", (event) => {
    const found = stories.findIndex((story) => story.contains(event.target));
    if (found >= 0 && found !== at) {
      stories[at]?.classList.remove("current");
      at = found;
      stories[at].classList.add("current");
    }
  });
  const open = (...kinds) => {
    const within = stories[at] ?? document.querySelector("article#stories") ?? stories[0] ?? document;
    kinds.map((kind) => within.querySelector(kind)).find((link) => link)?.click();
  };
  const acts = {
    j: () => go(at + 1),
    k: () => go(at - 1),
    o: () => open("a.more", "a.original", "h3 a"),
    v: () => open("a.original", "h3 a"),
    "/": () => document.querySelector("input[type=search]")?.focus(),
    "?": () => keys?.showModal(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || keys?.open) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
})();
