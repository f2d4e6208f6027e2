import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Columns of /proc/net/udp. */
const inodeColumn = 9;
const dropsColumn = 12;

/**
 * Packets that the kernel dropped because this process read its UDP sockets too slowly, of the sockets that are open; NaN where the system does not say
 * (anywhere but on Linux).
 */
export function socketDrops(pid: number): number {
  try {
    const folder = `/proc/${pid}/fd`;
    const inodes = new Set(
      readdirSync(folder).flatMap((fd) => /^socket:\[(\d+)\]$/.exec(target(`${folder}/${fd}`))?.[1] ?? []),
    );
    return readFileSync('/proc/net/udp', 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter((columns) => inodes.has(columns[inodeColumn]!))
      .reduce((sum, columns) => sum + Number(columns[dropsColumn]), 0);
  } catch {
    return Number.NaN;
  }
}

/** What a descriptor is; nothing if it has been closed meanwhile. */
function target(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
