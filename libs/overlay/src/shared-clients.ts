import { TimelineClient } from './timeline-client.ts';

const shared = new Map<string, { client: TimelineClient; users: number }>();

/** The page's one connection to a dashboard with a token, however many elements use it; closed when the last gives it back. */
export function borrowClient(
  origin: string,
  token: string | null,
): { client: TimelineClient; giveBack: () => void } {
  const key = `${origin} ${token ?? ''}`;
  const entry = shared.get(key) ?? { client: new TimelineClient({ url: origin, token }), users: 0 };
  shared.set(key, entry);
  entry.users++;
  let borrowed = true;
  return {
    client: entry.client,
    giveBack: () => {
      if (!borrowed) return;
      borrowed = false;
      if (--entry.users > 0) return;
      shared.delete(key);
      entry.client.close();
    },
  };
}
