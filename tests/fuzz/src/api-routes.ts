import { z } from 'zod';

const schema = z.record(z.string(), z.unknown());
const operation = z.object({
  parameters: z.array(z.object({ name: z.string(), in: z.string(), schema })).default([]),
  requestBody: z.object({ content: z.record(z.string(), z.object({ schema })) }).optional(),
});
const document = z.object({ paths: z.record(z.string(), z.record(z.string(), operation)) });

export interface ApiRoute {
  readonly method: string;
  /** As the document has it: `/v1/fixes/{id}`. */
  readonly path: string;
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly schema: JsonSchema }[];
  readonly body: JsonSchema | undefined;
}

export type JsonSchema = Readonly<Record<string, unknown>>;

/** Every route of the service's own OpenAPI document. */
export async function apiRoutes(url: string): Promise<readonly ApiRoute[]> {
  const { paths } = document.parse(await (await fetch(`${url}/docs-json`)).json());
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { parameters, requestBody }]) => ({
      method: method.toUpperCase(),
      path,
      parameters,
      body: requestBody?.content['application/json']?.schema,
    })),
  );
}
