// Follows every link of every role, and looks at each kind of page once or twice, in every width and scheme:
//
// - axe-core with WCAG 2.2 A and AA, best practices and target size: no violation (U-15, U-16);
// - no violation of the content security policy, no script error, nothing from other hosts (S-35, S-57);
// - no inline script, style or handler; ids are unique; every input has a label; the HTML parses without an error;
// - nothing is wider than the screen at 320 pixels, nor at a zoom of 200 %; one h1; a title of its own;
// - weight and requests stay within the budgets, cold and compressed;
// - nothing is kept in the browser's storages (S-59); a sign-out is on every page of somebody signed in (S-19).
import axe from "axe-core";
import { parse } from "parse5";
import { browse, signIn } from "./chromium.mjs";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"];
const BUDGET = { total: 60_000, script: 20_000, css: 15_000, requests: 6 };
const START = { visitor: ["/", "/register", "/sign-in", "/password/forgot", "/style-guide", "/nowhere"], other: ["/dashboard", "/nowhere"] };
const MOST = 1; // pages of one kind that are looked at
const SCREENS = [[320, "light"], [1280, "dark"]];

/** The kind of a page: its path with ids and values left out. */
export const kind = (path) => path.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "ID").replace(/=[^&]*/g, "=…");

/** All pages of a role that links lead to, at most a few of each kind. */
async function pages(browser, url, state, starts) {
  const context = await browser.newContext({ storageState: state, javaScriptEnabled: false });
  const page = await context.newPage();
  const seen = new Map();
  const queue = [...starts];
  for (let at = 0; at < queue.length && at < 400; at += 1) {
    const path = queue[at];
    const answer = await page.goto(url + path);
    if (answer.status() >= 500) throw new Error(`${path}: ${answer.status()}`);
    const links = await page.$$eval("a[href]:not([download])", (all) => all.map((a) => a.getAttribute("href")));
    for (const link of links) {
      if (!link.startsWith("/") || link.startsWith("/api/") || link.startsWith("/assets/") || link.includes("#")) continue;
      const of = kind(link);
      const known = seen.get(of) ?? [];
      if (known.includes(link) || known.length >= MOST || queue.includes(link)) continue;
      seen.set(of, [...known, link]);
      queue.push(link);
    }
  }
  await context.close();
  return queue;
}

/** What is wrong with a page as it is now. */
async function faults(page, { person }) {
  const found = [];
  const looked = await page.evaluate(async ([source, tags]) => {
    if (!globalThis.axe) (0, eval)(source);
    const { violations } = await globalThis.axe.run(document, {
      runOnly: { type: "tag", values: tags }, rules: { "target-size": { enabled: true } }, resultTypes: ["violations"] });
    return violations.map((one) => `axe ${one.id}: ${one.nodes.slice(0, 3).map((node) => node.target.join(" ")).join(", ")} (${one.help})`);
  }, [axe.source, TAGS]).catch((error) => [`axe did not run: ${error.message}`]);
  found.push(...looked);
  found.push(...await page.evaluate((person) => {
    const wrong = [];
    const all = [...document.querySelectorAll("*")];
    const ids = all.map((it) => it.id).filter(Boolean);
    for (const id of new Set(ids.filter((id, at) => ids.indexOf(id) !== at))) wrong.push(`id ${id} is there twice`);
    for (const it of all) for (const { name } of it.attributes) {
      if (name === "style" && !it.closest("svg")) wrong.push(`style on ${it.tagName}`);
      if (name.startsWith("on") || name.startsWith("hx-on")) wrong.push(`${name} on ${it.tagName}`);
    }
    for (const script of document.scripts) if (!script.src) wrong.push("inline script");
    if (document.querySelector("body style")) wrong.push("inline style sheet");
    const h1 = document.querySelectorAll("h1").length;
    if (h1 !== 1) wrong.push(`${h1} h1`);
    const over = document.documentElement.scrollWidth - innerWidth;
    if (over > 0) {
      const wide = all.filter((it) => it.getBoundingClientRect().right > innerWidth + 1 && !it.closest(".tabs, .table, dialog")).slice(-1)[0];
      wrong.push(`${over} px too wide: ${wide?.tagName}.${wide?.className}`);
    }
    if (person && !document.querySelector("form[action='/sign-out']")) wrong.push("no sign-out (S-19)");
    if (localStorage.length + sessionStorage.length > 0) wrong.push("something is kept in the browser (S-59)");
    return wrong;
  }, person));
  return found;
}

