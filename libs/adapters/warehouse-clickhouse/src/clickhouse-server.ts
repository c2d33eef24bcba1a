import { z } from 'zod';

/** A ClickHouse server, and how Heed comes in. */
export interface ClickHouseServer {
  /** Its HTTP interface, e.g. `https://clickhouse.example:8443`; see `clickHouseUrl`. */
  readonly url: string;
  /** Made if it is not there. */
  readonly database?: string;
  readonly username?: string;
  readonly password?: string;
  /** A cluster of its `remote_servers`, over which the sessions are spread; without it the server is used alone. */
  readonly cluster?: string;
  /** How long a connection may say nothing at all. A server that is still working says so every 20 s. */
  readonly silenceMs?: number;
  /** How long to wait before each new attempt at what is safe to ask again. */
  readonly retryWaitsMs?: readonly number[];
}

/** An address without secrets or options in it: those are settings of their own, which no message ever shows. */
export const clickHouseUrl = z
  .url({ protocol: /^https?$/u, message: 'it must be like http://host:8123 or https://host:8443' })
  .refine(
    (url) => {
      // What is no address at all was refused above.
      if (!URL.canParse(url)) return true;
      const { username, password, search, hash } = new URL(url);
      return `${username}${password}${search}${hash}` === '';
    },
    { message: 'it must not hold a user, a password or options' },
  );

/** The name of a database or a cluster, which goes into statements as it is. */
export const clickHouseName = z
  .string()
  .regex(/^[a-zA-Z_]\w*$/u, 'it must be of letters, digits and underscores');
