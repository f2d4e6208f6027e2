// `npm run lockfile`: completes package-lock.json after a dependency was added or updated.
//
// npm leaves an optional package for another platform out of the lockfile when the registry at hand does not have it
// (mirrors of closed networks often lack some), and then `npm ci` refuses the lockfile everywhere: "Missing: ... from
// lock file". This adds an entry for each such package, with the platform that its name tells. There is no integrity
// hash to add; a machine of that platform takes the package at its exact version, as named by its parent.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from './setup/checkout.mjs';

/**
 * @typedef {{
 *   version?: string, dev?: boolean, os?: string[], cpu?: string[], libc?: string[],
 *   optional?: boolean, optionalDependencies?: Record<string, string>,
 * }} LockedPackage
 */

const systems = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32'];
const processors = ['arm', 'arm64', 'ia32', 'ppc64', 'riscv64', 's390x', 'x64'];
/** C libraries as npm calls them, by how package names call them. */
const cLibraries = new Map([
  ['gnu', 'glibc'],
  ['musl', 'musl'],
]);

const path = join(checkout, 'package-lock.json');
const lockfile = JSON.parse(readFileSync(path, 'utf8'));
/** @type {Record<string, LockedPackage>} */
const packages = lockfile.packages;
let added = 0;
for (const [parentPath, parent] of Object.entries(packages)) {
  for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
    if (isLocked(name, parentPath)) continue;
    packages[`node_modules/${name}`] = {
      version: exact(name, version),
      ...inherited(parent),
      ...platform(name),
    };
    added += 1;
  }
}
if (added > 0) {
  lockfile.packages = Object.fromEntries(
    Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, 'en')),
  );
  writeFileSync(path, `${JSON.stringify(lockfile, null, 2)}\n`);
}
console.log(added > 0 ? `package-lock.json: ${added} packages added` : 'package-lock.json is complete');

/**
 * Whether Node would find the package from there: in the parent's own folder, or in one further up.
 *
 * @param {string} name
 * @param {string} parentPath
 */
function isLocked(name, parentPath) {
  const folders = parentPath.split('/');
  while (folders.length > 0) {
    if (`${folders.join('/')}/node_modules/${name}` in packages) return true;
    folders.pop();
  }
  return `node_modules/${name}` in packages;
}

/**
 * @param {string} name
 * @param {string} version
 */
function exact(name, version) {
  if (/^\d+\.\d+\.\d+[\w.-]*$/.test(version)) return version;
  throw new Error(`${name} is asked for as ${version}: which version to lock is not for us to say`);
}

/** @param {LockedPackage} parent */
function inherited({ dev }) {
  return { ...(dev ? { dev } : {}), optional: true };
}

/** @param {string} name as in "@oxc-parser/binding-linux-arm64-musl" */
function platform(name) {
  const parts = name.slice(name.lastIndexOf('/') + 1).split('-');
  const os = systems.find((system) => parts.includes(system));
  const cpu = processors.find((processor) => parts.includes(processor));
  if (!os || !cpu) throw new Error(`${name} does not tell its platform: run npm install where it can be had`);
  const libc = cLibraries.get(parts[parts.length - 1] ?? '');
  return { cpu: [cpu], os: [os], ...(libc ? { libc: [libc] } : {}) };
}
