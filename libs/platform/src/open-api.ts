import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse } from '@nestjs/swagger';
import { z } from 'zod';

export interface RouteDescription {
  readonly summary: string;
  readonly request?: z.ZodType;
  readonly response?: z.ZodType;
  readonly status?: number;
}

type OpenApiSchema =
  NonNullable<Parameters<typeof ApiBody>[0]> extends infer Options
    ? Options extends { schema: infer Schema }
      ? Schema
      : never
    : never;

/** Says in the OpenAPI document what a route takes and gives, from the same schemas that parse it. */
export function Describe({ summary, request, response, status = 200 }: RouteDescription): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary }),
    ...(request ? [ApiBody({ schema: openApiSchema(request) })] : []),
    ApiResponse({ status, description: summary, ...(response ? { schema: openApiSchema(response) } : {}) }),
  );
}

function openApiSchema(schema: z.ZodType): OpenApiSchema {
  const shape = z.toJSONSchema(schema, { target: 'draft-7', unrepresentable: 'any', io: 'input' });
  delete shape.$schema;
  // JSON Schema draft 7 as zod writes it is what OpenAPI takes here; the two libraries only name the type differently.
  return shape as OpenApiSchema;
}
