// What pages do beyond links and forms. Without it everything still works; nothing personal is kept in the browser.
(() => {
  "use strict";
  const one = (selector, within = document) => within.querySelector(selector);

  // The person's time zone, for how moments are written from the next page on.
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone && !document.cookie.includes(`iescp-zone=${zone}`)) {
    document.cookie = `iescp-zone=${zone}; Path=/; SameSite=Lax; Max-Age=31536000`;
  }

  // A sentence at the edge, with something to do; it stays until it is dismissed.
  const toasts = () => one("#toasts");
  const toast = (sentence, name, act) => {
    const place = toasts();
    if (!place || one(`[data-sentence="${CSS.escape(sentence)}"]`, place)) return;
    const box = document.createElement("div");
    box.className = "toast";
    box.dataset.sentence = sentence;
    const text = document.createElement("p");
    text.textContent = sentence;
    box.append(text, button(name, () => { box.remove(); act(); }), button(place.dataset.dismiss, () => box.remove()));
    place.append(box);
  };
  const button = (name, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = name;
    made.addEventListener("click", act);
    return made;
  };

  // Waiting shows at once; nothing is sent twice.
  let waiting = 0;
  const busy = (by) => {
    waiting = Math.max(0, waiting + by);
    const bar = one(".busy");
    if (waiting && !bar) document.body.append(Object.assign(document.createElement("div"), { className: "busy" }));
    if (!waiting && bar) bar.remove();
  };
  let updating = false;
  document.addEventListener("htmx:before:request", () => busy(1));
  document.addEventListener("htmx:finally:request", () => busy(-1));
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.classList.contains("sending")) event.preventDefault();
    else if (form.method === "post") {
      form.classList.add("sending");
      setTimeout(() => form.classList.remove("sending"), 4000);
    }
  }, true);
  document.addEventListener("htmx:finally:request", () => document.querySelectorAll("form.sending").forEach((form) => form.classList.remove("sending")));

  // What is left empty in a filter does not stand in the address.
  document.addEventListener("formdata", ({ target, formData }) => {
    if (target.method === "get") for (const [name, value] of [...formData]) if (value === "") formData.delete(name);
  });

  // A request that did not arrive can be sent again.
  document.addEventListener("htmx:error", (event) => {
    const source = event.detail?.ctx?.sourceElement;
    const again = () => source?.matches?.("form") ? source.requestSubmit() : source?.isConnected ? source.click?.() : location.reload();
    toast(toasts().dataset.offline, toasts().dataset.retry, again);
  });

  // After a swap: to what is wrong, else to the new page's title; a focus that htmx kept stays where it is.
  const settle = () => {
    const talk = one("#talk[data-messages]");
    if (talk) for (const name of ["messages", "notifications"]) count(name, Number(talk.dataset[name]));
    const wanted = one("#view [data-focus]");
    if (wanted) wanted.focus();
    else if (!updating && document.activeElement === document.body) one("#main")?.focus({ preventScroll: true });
  };
  document.addEventListener("htmx:after:swap", settle);

  document.addEventListener("click", (event) => {
    const reveal = event.target.closest("[data-reveal]");
    if (reveal) {
      const field = document.getElementById(reveal.dataset.reveal);
      const shown = field.type === "text";
      field.type = shown ? "password" : "text";
      reveal.setAttribute("aria-pressed", String(!shown));
    }
    if (event.target.closest("[data-keys]")) one("#keys").showModal();
    if (event.target.closest("[data-print]")) window.print();
    const more = one("nav.main details[open]");
    if (more && !more.contains(event.target)) more.open = false;
  });

  // Keys, but never while somebody types.
  const places = { h: "/dashboard", c: "/campaigns", r: "/requests", w: "/collaborations", m: "/messages", n: "/notifications" };
  let first = "";
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, [contenteditable], dialog")) return;
    if (event.key === "/") {
      const field = one("[data-search]");
      if (field) { event.preventDefault(); field.focus(); }
    } else if (event.key === "?") {
      one("#keys").showModal();
    } else if (first === "g" && places[event.key] && "person" in document.body.dataset) {
      location.href = places[event.key];
    }
    first = event.key === "g" ? "g" : "";
  });

  // What happens elsewhere, as it happens: one stream for all tabs of this browser, held by a tab that is in sight.
  // Whoever holds it tells the others; when it is hidden it lets go, and the next in sight goes on behind the last event.
  const news = (data, number) => {
    for (const [name, number] of Object.entries(data.counts ?? {})) count(name, number);
    const about = data.told?.about ?? [];
    const known = (it) => it.dataset.since && number <= Number(it.dataset.since);
    const concerns = (it) => !known(it) && (it.dataset.about === "any" || about.includes("reset") || about.includes(it.dataset.about));
    for (const it of [...document.querySelectorAll("#view [data-about]")].filter(concerns)) {
      if (it.hasAttribute("hx-trigger")) it.dispatchEvent(new CustomEvent("news"));
      else if (typed()) toast(toasts().dataset.news, toasts().dataset.show, update);
      else update();
    }
  };
  // Whether something stands in a form that the server has not seen.
  const typed = () => [...document.querySelectorAll("#main :is(input:not([type=hidden]), textarea, select)")].some((it) => {
    if (it.type === "checkbox" || it.type === "radio") return it.checked !== it.defaultChecked;
    if (it.options) return [...it.options].some((one) => one.defaultSelected) && [...it.options].some((one) => one.selected !== one.defaultSelected);
    return it.value !== it.defaultValue;
  });
  // The same page as it is now. One at a time; not while somebody is leaving it.
  let again = false;
  const update = () => {
    if (updating || waiting) { again = true; return; }
    updating = true;
    const here = location.pathname + location.search, said = one("#main > .said");
    htmx.ajax("GET", here, { target: "#view", swap: "innerMorph", push: "false" }).catch(() => {}).finally(() => {
      updating = false;
      if (said) one("#main")?.prepend(said);
      if (again) { again = false; if (here === location.pathname + location.search && one("#main[data-about]") && !typed()) update(); }
    });
  };
  const count = (name, number) => document.querySelectorAll(`[data-count="${name}"]`).forEach((it) => {
    it.hidden = !number;
    it.textContent = number > 99 ? "99+" : number;
  });
  const follow = () => {
    const others = new BroadcastChannel("iescp-live");
    let last = document.body.dataset.person, source, leave, waiting, pause = 2000;
    const heard = ({ id, data }) => { last = id || last; if (data) news(JSON.parse(data), Number(id)); };
    others.onmessage = (event) => heard(event.data);
    const hold = () => new Promise((done) => {
      leave = done;
      source = new EventSource(last ? `/live?after=${last}` : "/live");
      const told = (event) => { const said = { id: event.lastEventId, data: event.data }; heard(said); others.postMessage(said); };
      source.onmessage = told;
      source.onopen = () => { pause = 2000; };
      // Refused, not merely cut off: somebody else may try, and later oneself.
      source.onerror = () => {
        if (source.readyState !== EventSource.CLOSED) return;
        done();
        pause = Math.min(2 * pause, 60000);
        setTimeout(() => { waiting = undefined; look(); }, pause * (1 + Math.random()));
      };
    });
    const look = () => {
      if (document.hidden) {
        waiting?.abort();
        waiting = undefined;
        source?.close();
        leave?.();
      } else if (!waiting) {
        waiting = new AbortController();
        navigator.locks.request("iescp-live", { signal: waiting.signal }, hold).catch(() => {});
      }
    };
    document.addEventListener("visibilitychange", look);
    addEventListener("pagehide", () => source?.close());
    look();
  };
  if ("person" in document.body.dataset && window.EventSource && navigator.locks && window.BroadcastChannel) follow();

  const begin = () => {
    one("#view [data-focus]")?.focus();
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
