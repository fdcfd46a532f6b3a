// The whole journey by three people in a real browser, with JavaScript on, off, and by keyboard alone: the same steps, the same
// assertions. From the set-up link to reviews of each other.
import { browse } from "./chromium.mjs";

const PASSWORD = "kettle-orbit-violin-42";
const day = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

/** Somebody at a browser of their own. */
class Person {
  constructor(page, url, keyboard) {
    Object.assign(this, { page, url, keyboard });
  }

  async goes(path) {
    const answer = await this.page.goto(this.url + path);
    if (answer.status() >= 400) throw new Error(`${path} answers ${answer.status()}`);
  }

  /** Waits for words on the page; they are the assertion. */
  async sees(words) {
    await this.page.locator("main").getByText(words).first().waitFor({ timeout: 10_000 })
      .catch(async () => { throw new Error(`“${words}” is not on ${this.page.url()}: ${(await this.page.locator("main").innerText()).slice(0, 900)}`); });
  }

  async follows(words) {
    await this.presses(this.page.locator("main").getByRole("link", { name: words }).first());
  }

  /** Fills in a form and sends it by its button. Ticks and radios are given as true. */
  async sends(button, fields = {}) {
    for (const [name, value] of Object.entries(fields)) {
      const control = this.page.locator(`main [name="${name}"]`).first();
      if (value === true) await control.check();
      else if (value?.of) await this.page.locator(`main [name="${name}"][value="${value.of}"]`).check();
      else if (await control.evaluate((it) => it.tagName) === "SELECT") await control.selectOption(value);
      else await control.fill(value);
    }
    await this.presses(this.page.locator("main").getByRole("button", { name: button }).first());
  }

  /** Clicks, or goes there by the keyboard and presses Enter; the focus must be seen. */
  async presses(target) {
    await target.waitFor({ timeout: 10_000 });
    if (!this.keyboard) return target.click();
    await target.focus();
    const seen = await target.evaluate((it) => it.matches(":focus-visible") && getComputedStyle(it).outlineStyle !== "none");
    await this.page.keyboard.press("Shift+Tab");
    await this.page.keyboard.press("Tab");
    const back = await target.evaluate((it) => it === document.activeElement && getComputedStyle(it).outlineStyle !== "none");
    if (!seen && !back) throw new Error(`the focus is not seen on ${await target.innerText()}`);
    await this.page.keyboard.press("Enter");
  }

  path() {
    return new URL(this.page.url()).pathname;
  }
}

/** What people call themselves and write. */
const PLAIN = {
  sponsor: "Teahouse", influencer: "Ines", title: "Spring tea", found: "spring", goals: "Tell people how good it tastes.",
  note: "Would this do?", review: "Kind and quick.", message: "Thank you! 🍵" };

/** The three arrive at an empty platform; `link` makes the first admin. */
async function arrive(browser, { url, link }, { javaScriptEnabled = true, keyboard = false }, words) {
  const somebody = async () => {
    const context = await browser.newContext({ javaScriptEnabled, viewport: { width: 1000, height: 900 } });
    context.setDefaultTimeout(15_000);
    return new Person(await context.newPage(), url, keyboard);
  };
  const [admin, sponsor, influencer] = [await somebody(), await somebody(), await somebody()];
  await admin.page.goto(link);
  await admin.sends("Make the admin", { username: "ada", email: "ada@example.com", password: PASSWORD });
  await admin.sees("You are the first admin");
  await admin.sends("Sign in", { login: "ada", password: PASSWORD });

  await sponsor.goes("/register");
  await sponsor.sends("Create the account", { role: { of: "sponsor" }, display_name: words.sponsor, username: "tea", email: "tea@example.com", password: "short" });
  await sponsor.sees("There is a problem");
  if (!(await sponsor.page.title()).startsWith("Error: ")) throw new Error("the title does not say that something is wrong");
  if (javaScriptEnabled && !await sponsor.page.evaluate(() => document.activeElement.matches(".summary"))) throw new Error("the focus is not on what is wrong");
  await sponsor.sends("Create the account", { password: PASSWORD });
  await sponsor.sees("Welcome!");

  await influencer.goes("/register");
  await influencer.sends("Create the account", { role: { of: "influencer" }, display_name: words.influencer, username: "ines", email: "ines@example.com", password: PASSWORD });
  await influencer.sees("Welcome!");
  return { admin, sponsor, influencer };
}

