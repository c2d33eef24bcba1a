import { execFile } from 'node:child_process';
import { access, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Fault } from '@heed/kernel';
import { requireMaven } from './required-tools.ts';

const run = promisify(execFile);

const version = '4.3.1';
const cache = join(import.meta.dirname, '../../../node_modules/.cache/heed-stack');

/** `log4j-slf4j-impl` is what Apache's own package adds, so that the broker says something. */
const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>heed</groupId>
  <artifactId>stack</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId>
      <artifactId>kafka_2.13</artifactId>
      <version>${version}</version>
    </dependency>
    <dependency>
      <groupId>org.apache.logging.log4j</groupId>
      <artifactId>log4j-slf4j-impl</artifactId>
      <version>2.25.4</version>
    </dependency>
  </dependencies>
</project>
`;

/** The folder with the broker's classes; fetched by Maven the first time, some 45 MB. Throws Fault `maven-missing`, `kafka-not-fetched`. */
export async function kafkaJars(): Promise<string> {
  const jars = join(cache, `kafka-${version}`);
  if (await exists(jars)) return jars;
  await requireMaven();
  // Whole under its name or not at all: another process may be fetching too, and either result will do.
  const work = join(cache, `fetching-${process.pid}`);
  await mkdir(work, { recursive: true });
  await writeFile(join(work, 'pom.xml'), pom);
  try {
    await run(
      'mvn',
      [
        '--batch-mode',
        '--quiet',
        'dependency:copy-dependencies',
        '-DincludeScope=runtime',
        '-DoutputDirectory=jars',
      ],
      { cwd: work },
    );
    await rename(join(work, 'jars'), jars).catch(async (cause: unknown) => {
      if (!(await exists(jars))) throw cause;
    });
  } catch (cause) {
    throw new Fault(
      'kafka-not-fetched',
      `Maven could not fetch org.apache.kafka:kafka_2.13:${version}: ${cause instanceof Error ? cause.message : String(cause)}`,
      'Maven needs a way to Maven Central, or to a mirror named in its settings.xml.',
      { cause },
    );
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return jars;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
