export { parseBind } from './bind.ts';
export { canonicalHost, listenAddresses, type NetworkBind } from './both-families.ts';
export { describeDefault } from './definition.ts';
export { ConfigFileError, SettingsError, UsageError, WorkerClassError } from './errors.ts';
export { GUNICORN_SETTINGS, type GunicornSetting } from './gunicorn-list.ts';
export { gunicornVerdict, type GunicornVerdict } from './gunicorn-verdict.ts';
export { withoutFlags } from './flag-words.ts';
export { loadHooks } from './hooks.ts';
export { identityOf } from './identity.ts';
export { launchFolder } from './launch-folder.ts';
export type { InterpretOptions } from './inputs.ts';
export { interpretCommandLine, type Interpretation } from './interpret.ts';
export { importCompiled } from './jiti.ts';
export { migrateConfig } from './migrate.ts';
export { stepsTo, whyMissingNote } from './missing-path.ts';
export { importModule } from './module-import.ts';
export { mapPaths } from './paths.ts';
export { readPrintConfig, renderPrintConfig, renderValue } from './print-config.ts';
export { renderProblem } from './problem-text.ts';
export { readPythonSettings } from './python-file.ts';
export type {
  PythonNames,
  PythonPlace,
  PythonRun,
  ReadPythonConfig,
  TranslatePythonConfig,
  Translation,
} from './python-names.ts';
export { rehearse, type Rehearse } from './rehearsal.ts';
export { builtinDefinitions } from './registry.ts';
export { describeFailure } from './user-stack.ts';
export { sectionsOf, type Section } from './section.ts';
export type { ResolveWorkerClass } from './worker-class.ts';