/** The sign-ins of those who have arrived and done nothing. */
export async function arrived(server, words = PLAIN) {
  const browser = await browse();
  await arrive(browser, server, {}, words).finally(() => browser.close());
  return SIGN_INS;
}

/** How the three of a journey sign in. */
export const SIGN_INS = { admin: ["ada", PASSWORD], sponsor: ["tea", PASSWORD], influencer: ["ines", PASSWORD] };

/** The journey. */
export async function journey(server, way, words = PLAIN) {
  const browser = await browse();
  try {
    const { admin, sponsor, influencer } = await arrive(browser, server, way, words);
    await admin.goes("/admin/accounts?state=pending");
    await admin.follows(words.sponsor);
    await admin.sends("Approve");
    await admin.goes("/dashboard");

    await sponsor.goes("/campaigns/new");
    await sponsor.sends(/draft/i, { title: words.title, goals: words.goals, niches: { of: "food" }, platforms: { of: "instagram" },
      start: day(1), end: day(60), budget: "$2,000.50", visibility: { of: "public" } });
    await sponsor.sees("Your draft is saved");
    const campaign = sponsor.path();
    await sponsor.goes(`${campaign}/fund`);
    await sponsor.sends(/Pay in/);
    await sponsor.sees("is paid in");
    await sponsor.sends("Publish");
    await sponsor.sees("It is published");

    await influencer.goes(`/campaigns?q=${encodeURIComponent(words.found)}`);
    await influencer.follows(words.title);
    await influencer.follows(/Apply/);
    await influencer.sends(/Send/, { amount: "1,200", due: day(20), "deliverables/0/format": "reel", "deliverables/0/platform": "instagram" });
    await influencer.sees("Your application is on its way");
    const request = influencer.path();

    await sponsor.goes("/requests");
    await sponsor.sees("Your turn");
    await sponsor.goes(request);
    await sponsor.follows("Make another offer");
    await sponsor.sends(/Send|Put/, { amount: "1000", note: words.note });
    await sponsor.sees("Your offer is on the table");

    await influencer.goes(request);
    await influencer.sees("was $1,200.00");
    await influencer.follows(/Accept/);
    await influencer.sees("Check what you agree to");
    await influencer.sends(/Sign|Accept|Agree/, { signed: "Ines Influencer" });
    await influencer.sees("Agreed! The money is set aside");
    const work = influencer.path();
    await influencer.goes(`${work}/submit`);
    await influencer.sends(/Deliver|Send/, { "works/0/0": "https://example.com/reel/1", label_shown: true });
    await influencer.sees("Delivered.");

    await sponsor.goes(work);
    await sponsor.follows(/Approve/);
    await sponsor.sends(/Approve/);
    await sponsor.sees("Approved and paid");
    await sponsor.goes(`${work}/review`);
    await sponsor.sends(/review|Send/i, { rating: { of: "5" }, text: words.review });
    await sponsor.sees(words.review);
    await influencer.goes(`${work}/review`);
    await influencer.sends(/review|Send/i, { rating: { of: "4" } });
    await influencer.sees(words.review);
    await influencer.goes(`${work}/agreement`);
    await influencer.sees("Agreement 1");

    await influencer.goes("/messages");
    await influencer.follows(words.sponsor);
    await influencer.sends("Send", { text: words.message });
    await influencer.sees(words.message);
    await influencer.goes("/earnings");
    await influencer.sees("$1,000.00");
    await admin.goes("/admin");
    await admin.goes("/admin/audit");
    return [];
  } catch (error) {
    return [error.message];
  } finally {
    await browser.close();
  }
}
