// Two people in two browsers: what one does, the other sees without asking, and loses nothing of what they were typing. Then
// what must end: streams after a sign-out and a suspension, pages after a sign-out; and what must go on: forms with eight tabs
// open, the stream and a click after the server was gone.
import { browse, signIn } from "./chromium.mjs";

const within = (ms, what, test) => new Promise((resolve, reject) => {
  const begun = performance.now();
  const look = async () => {
    if (await test().catch(() => false)) return resolve(performance.now() - begun);
    if (performance.now() - begun > ms) return reject(new Error(`${what}: not within ${ms} ms`));
    setTimeout(look, 20);
  };
  look();
});
const median = (times) => Math.round(times.sort((one, other) => one - other)[times.length >> 1]);

/** Somebody signed in, in a browser context of their own. */
async function person(browser, url, name, password) {
  const context = await browser.newContext({ storageState: await signIn(browser, url, name, password), viewport: { width: 1000, height: 900 } });
  context.setDefaultTimeout(15_000);
  return context;
}

/** A page whose stream is open. */
async function open(context, address) {
  const page = await context.newPage();
  const streaming = context.pages().length === 1 ? page.waitForResponse((it) => it.url().includes("/live")) : undefined;
  await page.goto(address);
  await streaming;
  return page;
}

/** Writes into an open thread; done when the form is empty again. */
const says = async (page, text) => {
  await page.fill("main textarea[name=text]", text);
  await page.locator("main form.write button").click();
  return within(5000, "the form being sent", () => page.evaluate(() => {
    const form = document.querySelector("main form.write");
    return !form.classList.contains("sending") && !form.elements.text.value;
  }));
};

/** Who the two are to each other, and a negotiation between them. */
async function between(sponsor, influencer, url) {
  const [mine, theirs] = [await sponsor.newPage(), await influencer.newPage()];
  await theirs.goto(`${url}/requests`);
  const open = await theirs.$$eval("main a[href^='/requests/']", (all) => all.map((it) => it.getAttribute("href")));
  for (const path of open) {
    if ((await mine.goto(url + path)).status() !== 200) continue;
    const whom = (await mine.locator("main a:is([href^='/influencers/'], [href^='/messages/'])").first().getAttribute("href")).split("/")[2];
    await theirs.goto(url + path);
    const who = (await theirs.locator("main a:is([href^='/sponsors/'], [href^='/messages/'])").first().getAttribute("href")).split("/")[2];
    await mine.goto(`${url}${path}/counter`);
    const turn = mine.url().endsWith("/counter") ? "sponsor" : "influencer";
    await mine.close();
    await theirs.close();
    return { request: url + path, whom, who, turn };
  }
  throw new Error("the demonstration's sponsor and influencer do not negotiate");
}

