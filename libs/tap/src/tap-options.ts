import { isIP } from 'node:net';
import type { SecureContextOptions } from 'node:tls';
import { z } from 'zod';
import { TapError } from './tap-error.ts';

/** Where this host's workers send from, as in mediasoup's `TransportListenInfo`. */
export interface PipeListenInfo {
  ip: string;
  /** IP address or name at which the bridge sees this host, if not `ip`. */
  announcedAddress?: string | undefined;
  /** UDP ports to choose from, one for each call. */
  portRange?: { min: number; max: number } | undefined;
}

export interface TapOptions {
  /** The bridge's control channel: `wss://undertone.example/tap`. */
  url: string;
  /** The bridge's `TAP_TOKEN`. */
  token: string;
  /** By default `{ ip: '127.0.0.1' }`: a bridge on this machine. */
  listen?: PipeListenInfo | undefined;
  /** Certificates of the control channel, where those of the system don't do. */
  tls?: Pick<SecureContextOptions, 'ca' | 'cert' | 'key' | 'passphrase'> | undefined;
  /** Lets `ws:` go beyond this machine. The token and the SRTP keys can then be read on the way. */
  allowPlaintext?: boolean | undefined;
  /** A request that the bridge does not answer within this time breaks the connection. */
  requestTimeoutMs?: number | undefined;
  /** A bridge that does not answer a ping within this time is given up. */
  heartbeatMs?: number | undefined;
  /** How often a call is checked for RTP that is sent and does not arrive, until some has. */
  arrivalCheckMs?: number | undefined;
  /** First wait before a new attempt to connect; it doubles up to `maxRetryMs`. */
  retryMs?: number | undefined;
  maxRetryMs?: number | undefined;
}

const durationMs = z.number().min(1).max(3_600_000);
const port = z.number().int().min(1).max(65_535);
const optionsSchema = z.object({
  url: z.url({ protocol: /^wss?$/ }),
  token: z.string().regex(/^\S+$/, 'must have no spaces'),
  listen: z
    .object({
      ip: z.string().refine((ip) => isIP(ip) !== 0, 'must be an IP address'),
      announcedAddress: z.string().min(1).max(253).optional(),
      portRange: z.object({ min: port, max: port }).optional(),
    })
    .refine(({ ip, announcedAddress }) => !/^(0\.0\.0\.0|::)$/.test(ip) || announcedAddress !== undefined, {
      path: ['announcedAddress'],
      message: 'needed when ip means every address: the address at which the bridge sees this host',
    })
    .default({ ip: '127.0.0.1' }),
  tls: z.custom<NonNullable<TapOptions['tls']>>().default({}),
  allowPlaintext: z.boolean().default(false),
  requestTimeoutMs: durationMs.default(15_000),
  heartbeatMs: durationMs.default(5_000),
  arrivalCheckMs: durationMs.default(10_000),
  retryMs: durationMs.default(200),
  maxRetryMs: durationMs.default(5_000),
});
export type CheckedTapOptions = z.infer<typeof optionsSchema>;

/** @throws TapError `option-wrong`, with one line for each */
export function checkOptions(options: TapOptions): CheckedTapOptions {
  const parsed = optionsSchema.safeParse(options);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new TapError('option-wrong', `the tap can't start with these options:\n${lines.join('\n')}`);
  }
  const { protocol, hostname } = new URL(parsed.data.url);
  if (protocol === 'ws:' && !parsed.data.allowPlaintext && !isLoopback(hostname)) {
    throw new TapError(
      'option-wrong',
      'url: the token and the SRTP keys need wss: beyond this machine; set allowPlaintext if the network is yours',
    );
  }
  return parsed.data;
}

const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
