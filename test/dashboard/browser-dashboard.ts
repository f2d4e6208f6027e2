import { rm } from 'node:fs/promises';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { DashboardConfig } from '../../apps/dashboard/src/config.ts';
import type { DashboardApp } from '../../apps/dashboard/src/create-dashboard-app.ts';
import { launchChromium } from '../e2e/chromium.ts';
import { buildWebPage } from '../e2e/web-page.ts';
import { FakeAnalyzer } from './fake-analyzer.ts';
import { startTestDashboard } from './test-dashboard.ts';

/** A browser and the built page for all tests of a file; a dashboard with an analyzer anew for each of them. */
export class BrowserDashboard {
  dashboard!: DashboardApp;
  analyzer!: FakeAnalyzer;
  /** Every error of a page and every breach of the content security policy. */
  complaints: string[] = [];
  readonly browser: Browser;
  readonly webFolder: string;
  readonly #closing: (() => unknown)[] = [];

  static async launch(): Promise<BrowserDashboard> {
    const [browser, webFolder] = await Promise.all([launchChromium('none'), buildWebPage('apps/dashboard')]);
    return new BrowserDashboard(browser, webFolder);
  }

  private constructor(browser: Browser, webFolder: string) {
    this.browser = browser;
    this.webFolder = webFolder;
  }

  async start(overrides: Partial<DashboardConfig> = {}): Promise<void> {
    this.complaints = [];
    this.dashboard = await startTestDashboard({ webFolder: this.webFolder, ...overrides });
    this.analyzer = await FakeAnalyzer.connect(this.dashboard.url);
  }

  /** Ends what `start` and `open` began. */
  async stop(): Promise<void> {
    for (const close of this.#closing.splice(0)) await close();
    await this.analyzer.close();
    await this.dashboard.close();
  }

  async quit(): Promise<void> {
    await this.browser.close();
    await rm(this.webFolder, { recursive: true, force: true });
  }

  /** @param prepare what to do before the page is loaded */
  async open(
    path: string,
    options: BrowserContextOptions = {},
    prepare: (page: Page) => Promise<void> = async () => {},
  ): Promise<Page> {
    const context = await this.browser.newContext({
      viewport: { width: 1280, height: 800 },
      locale: 'en-GB',
      ...options,
    });
    this.#closing.push(() => context.close());
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().includes('WebSocket'))
        this.complaints.push(message.text());
    });
    await prepare(page);
    await page.goto(`${this.dashboard.url}${path}`);
    return page;
  }
}

/** How many device pixels of the first canvas in `selector` are painted. */
export const paintedPixels = (page: Page, selector: string): Promise<number> =>
  page
    .locator(`${selector} canvas`)
    .first()
    .evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      let painted = 0;
      for (let i = 3; i < data.length; i += 4) if (data[i] > 0) painted++;
      return painted;
    });