/** What is wrong; `server` holds a demonstration and can be killed and started again. */
export async function live(server) {
  const { url, people } = server;
  const browser = await browse();
  const wrong = [], times = {};
  const proves = async (what, test) => {
    try { await test(); } catch (error) { wrong.push(`${what}: ${error.message.split("\n")[0]}`); }
  };
  try {
    const sponsor = await person(browser, url, "sponsor", people.sponsor), influencer = await person(browser, url, "influencer", people.influencer);
    const { request, whom, who, turn } = await between(sponsor, influencer, url);
    const [other, back] = [whom, `/messages/${who}`];
    const table = await open(sponsor, `${url}/messages/${other}`);
    const theirs = await open(influencer, url + back);

    await proves("a message appears", async () => {
      times.message = [];
      await table.fill("main textarea[name=text]", "half a sent");
      await table.focus("main textarea[name=text]");
      for (let at = 0; at < 5; at += 1) {
        const said = `Live ${at} ${Date.now()}`;
        const sent = says(theirs, said);
        times.message.push(await within(3000, "the message", async () => (await table.locator("#talk").innerText()).includes(said)));
        await sent;
      }
      if (await table.inputValue("main textarea[name=text]") !== "half a sent") throw new Error("what was being typed is lost");
      if (!await table.evaluate(() => document.activeElement.matches("textarea"))) throw new Error("the focus is lost");
    });
    await proves("the unread count appears", async () => {
      await table.goto(`${url}/settings`);
      times.count = [];
      for (let at = 0; at < 3; at += 1) {
        const before = await table.locator("[data-count=messages]").first().textContent();
        const sent = says(theirs, `Count ${at}`);
        times.count.push(await within(3000, "the count", async () => (await table.locator("[data-count=messages]").first().textContent()) !== before));
        await sent;
      }
    });
    await proves("an offer appears in place, on its page and in the list", async () => {
      const [writes, reads] = turn === "sponsor" ? [table, theirs] : [theirs, table];
      const offers = async (step, amount) => {
        await writes.goto(`${request}/${step}`);
        await writes.fill("main [name=amount]", amount);
        await writes.locator("main form button[type=submit]").last().click();
      };
      await reads.goto(request);
      await offers("counter", "99.50");
      times.offer = [await within(3000, "the offer", async () => (await reads.locator("main").innerText()).includes("99.50"))];
      await writes.getByText("Your offer is on the table").first().waitFor();
      await writes.waitForTimeout(400);
      if (!await writes.getByText("Your offer is on the table").count()) throw new Error("the news of one's own offer took the notice away");
      await reads.goto(`${url}/requests`);
      await offers("amend", "98.50");
      times.list = [await within(3000, "the offer in the list", async () => (await reads.locator("main").innerText()).includes("98.50"))];
    });
    await proves("one stream for eight tabs, which still submit forms", async () => {
      const streams = () => Promise.all(sponsor.pages().map((page) => page.evaluate(async () => (await navigator.locks.query()).held.filter((it) => it.name === "iescp-live").length)));
      while (sponsor.pages().length < 8) { const page = await sponsor.newPage(); await page.goto(`${url}/messages/${other}`); }
      if (Math.max(...await streams()) !== 1) throw new Error(`${await streams()} streams`);
      const said = `From the eighth tab ${Date.now()}`, tab = sponsor.pages()[7];
      await tab.fill("main textarea[name=text]", said);
      const begun = performance.now();
      await tab.locator("main form.write button").click();
      await tab.locator("#talk").getByText(said).waitFor({ timeout: 3000 });
      times.form = [performance.now() - begun];
      for (const page of sponsor.pages().slice(1)) await page.close();
    });
    await proves("after a swap the focus is somewhere", async () => {
      await table.goto(`${url}/campaigns?all=yes`);
      for (const click of ["nav.main a[href='/requests']", "nav.main a[href='/messages']", "main a[href^='/messages/']"]) {
        const link = table.locator(click).first();
        await Promise.all([table.waitForEvent("framenavigated").catch(() => {}), link.click()]);
        await table.waitForLoadState("networkidle").catch(() => {});
        await within(2000, `the focus after ${click}`, () => table.evaluate(() => document.activeElement !== document.body));
      }
    });
    await proves("a server that is gone: a click says so, and again works", async () => {
      await theirs.goto(url + back);
      const heard = await theirs.evaluate(() => document.querySelectorAll("#talk li").length);
      await table.goto(`${url}/campaigns?all=yes`);
      await server.kill();
      const begun = performance.now();
      await table.locator("nav.main a[href='/requests']").first().click();
      await table.locator("#toasts .toast").waitFor({ timeout: 1000 });
      times.gone = [performance.now() - begun];
      await server.start();
      // Written while nobody's stream is open again.
      const writer = await sponsor.newPage();
      await writer.goto(`${url}/messages/${other}`);
      await says(writer, "While you were away");
      await table.locator("#toasts .toast button").first().click();
      await table.waitForURL("**/requests*", { timeout: 5000 });
      times.resumed = [await within(15_000, "the message of the meantime", async () => (await theirs.locator("#talk").innerText()).includes("While you were away"))];
      if (await theirs.evaluate(() => document.querySelectorAll("#talk li").length) < heard + 1) throw new Error("something is missing");
      await writer.close();
    });
    await proves("S-04: passwords are pasted", async () => {
      const context = await browser.newContext();
      const page = await context.newPage();
      for (const [path, from] of [["/sign-in", "login"], ["/register", "username"]]) {
        await page.goto(url + path);
        await page.fill(`main [name=${from}]`, "copied words");
        await page.focus(`main [name=${from}]`);
        for (const key of ["Control+A", "Control+C"]) await page.keyboard.press(key);
        await page.focus("main [name=password]");
        await page.keyboard.press("Control+V");
        if (await page.inputValue("main [name=password]") !== "copied words") throw new Error(`not on ${path}`);
      }
      await context.close();
    });
    await proves("S-16: a stream ends with a sign-out in another tab", async () => {
      const leaving = await person(browser, url, "influencer", people.influencer);
      const page = await leaving.newPage();
      await page.goto(`${url}/settings`);
      const ended = page.evaluate(() => new Promise((done) => {
        const source = new EventSource("/live");
        source.onopen = () => { document.title = "open"; };
        source.onerror = () => { source.close(); done(performance.now()); };
      }));
      await within(3000, "the stream", async () => await page.title() === "open");
      const tab = await leaving.newPage();
      await tab.goto(`${url}/notifications`);
      const begun = await page.evaluate(() => performance.now());
      await tab.locator("form[action='/sign-out'] button").first().evaluate((it) => it.click());
      times.signedOut = [(await Promise.race([ended, new Promise((_, no) => setTimeout(() => no(new Error("the stream did not end within 2 s")), 2000))])) - begun];
      await tab.waitForURL((at) => !at.pathname.startsWith("/notifications"));
      await tab.goBack();
      await tab.waitForLoadState();
      if (!tab.url().includes("/sign-in") && await tab.locator("form[action='/sign-out']").count()) throw new Error(`S-15: Back shows ${tab.url()}`);
      await leaving.close();
    });
    await proves("S-16: a stream ends with a suspension", async () => {
      const admin = await person(browser, url, "admin", people.admin);
      const page = await theirs.context().newPage();
      await page.goto(`${url}/settings`);
      const ended = page.evaluate(() => new Promise((done) => {
        const source = new EventSource("/live");
        source.onopen = () => { document.title = "open"; };
        source.onerror = () => { source.close(); done(true); };
      }));
      await within(3000, "the stream", async () => await page.title() === "open");
      const desk = await admin.newPage();
      await desk.goto(`${url}/admin/accounts?named=influencer`);
      await desk.locator("main ul.rows a[href^='/admin/accounts/']").first().click();
      await desk.fill("main [name='flag-reason']", "Sold what was never made.");
      const begun = performance.now();
      await desk.locator("main form[action$='/flag'] button").click();
      await Promise.race([ended, new Promise((_, no) => setTimeout(() => no(new Error("the stream did not end within 2 s")), 2000))]);
      times.suspended = [performance.now() - begun];
      await page.goto(`${url}/dashboard`);
      if (!page.url().includes("/sign-in")) throw new Error(`the suspended still see ${page.url()}`);
      await admin.close();
    });
  } catch (error) {
    wrong.push(error.message);
  } finally {
    await browser.close();
  }
  console.log(`live, medians in ms: ${JSON.stringify(Object.fromEntries(Object.entries(times).map(([what, all]) => [what, median(all)])))}`);
  return wrong;
}
