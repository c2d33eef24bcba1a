// A relative import that leaves its project's folder, and a dynamic `import()` of what the project may not import.
import { dirname, resolve, sep } from 'node:path';

/** @type {import('eslint').Rule.RuleModule} */
export const stayInProject = {
  meta: {
    type: 'problem',
    schema: [
      {
        type: 'object',
        properties: {
          folder: { type: 'string' },
          forbidden: { type: 'array', items: { type: 'object' } },
        },
        required: ['folder', 'forbidden'],
        additionalProperties: false,
      },
    ],
    messages: {
      leaves: '[project] "{{ path }}" leaves {{ folder }}: import that project by its name.',
      forbidden: '{{ message }}',
    },
  },
  create(context) {
    const [{ folder, forbidden }] = context.options;
    const projectRoot = resolve(context.cwd, folder) + sep;

    const checkRelative = (source) => {
      if (typeof source?.value !== 'string' || !/^\.{0,2}\//.test(`${source.value}/`)) return;
      const target = resolve(dirname(context.filename), source.value);
      if (target.startsWith(projectRoot)) return;
      context.report({ node: source, messageId: 'leaves', data: { path: source.value, folder } });
    };
    const checkDynamic = (source) => {
      const broken = forbidden.find(({ regex }) => new RegExp(regex, 'u').test(source.value));
      if (typeof source.value === 'string' && broken !== undefined) {
        context.report({ node: source, messageId: 'forbidden', data: { message: broken.message } });
      }
    };
    return {
      ImportDeclaration: ({ source }) => checkRelative(source),
      ExportNamedDeclaration: ({ source }) => checkRelative(source),
      ExportAllDeclaration: ({ source }) => checkRelative(source),
      TSImportType: ({ source }) => checkRelative(source),
      ImportExpression: ({ source }) => {
        checkRelative(source);
        checkDynamic(source);
      },
    };
  },
};
