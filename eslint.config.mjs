import prettier from 'eslint-config-prettier/flat';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { forbiddenImports, layers, projects, testFiles } from './tools/layers.mjs';
import { browserSafeRules, pureRules, pureSyntax } from './tools/purity.mjs';
import { stayInProject } from './tools/stay-in-project.mjs';

export default defineConfig(
  { ignores: ['**/node_modules/', 'dist/', 'coverage/', '.nx/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      // Nest declares the options it takes as classes, and means plain objects.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: true },
      ],
    },
  },
  {
    files: ['{apps,libs,tests}/**/*.ts'],
    rules: {
      'no-restricted-exports': [
        'error',
        {
          restrictDefaultExports: {
            direct: true,
            named: true,
            defaultFrom: true,
            namedFrom: true,
            namespaceFrom: true,
          },
        },
      ],
    },
  },
  ...projects().flatMap(boundariesOf),
  { files: ['{apps,tests}/**/*.ts', ...testFiles], rules: { 'no-console': 'off' } },
  {
    files: ['**/*.mjs', 'tools/**/*.js'],
    extends: [tseslint.configs.disableTypeChecked],
    rules: { 'no-console': 'off' },
  },
  { files: ['tools/eslint-ajv/*.js'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
  prettier,
);

function boundariesOf(project) {
  const { pure = false, browserSafe = false } = layers[project.layer];
  const sources = `${project.folder}/**/*.ts`;
  const tests = testFiles.map((pattern) => `${project.folder}/${pattern}`);
  return [
    {
      files: [sources],
      plugins: { heed: { rules: { 'stay-in-project': stayInProject } } },
      rules: importRules(project, { inTests: false }),
    },
    {
      files: [sources],
      ignores: tests,
      rules: {
        ...(pure && { ...pureRules, 'no-restricted-syntax': ['error', ...pureSyntax] }),
        ...(browserSafe && browserSafeRules),
      },
    },
    { files: tests, rules: importRules(project, { inTests: true }) },
  ];
}

function importRules(project, where) {
  const forbidden = forbiddenImports(project, where);
  return {
    'no-restricted-imports': ['error', { patterns: forbidden }],
    'heed/stay-in-project': ['error', { folder: project.folder, forbidden }],
  };
}
