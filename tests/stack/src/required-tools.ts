import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Fault } from '@heed/kernel';

const run = promisify(execFile);

const leastJava = 17;
const postgresHome = '/usr/lib/postgresql';

/** Throws Fault `java-missing` unless `java` is there and new enough for the broker. */
export async function requireJava(): Promise<void> {
  const remedy = `Install Java ${leastJava} or newer; on Debian and Ubuntu: apt-get install default-jre-headless`;
  const { stderr } = await run('java', ['-version']).catch((cause: unknown) => {
    throw new Fault('java-missing', 'There is no `java`, which the Kafka broker runs on.', remedy, { cause });
  });
  const version = /version "(?:1\.)?(?<major>\d+)/u.exec(stderr)?.groups?.['major'] ?? '0';
  if (Number(version) >= leastJava) return;
  throw new Fault(
    'java-missing',
    `This is Java ${version}; the Kafka broker needs ${leastJava} or newer.`,
    remedy,
  );
}

/** Throws Fault `maven-missing` unless `mvn` is there. */
export async function requireMaven(): Promise<void> {
  await run('mvn', ['-version']).catch((cause: unknown) => {
    throw new Fault(
      'maven-missing',
      'There is no `mvn`, which fetches the Kafka broker.',
      'Install Maven; on Debian and Ubuntu: apt-get install maven',
      { cause },
    );
  });
}

/** The programs of the newest PostgreSQL server that Debian's packages installed. Throws Fault `postgresql-missing`. */
export async function findPostgresPrograms(): Promise<string> {
  const versions = await readdir(postgresHome).catch((): string[] => []);
  const newest = versions
    .map(Number)
    .filter(Number.isFinite)
    .sort((a, b) => b - a);
  for (const version of newest) {
    const programs = join(postgresHome, String(version), 'bin');
    const names = await readdir(programs).catch((): string[] => []);
    if (names.includes('postgres') && names.includes('initdb')) return programs;
  }
  throw new Fault(
    'postgresql-missing',
    `There is no PostgreSQL server under ${postgresHome}.`,
    'Install it; on Debian and Ubuntu: apt-get install postgresql',
  );
}
