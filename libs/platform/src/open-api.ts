import { NDJSON, problem } from '@heed/contract';
import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiParam, ApiQuery, ApiResponse } from '@nestjs/swagger';
import { z } from 'zod';

export interface RouteDescription {
  readonly summary: string;
  readonly request?: z.ZodType;
  /** The same for a route that takes several media types, by their names. */
  readonly bodies?: Readonly<Record<string, z.ZodType>>;
  readonly response?: z.ZodType;
  readonly status?: number;
  /** The answer is lines of progress, and `response` stands in the last one. */
  readonly streams?: boolean;
  /** What each part of the path that is a parameter may be, by its name. */
  readonly params?: Readonly<Record<string, z.ZodType>>;
  readonly query?: z.ZodObject<Readonly<Record<string, z.ZodType>>>;
}

type OpenApiSchema =
  NonNullable<Parameters<typeof ApiBody>[0]> extends infer Options
    ? Options extends { schema: infer Schema }
      ? Exclude<Schema, { $ref: string }>
      : never
    : never;

type RequestBody = Extract<
  NonNullable<NonNullable<Parameters<typeof ApiOperation>[0]>['requestBody']>,
  { content: unknown }
>;

/** Says in the OpenAPI document what a route takes and gives, from the same schemas that parse it, and that it may give a problem. */
export function Describe(route: RouteDescription): MethodDecorator {
  const { summary, request, bodies, params = {}, query } = route;
  return applyDecorators(
    ApiOperation({ summary, ...(bodies && { requestBody: requestBodyOf(bodies) }) }),
    ...Object.entries(params).map(([name, schema]) => ApiParam({ name, schema: openApiSchema(schema) })),
    ...Object.entries(query?.shape ?? {}).map(([name, schema]) =>
      ApiQuery({ name, required: false, schema: openApiSchema(schema) }),
    ),
    ...(request ? [ApiBody({ schema: openApiSchema(request), required: !isOptional(request) })] : []),
    answerOf(route),
    ApiResponse({
      status: 'default',
      description: 'What is wrong, and what to do about it (RFC 9457).',
      content: { 'application/problem+json': { schema: openApiSchema(problem) } },
    }),
  );
}

/** No body is read as `{}`. */
function isOptional(request: z.ZodType): boolean {
  return request.safeParse({}).success;
}

function requestBodyOf(bodies: Readonly<Record<string, z.ZodType>>): RequestBody {
  const content = Object.entries(bodies).map(([mediaType, schema]) => [
    mediaType,
    { schema: openApiSchema(schema) },
  ]);
  return { required: true, content: Object.fromEntries(content) as RequestBody['content'] };
}

function answerOf({ summary, response, status = 200, streams = false }: RouteDescription): MethodDecorator {
  if (response === undefined) return ApiResponse({ status, description: summary });
  const schema = openApiSchema(response);
  if (!streams) return ApiResponse({ status, description: summary, schema });
  const lines = `${summary} Each line is {"progress"}, the last {"result"} or {"problem"}.`;
  return ApiResponse({ status, description: lines, content: { [NDJSON]: { schema: { type: 'string' } } } });
}

function openApiSchema(schema: z.ZodType): OpenApiSchema {
  const shape = z.toJSONSchema(schema, { target: 'draft-2020-12', unrepresentable: 'any', io: 'input' });
  delete shape.$schema;
  // JSON Schema as zod writes it is what OpenAPI 3.1 takes; the two libraries only name the type differently.
  return shape as OpenApiSchema;
}
