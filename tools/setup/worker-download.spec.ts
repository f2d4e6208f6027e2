import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Step } from './step.mjs';
import { downloadWorker } from './worker-download.mjs';

describe('downloadWorker', () => {
  let folder: string;
  let mediasoup: string;
  let server: Server;
  let requested: string[];
  let answer: { status: number; body: Buffer };
  let step: Step;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'undertone-'));
    mediasoup = join(folder, 'mediasoup');
    mkdirSync(mediasoup);
    const manifest = {
      version: '3.27.1',
      repository: { url: 'git+https://repository.invalid/mediasoup.git' },
    };
    writeFileSync(join(mediasoup, 'package.json'), JSON.stringify(manifest));

    requested = [];
    answer = { status: 404, body: Buffer.from('') };
    server = createServer((request, response) => {
      requested.push(request.url ?? '');
      response.writeHead(answer.status).end(answer.body);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    vi.stubEnv('MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL', `http://127.0.0.1:${port}/releases`);
    vi.stubEnv('MEDIASOUP_SKIP_WORKER_PREBUILT_DOWNLOAD', '');
    vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    step = new Step('Getting the mediasoup worker');
  });
  afterEach(() => {
    step.done();
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
    server.close();
    rmSync(folder, { recursive: true });
  });

  const download = () => downloadWorker(mediasoup, 'mediasoup-worker', join(folder, 'work'), step);

  it('unpacks the archive for this version and platform', async () => {
    writeFileSync(join(folder, 'mediasoup-worker'), 'binary');
    const archive = spawnSync('tar', ['-cz', '-C', folder, 'mediasoup-worker']).stdout;
    answer = { status: 200, body: archive };
    const binary = await download();
    expect(readFileSync(binary!, 'utf8')).toBe('binary');
    const kernel = process.platform === 'linux' ? '-kernel\\d+' : '';
    const name = `mediasoup-worker-3\\.27\\.1-${process.platform}-${process.arch}${kernel}\\.tgz`;
    expect(requested).toHaveLength(1);
    expect(requested[0]).toMatch(new RegExp(`^/releases/3\\.27\\.1/${name}$`));
  });

  it('has none where none is published for the platform', async () => {
    expect(await download()).toBeUndefined();
  });

  it('has none when what it got is no archive', async () => {
    answer = { status: 200, body: Buffer.from('<html>please log in</html>') };
    expect(await download()).toBeUndefined();
  });

  it('has none when nobody answers', async () => {
    vi.stubEnv('MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL', 'http://127.0.0.1:1/releases');
    expect(await download()).toBeUndefined();
  });

  it('asks nobody when downloads are not wanted', async () => {
    vi.stubEnv('MEDIASOUP_SKIP_WORKER_PREBUILT_DOWNLOAD', '1');
    expect(await download()).toBeUndefined();
    expect(requested).toEqual([]);
  });
});
