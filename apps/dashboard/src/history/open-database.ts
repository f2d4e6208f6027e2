import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { migrate } from './migrations.ts';

/** Keeps everything in memory, until the process ends. */
export const memoryFile = ':memory:';

/** How long to wait for another process, a backup for instance, that holds the file. */
const busyMs = 5_000;

/**
 * Opens the history's file, makes it if there is none, and brings its schema up to date.
 *
 * What was committed outlives a crash of the process and of the machine: write-ahead log, synchronised at every commit
 * (https://www.sqlite.org/wal.html). What is deleted is overwritten with zeros, and its space is given back.
 * @throws Error that says what is wrong with the file
 */
export function openDatabase(file: string): DatabaseSync {
  // Scores of people's voices: nobody else on the machine has to read them.
  if (file !== memoryFile) mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const database = new DatabaseSync(file, { timeout: busyMs, enableForeignKeyConstraints: true });
  try {
    // Of a new file only; it must come before everything that writes.
    database.exec('PRAGMA auto_vacuum = INCREMENTAL');
    database.exec('PRAGMA journal_mode = WAL');
    database.exec('PRAGMA synchronous = FULL');
    database.exec('PRAGMA secure_delete = ON');
    migrate(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
