import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Writes report.json and report.html into `folder`, which is created. */
export async function writeReport(folder: string, report: object, page: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
  await writeFile(join(folder, 'report.html'), page);
}
