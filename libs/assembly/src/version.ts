import packageJson from '../package.json' with { type: 'json' };

export const HEED_VERSION = packageJson.version;
