import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The built join page on disk. */
export class JoinPage {
  readonly folder: string;
  readonly howToBuild =
    'the join page is not built: run `npm run build:web` in the repository and reload this page';

  constructor(folder: string) {
    this.folder = folder;
  }

  get built(): boolean {
    return existsSync(join(this.folder, 'index.html'));
  }
}