/** What one page weighs when nothing is cached. */
async function weight(browser, url, state, path) {
  const context = await browser.newContext({ storageState: state });
  const page = await context.newPage();
  const network = await context.newCDPSession(page);
  await network.send("Network.enable");
  const asked = new Map();
  network.on("Network.responseReceived", ({ requestId, type, response }) => {
    if (!response.url.includes("/pictures/") && !response.url.startsWith("data:") && type !== "EventSource") asked.set(requestId, { type, url: response.url, bytes: 0 });
  });
  network.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    if (asked.has(requestId)) asked.get(requestId).bytes = encodedDataLength;
  });
  await page.goto(url + path, { waitUntil: "load" });
  await page.waitForTimeout(150);
  await context.close();
  const of = (test) => [...asked.values()].filter(test).reduce((sum, it) => sum + it.bytes, 0);
  const found = { total: of(() => true), script: of((it) => it.type === "Script"), css: of((it) => it.type === "Stylesheet"), requests: asked.size };
  const wrong = Object.keys(BUDGET).filter((what) => found[what] > BUDGET[what]).map((what) => `${what} is ${found[what]}, may be ${BUDGET[what]}`);
  const foreign = [...asked.values()].filter((it) => !it.url.startsWith(url)).map((it) => `asked ${it.url}`);
  return { found, wrong: [...wrong, ...foreign] };
}

/** Looks at everything; gives what is wrong, a line each. `people` are passwords by role, or names and passwords. */
export async function crawl({ url, people }, { screens = SCREENS, roles = ["visitor", "influencer", "sponsor", "admin"], only } = {}) {
  const browser = await browse();
  const wrong = [];
  let looks = 0, heaviest = { total: 0 };
  for (const role of roles) {
    const state = role === "visitor" ? undefined : await signIn(browser, url, ...[role, people[role]].flat().slice(-2));
    const all = (await pages(browser, url, state, role === "visitor" ? START.visitor : START.other)).filter((path) => !only || path.includes(only));
    const kinds = new Set();
    const titles = new Map();
    for (const path of all) {
      if (kinds.has(kind(path))) continue;
      kinds.add(kind(path));
      const heavy = await weight(browser, url, state, path);
      if (heavy.found.total > heaviest.total) heaviest = { ...heavy.found, path };
      wrong.push(...heavy.wrong.map((what) => `${role} ${path}: ${what}`));
    }
    for (const [at, [width, colorScheme]] of screens.entries()) {
      const context = await browser.newContext({ storageState: state, viewport: { width, height: 900 }, colorScheme, reducedMotion: "reduce", bypassCSP: false });
      await context.addInitScript(() => {
        globalThis.refused = [];
        document.addEventListener("securitypolicyviolation", (it) => globalThis.refused.push(`${it.violatedDirective} ${it.blockedURI}`));
      });
      const page = await context.newPage();
      const said = [];
      page.on("pageerror", (error) => said.push(`script error: ${error.message}`));
      for (const path of all) {
        const answer = await page.goto(url + path, { waitUntil: "load" });
        looks += 1;
        const where = `${role} ${path} at ${width} ${colorScheme}`;
        const html = at === 0 ? await answer.text() : "";
        parse(html, { onParseError: ({ code, startLine }) => html && wrong.push(`${where}: HTML ${code} in line ${startLine}`) });
        if (answer.status() !== (path === "/nowhere" ? 404 : 200)) wrong.push(`${where}: a link leads here, and the answer is ${answer.status()}`);
        const title = await page.title();
        if (html && titles.has(title) && titles.get(title).split("?")[0] !== path.split("?")[0] && kind(titles.get(title)) !== kind(path) && answer.status() === 200) wrong.push(`${where}: the title ${title} is also that of ${titles.get(title)}`);
        titles.set(title, path);
        const refused = await page.evaluate(() => globalThis.refused);
        const found = [...await faults(page, { person: role !== "visitor" }), ...refused, ...said.splice(0)];
        if (at === screens.length - 1) {
          // As with a zoom of 200 %: half as many pixels, each twice as large.
          await page.setViewportSize({ width: width / 2, height: 450 });
          const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          if (over > 0) found.push(`${over} px too wide at a zoom of 200 %`);
          await page.setViewportSize({ width, height: 900 });
        }
        wrong.push(...found.map((what) => `${where}: ${what}`));
      }
      await context.close();
    }
    console.log(`${role}: ${all.length} pages of ${kinds.size} kinds`);
  }
  await browser.close();
  console.log(`${looks} looks; the heaviest page: ${JSON.stringify(heaviest)}`);
  return wrong;
}

