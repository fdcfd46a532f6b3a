// Takes pictures of pages, to be looked at:  node look.mjs URL OUT role path [path …]   with LOGIN=name:password for a role.
//   WIDTHS=320,1280 SCHEMES=light,dark
import { chromium } from "playwright-core";
import { mkdirSync } from "node:fs";

const [url, out, ...paths] = process.argv.slice(2);
const widths = (process.env.WIDTHS ?? "390,1280").split(",").map(Number);
const schemes = (process.env.SCHEMES ?? "light,dark").split(",");
const [name, password] = (process.env.LOGIN ?? ":").split(":");
mkdirSync(out, { recursive: true });
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"] });
for (const width of widths) for (const colorScheme of schemes) {
  const context = await browser.newContext({ viewport: { width, height: width < 700 ? 800 : 900 }, colorScheme });
  const page = await context.newPage();
  page.on("console", (said) => ["error", "warning"].includes(said.type()) && console.log("console:", said.text()));
  page.on("pageerror", (error) => console.log("page error:", error.message));
  if (name) {
    await page.goto(`${url}/sign-in`);
    await page.fill("[name=login]", name);
    await page.fill("[name=password]", password);
    await page.click("main button[type=submit]");
    await page.waitForURL("**/dashboard");
  }
  for (const path of paths) {
    const answer = await page.goto(url + path);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    const file = `${out}/${path.replace(/[^a-z0-9]+/gi, "_").replace(/^_|_$/g, "") || "landing"}-${width}-${colorScheme}.png`;
    await page.screenshot({ path: file, fullPage: true });
    console.log(answer.status(), file, wide > 0 ? `TOO WIDE by ${wide}` : "");
  }
  await context.close();
}
await browser.close();
