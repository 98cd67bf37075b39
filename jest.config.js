const jsc = { target: 'es2023', parser: { syntax: 'typescript' } };
const module = { type: 'es6' };

export default {
  testEnvironment: 'node',
  maxWorkers: '100%',
  // Modules of a test file stay in memory after it: a worker with many of them pauses for seconds to collect garbage, and what has a deadline misses it.
  workerIdleMemoryLimit: '800MB',
  // Of a loaded machine; what takes so long elsewhere hangs.
  testTimeout: 30_000,
  // A worker that has left nothing open gives its memory back before it is gone, which takes a loaded machine longer than Jest's half a second. One that has left something open is still told of.
  workerGracefulExitTimeout: 10_000,
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: {
    '^.+\\.ts$': ['@swc/jest', { jsc, module }],
    '^.+\\.tsx$': ['@swc/jest', { jsc: { ...jsc, parser: { ...jsc.parser, tsx: true }, transform: { react: { runtime: 'automatic' } } }, module }],
  },
  testMatch: ['<rootDir>/test/**/*.test.{ts,tsx}'],
  modulePathIgnorePatterns: ['<rootDir>/dist'],
  coverageProvider: 'v8',
};
