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

/** WebGPU on SwiftShader, Chromium's own Vulkan on the CPU: wherever the tests run, they run on the same adapter. */
const GPU_ARGUMENTS = ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"];

/** Frames of videos as textures: they come from the process that composes pages, which has to be on the same adapter. */
const VIDEO_ARGUMENTS = [
  "--enable-features=Vulkan",
  "--use-angle=swiftshader",
  "--use-vulkan=swiftshader",
  "--enable-unsafe-swiftshader",
  "--ignore-gpu-blocklist",
];

/**
 * Launches headless Chromium: $WEFT_CHROMIUM, else Debian's.
 * @param {{gpu?: boolean, video?: boolean}} options gpu: with WebGPU, in software; video: which takes frames of videos
 */
export async function launch({ gpu = false, video = false } = {}) {
  const executablePath = process.env.WEFT_CHROMIUM ?? "/usr/bin/chromium";
  if (!existsSync(executablePath)) {
    throw new Error(`no Chromium at ${executablePath}: run \`cargo xtask setup\`, or set WEFT_CHROMIUM`);
  }
  return chromium.launch({ executablePath, args: [...ARGUMENTS, ...(gpu ? GPU_ARGUMENTS : []), ...(video ? VIDEO_ARGUMENTS : [])] });
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
