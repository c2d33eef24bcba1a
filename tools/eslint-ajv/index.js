// ESLint asks for Ajv 6, Fastify for Ajv 8. One version is installed: this answers ESLint's `require('ajv')` with
// Ajv 8 behind the few names of Ajv 6 that ESLint touches. An override in the root package.json links it; the
// override's odd `ajv@6.14.0` and `../../` are what makes `npm ci` link it and `npm ls` accept it.
const { Ajv } = require('ajv');

class AjvForEslint extends Ajv {
  constructor({ useDefaults, verbose, strictDefaults }) {
    super({
      useDefaults,
      verbose,
      strict: strictDefaults === true ? 'log' : false,
      validateSchema: false,
      logger: false,
      allErrors: false,
    });
    this._opts = {};
  }

  /** Schemas of rule options are not themselves validated, so the draft 4 meta-schema has nothing to do. */
  addMetaSchema() {
    return this;
  }

  /** ESLint prints `error.dataPath`, which Ajv 8 calls `instancePath`. */
  compile(schema) {
    const validate = super.compile(schema);
    const withDataPath = (data) => {
      const valid = validate(data);
      withDataPath.errors =
        validate.errors?.map((error) => ({ ...error, dataPath: error.instancePath })) ?? null;
      return valid;
    };
    return withDataPath;
  }
}

module.exports = AjvForEslint;
