/** One text for a session: names of tenants have no slash. */
export function keyOf({ tenant, session }: { readonly tenant: string; readonly session: string }): string {
  return `${tenant}/${session}`;
}
