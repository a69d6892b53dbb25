// Starting the machine's Chromium.

import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

const ARGUMENTS = [
  "--headless=new",
  "--no-sandbox", // The pages are our own, and containers run this as root.
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Launches headless Chromium: $WEFT_CHROMIUM, else Debian's. */
export async function launch() {
  const executablePath = process.env.WEFT_CHROMIUM ?? "/usr/bin/chromium";
  if (!existsSync(executablePath)) {
    throw new Error(`no Chromium at ${executablePath}: run \`cargo xtask setup\`, or set WEFT_CHROMIUM`);
  }
  return chromium.launch({ executablePath, args: ARGUMENTS });
}

/** A page in a context of its own (nothing cached), whose errors and warnings are passed to stderr. */
export async function openPage(browser, url) {
  const context = await browser.newContext();
  const page = await context.newPage();
  page.on("pageerror", (error) => process.stderr.write(`page: ${error.stack ?? error}\n`));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) process.stderr.write(`page: ${message.text()}\n`);
  });
  const response = await page.goto(url);
  if (!response.ok()) throw new Error(`${response.status()} for ${url}`);
  return page;
}
