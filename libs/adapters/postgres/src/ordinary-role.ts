import pg from 'pg';
import { superuser } from './cluster.ts';

const role = 'heed_app';

/**
 * The address for the ordinary role that owns Heed's tables. The superuser is there to set it up and for nothing else: under
 * it a statement could read the server's files and start programs. A cluster in which the superuser owns the tables is handed over.
 */
export async function ordinaryUrl(superuserUrl: string): Promise<string> {
  const url = new URL(superuserUrl);
  url.username = role;
  if (!(await maySignIn(url.href))) await setUp(superuserUrl, decodeURIComponent(url.password));
  return url.href;
}

async function maySignIn(connectionString: string): Promise<boolean> {
  const client = new pg.Client({ connectionString });
  try {
    await client.connect();
    return true;
  } catch (cause) {
    // 28: no such role yet, or the password was set anew.
    if (cause instanceof pg.DatabaseError && cause.code?.startsWith('28') === true) return false;
    throw cause;
  } finally {
    await client.end();
  }
}

async function setUp(connectionString: string, password: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  try {
    await client.connect();
    await client.query(
      `BEGIN; ${handOver}; ALTER ROLE ${role} PASSWORD ${client.escapeLiteral(password)}; COMMIT`,
    );
  } finally {
    await client.end();
  }
}

/** Who owns the database owns its schema `public`; sequences of columns and indexes go with their tables. */
const handOver = `DO $$
  DECLARE owned record;
  BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${role}') THEN
      CREATE ROLE ${role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE;
    END IF;
    ALTER DATABASE postgres OWNER TO ${role};
    FOR owned IN
      SELECT oid::regclass::text AS name FROM pg_class
      WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm')
        AND relowner = '${superuser}'::regrole
    LOOP
      EXECUTE format('ALTER TABLE %s OWNER TO ${role}', owned.name);
    END LOOP;
    FOR owned IN
      SELECT oid::regprocedure::text AS name FROM pg_proc
      WHERE pronamespace = 'public'::regnamespace AND proowner = '${superuser}'::regrole
    LOOP
      EXECUTE format('ALTER ROUTINE %s OWNER TO ${role}', owned.name);
    END LOOP;
  END
$$`;
