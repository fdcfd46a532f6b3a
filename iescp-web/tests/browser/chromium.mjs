// The browser, and people in it.
import { chromium } from "playwright-core";

const QUIET = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];

/** Starts Chromium; `CHROMIUM` says where it is if not where Debian puts it. */
export const browse = () => chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: QUIET });

/** Signs somebody in on the page, and keeps what the browser then has. */
export async function signIn(browser, url, name, password) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${url}/sign-in`);
  await page.fill("[name=login]", name);
  await page.fill("[name=password]", password);
  await Promise.all([page.waitForURL("**/dashboard"), page.click("main button[type=submit]")]);
  const state = await context.storageState();
  await context.close();
  return state;
}
