// The live parts of the desk. Every page works without this file.
"use strict";

// Steps of a look as they come; at its end the page is asked for again.
for (const box of document.querySelectorAll("[data-events]")) {
  const list = box.querySelector("[data-steps]");
  const steps = new EventSource(box.dataset.events);
  list.replaceChildren();
  steps.addEventListener("step", (event) => {
    const [url, ...rest] = event.data.split(" ");
    let line = list.lastElementChild;
    if (!line || line.dataset.url !== url) {
      line = document.createElement("li");
      line.dataset.url = url;
      list.append(line);
    }
    const outcome = document.createElement("span");
    outcome.className = rest.length ? "quiet" : "busy";
    outcome.textContent = rest.join(" ");
    line.replaceChildren(document.createElement("span"), Object.assign(document.createElement("span"), { textContent: url }), outcome);
  });
  steps.addEventListener("done", () => {
    steps.close();
    location.reload();
  });
}

// A page about something that is still under way looks again, and takes over what is new: no page is loaded anew
// under the hands of whoever reads it, and nothing changes while somebody types in it.
const main = document.getElementById("main");
const lookAgain = async () => {
  let wait = Number(main.querySelector("[data-reload]").dataset.reload);
  try {
    const answer = await fetch(location.href);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("main");
    if (answer.ok && fresh && !main.querySelector(":focus:is(input, textarea, select)")) {
      const note = main.querySelector(":scope > .note[role=status]");
      main.replaceChildren(...(note ? [note] : []), ...fresh.childNodes);
      if (!main.querySelector("[data-reload]")) wait = 0;
    }
  } catch {
    // the server is away: it is asked again
  }
  if (wait) setTimeout(lookAgain, wait);
};
if (main && main.querySelector("[data-reload]")) {
  setTimeout(lookAgain, Number(main.querySelector("[data-reload]").dataset.reload));
}

// A form that is tried while it is typed: its answer takes the place of a part of the page. Nothing moves while a
// button is pressed, or the click would be lost; once the form is sent, nothing is tried any more.
for (const form of document.querySelectorAll("form[data-live]")) {
  const part = document.getElementById(form.dataset.live);
  const button = form.querySelector("[data-try]");
  let timer = 0;
  let asking = null;
  let pressed = false;
  let waiting = null;
  const show = (text) => {
    if (pressed) waiting = text;
    else part.innerHTML = text;
  };
  const stop = () => {
    clearTimeout(timer);
    if (asking) asking.abort();
  };
  const tryIt = async () => {
    stop();
    const mine = (asking = new AbortController());
    const fields = new URLSearchParams(new FormData(form));
    fields.set("do", form.dataset.do || "try");
    part.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(form.action, { method: "POST", body: fields, headers: { "X-Desk-Part": "1" }, signal: mine.signal });
      const text = await answer.text();
      if (answer.ok) show(text);
    } catch {
      // given up for a newer try, or the server is away: what is shown stays
    } finally {
      if (asking === mine) part.removeAttribute("aria-busy");
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(tryIt, 250);
  });
  form.addEventListener("submit", stop);
  addEventListener("pointerdown", () => (pressed = true), true);
  for (const end of ["pointerup", "pointercancel"]) {
    addEventListener(end, () => setTimeout(() => {
      pressed = false;
      if (waiting !== null) show(waiting);
      waiting = null;
    }), true);
  }
  button.addEventListener("click", (event) => {
    event.preventDefault();
    tryIt();
  });
}
