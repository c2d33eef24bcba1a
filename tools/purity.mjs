// What pure code may not touch, for ESLint's no-restricted-* rules. Time, ids and randomness come in as parameters.

const comesIn = 'Pure code gets it as a parameter.';

const outsideWorld = [
  'process',
  'performance',
  'crypto',
  'fetch',
  'console',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'navigator',
  'WebSocket',
  'XMLHttpRequest',
  'require',
  'Buffer',
  '__dirname',
  '__filename',
];

const onlyInNode = ['process', 'Buffer', 'setImmediate', 'require', 'global', '__dirname', '__filename'];

export const pureRules = {
  'no-restricted-globals': [
    'error',
    {
      globals: outsideWorld.map((name) => ({ name, message: `[purity] ${comesIn}` })),
      checkGlobalObject: true,
    },
  ],
  'no-restricted-properties': [
    'error',
    { object: 'Date', property: 'now', message: `[purity] The time: ${comesIn}` },
    { object: 'Math', property: 'random', message: `[purity] Chance: ${comesIn}` },
  ],
};

export const pureSyntax = [
  {
    selector: ':matches(NewExpression, CallExpression)[callee.name="Date"][arguments.length=0]',
    message: `[purity] The time: ${comesIn}`,
  },
  {
    selector: 'ImportExpression',
    message: '[purity] Pure code is loaded whole: import at the top of the file.',
  },
];

export const browserSafeRules = {
  'no-restricted-globals': [
    'error',
    {
      globals: onlyInNode.map((name) => ({
        name,
        message: '[browser] The SDK also runs where Node is not.',
      })),
      checkGlobalObject: true,
    },
  ],
};
