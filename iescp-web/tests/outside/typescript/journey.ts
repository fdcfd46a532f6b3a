// The main job by a client whose types are made from the document: what does not fit them does not compile.
//
//     node journey.js ADDRESS SETUP_TOKEN

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import createClient, { type Client } from "openapi-fetch";
import type { components, paths } from "./api.js";

type Schemas = components["schemas"];

const [address, setupToken] = process.argv.slice(2);
assert(address && setupToken, "node journey.js ADDRESS SETUP_TOKEN");
const baseUrl = `${address}/api/v1`;
const password = "quite-a-long-phrase-of-nine-words";
const usd = (amount: number): Schemas["Amount"] => ({ amount, currency: "USD" });
const key = () => ({ "Idempotency-Key": randomUUID() });
const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

/** What was answered, or the reason why nothing was. */
function done<T>(answer: { data?: T; error?: unknown }): T {
  assert(answer.data !== undefined, JSON.stringify(answer.error));
  return answer.data;
}

async function signIn(username: string): Promise<Client<paths>> {
  const tokens = done(await createClient<paths>({ baseUrl }).POST("/auth/login", { body: { username, password } }));
  return createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${tokens.access_token}` } });
}

async function register(role: Schemas["RoleToRegister"], username: string): Promise<Client<paths>> {
  const body = { role, username, email: `${username}@example.com`, password, display_name: username };
  done(await createClient<paths>({ baseUrl }).POST("/auth/register", { body }));
  return signIn(username);
}

const first = { token: setupToken, username: "ada", email: "ada@example.com", password };
done(await createClient<paths>({ baseUrl }).POST("/auth/setup", { body: first }));
const admin = await signIn("ada");
const sponsor = await register("sponsor", "teahouse");
const influencer = await register("influencer", "ines");
const { id: sponsorId } = done(await sponsor.GET("/me"));
done(await admin.POST("/admin/accounts/{id}/approve", { params: { path: { id: sponsorId }, header: key() } }));

const campaign: Schemas["NewCampaign"] = {
  title: "Tea for all",
  goals: "Show the tea to those who drink coffee.",
  niches: ["food"],
  start: day(0),
  end: day(60),
  budget: usd(100_000),
  label: "Ad",
};
const drafted = done(await sponsor.POST("/campaigns", { params: { header: key() }, body: campaign }));
const inCampaign = () => ({ path: { id: drafted.id }, header: key() });
done(await sponsor.POST("/campaigns/{id}/fund", { params: inCampaign(), body: { amount: usd(100_000) } }));
done(await sponsor.POST("/campaigns/{id}/publish", { params: inCampaign() }));

const found = done(await influencer.GET("/campaigns", { params: { query: { niche: "food", limit: 10 } } }));
assert.deepEqual(found.items.map((item) => item.id), [drafted.id]);
const deliverables: Schemas["NewDeliverable"][] = [{ format: "reel", platform: "instagram", count: 1 }];
const terms = (amount: number) => ({ amount: usd(amount), due: day(20), deliverables });
const asked = done(await influencer.POST("/campaigns/{id}/requests", { params: inCampaign(), body: terms(60_000) }));
const atTable = () => ({ path: { id: asked.id }, header: key() });
const early = await influencer.POST("/requests/{id}/accept", { params: atTable(), body: { offer: 1, name: "Ines" } });
assert.equal(early.error?.code, "not_your_turn");
done(await sponsor.POST("/requests/{id}/counter", { params: atTable(), body: { ...terms(50_000), offer: 1 } }));
const accepted = done(await influencer.POST("/requests/{id}/accept", { params: atTable(), body: { offer: 2, name: "Ines" } }));
assert(accepted.collaboration_id);

const atWork = () => ({ path: { id: accepted.collaboration_id! }, header: key() });
const works: Schemas["NewWork"][] = [{ deliverable: 0, url: "https://example.com/reel/1" }];
done(await influencer.POST("/collaborations/{id}/submit", { params: atWork(), body: { works, label_shown: true } }));
done(await sponsor.POST("/collaborations/{id}/approve", { params: atWork() }));
for (const party of [sponsor, influencer]) {
  done(await party.POST("/collaborations/{id}/review", { params: atWork(), body: { rating: 5 } }));
}
assert.deepEqual(done(await influencer.GET("/me/balances")).earned, usd(50_000));
const payout = done(await influencer.POST("/payouts", { params: { header: key() }, body: { amount: usd(50_000) } }));
assert.deepEqual(payout.amount, usd(50_000));
console.log("the journey was made in TypeScript");
