// The pictures in the book: twelve pages of the demonstration, as a desk and a phone show them, some of them in the dark.
import { mkdirSync, writeFileSync } from "node:fs";
import { browse, signIn } from "./chromium.mjs";

/** The first link of a page that leads to one thing of this kind. */
const first = (list, kind) => async (page, url) => {
  await page.goto(url + list);
  return page.locator(`main a[href^='/${kind}/']`).evaluateAll((all) => all.map((it) => it.getAttribute("href")).find((href) => /[0-9a-f]{12}$/.test(href)));
};
const at = (path) => async () => path;

const PAGES = [
  ["landing", "visitor", at("/"), "dark"],
  ["creators", "visitor", at("/influencers")],
  ["profile", "visitor", first("/influencers", "influencers")],
  ["campaigns", "influencer", at("/campaigns")],
  ["home-of-an-influencer", "influencer", at("/dashboard")],
  ["negotiation", "influencer", first("/requests", "requests"), "dark"],
  ["thread", "influencer", first("/messages", "messages")],
  ["earnings", "influencer", at("/earnings")],
  ["home-of-a-sponsor", "sponsor", at("/dashboard"), "dark"],
  ["campaign", "sponsor", first("/campaigns", "campaigns")],
  ["collaboration", "sponsor", first("/collaborations", "collaborations")],
  ["admins", "admin", at("/admin")],
];
const SCREENS = { desk: { width: 1280, height: 800 }, phone: { width: 390, height: 780 } };

/** Takes them into a directory; gives what is wrong. */
export async function gallery({ url, people }, directory) {
  const browser = await browse();
  const wrong = [], states = {};
  let bytes = 0;
  mkdirSync(directory, { recursive: true });
  try {
    for (const [role, password] of Object.entries(people)) states[role] = await signIn(browser, url, role, password);
    for (const [name, role, where, dark] of PAGES) {
      for (const [screen, colorScheme] of [["desk", "light"], ["phone", "light"], ...dark ? [["desk", "dark"]] : []]) {
        const context = await browser.newContext({ storageState: states[role], viewport: SCREENS[screen], colorScheme, reducedMotion: "reduce" });
        const page = await context.newPage();
        const path = await where(page, url);
        const answer = path && await page.goto(url + path, { waitUntil: "load" });
        if (answer?.status() !== 200) { wrong.push(`${name}: ${path} answers ${answer?.status()}`); await context.close(); continue; }
        const devtools = await context.newCDPSession(page);
        const { data } = await devtools.send("Page.captureScreenshot", { format: "webp", quality: 72 });
        const picture = Buffer.from(data, "base64");
        bytes += picture.length;
        writeFileSync(`${directory}/${name}-${screen}${colorScheme === "dark" ? "-dark" : ""}.webp`, picture);
        await context.close();
      }
    }
  } finally {
    await browser.close();
  }
  console.log(`${PAGES.length} pages, ${Math.round(bytes / 1000)} kB`);
  if (bytes > 1_500_000) wrong.push(`the pictures weigh ${bytes} bytes together, may weigh 1,500,000`);
  return wrong;
}