/** Sends every form on every page as it is with nothing typed, and looks at each page that says what is wrong. */
export async function errors({ url, people }, { screens = SCREENS.slice(0, 1), roles = ["visitor", "influencer", "sponsor", "admin"] } = {}) {
  const browser = await browse();
  const wrong = [];
  const looked = new Set();
  for (const role of roles) {
    const state = role === "visitor" ? undefined : await signIn(browser, url, ...[role, people[role]].flat().slice(-2));
    const all = await pages(browser, url, state, role === "visitor" ? START.visitor : START.other);
    for (const [width, colorScheme] of screens) {
      const context = await browser.newContext({ storageState: state, viewport: { width, height: 900 }, colorScheme, reducedMotion: "reduce" });
      // Without our script forms go as they stand; axe needs the browser's.
      await context.route(/\/assets\/.*\.js/, (route) => route.abort());
      const page = await context.newPage();
      const sent = new Set();
      for (const path of all) {
        await page.goto(url + path);
        const actions = await page.$$eval("main form[method=post]", (forms) => forms.map((form) => form.getAttribute("action")));
        for (const [at, action] of actions.entries()) {
          if (sent.has(kind(action ?? path))) continue;
          sent.add(kind(action ?? path));
          await page.goto(url + path);
          const form = page.locator("main form[method=post]").nth(at);
          const button = form.locator("button:not([type=button])").last();
          if (!await button.isVisible().catch(() => false)) continue;
          await form.evaluate((it) => it.querySelectorAll("input:not([type=hidden], [type=checkbox], [type=radio], [type=file]), textarea").forEach((field) => { field.value = ""; }));
          const where = `${role} ${path}, its form ${action} sent empty, at ${width} ${colorScheme}`;
          const went = page.waitForNavigation({ timeout: 15_000 }).then(() => true, () => false);
          await button.click({ timeout: 10_000 }).catch((error) => wrong.push(`${where}: ${error.message.split("\n")[0]}`));
          if (!await went) wrong.push(`${where}: nothing happens`);
          if (!(await page.title()).startsWith("Error: ")) continue;
          looked.add(`${role} ${kind(action ?? path)}`);
          const found = await faults(page, { person: role !== "visitor" });
          const linked = await page.$$eval(".summary a[href^='#']", (links) => links.filter((a) => !document.getElementById(a.hash.slice(1))).map((a) => `the summary leads to ${a.hash}, which is not there`));
          wrong.push(...[...found, ...linked].map((what) => `${where}: ${what}`));
        }
      }
      await context.close();
    }
  }
  await browser.close();
  console.log(`${looked.size} forms say what is wrong`);
  return wrong;
}
