import { describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';

describe('readConfig', () => {
  it('is cautious by default: this machine only, customers only', () => {
    expect(readConfig({})).toMatchObject({
      host: '127.0.0.1',
      port: 4100,
      analyzerUrl: 'ws://127.0.0.1:4200/ingest',
      profile: 'customer-only',
      decoder: 'libopus-wasm',
      rtcPort: 44_400,
      announcedAddress: null,
      tapToken: null,
      tapPorts: null,
    });
  });

  it.each([
    ['BRIDGE_PORT', 'seventy'],
    ['ANALYZER_URL', 'http://127.0.0.1'],
    ['ANALYSIS_PROFILE', 'everyone'],
    ['SPEECH_DECODER', 'mp3'],
    ['RTC_PORT', '65536'],
    ['TAP_TOKEN', 'short'],
    ['TAP_PORTS', '44999-44500'],
    ['TAP_PORTS', '44500'],
  ])('stops the start with a line about a wrong %s', (name, value) => {
    expect(() => readConfig({ [name]: value })).toThrow(new RegExp(`^the bridge can't start[^]*\n${name}: `));
  });

  it('wants to know how it is reached when it listens everywhere', () => {
    expect(() => readConfig({ HOST: '0.0.0.0' })).toThrow('ANNOUNCED_ADDRESS');
    expect(readConfig({ HOST: '0.0.0.0', ANNOUNCED_ADDRESS: 'calls.example' }).announcedAddress).toBe(
      'calls.example',
    );
  });

  it('reads the ports for pipes', () => {
    expect(readConfig({ TAP_PORTS: '44500-44999' }).tapPorts).toEqual({ min: 44_500, max: 44_999 });
  });

  it('wants a port for every worker', () => {
    expect(() => readConfig({ RTC_PORT: '65500', MEDIA_WORKERS: '64' })).toThrow('RTC_PORT');
  });
});
