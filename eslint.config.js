import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', '**/*.gen.ts', 'coverage/'] },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      // Generators that yield no problem on some path are how checks are written.
      'require-yield': 'off',
      'no-console': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true, argsIgnorePattern: '^_' }],
      eqeqeq: 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true }],
      // Listeners are async functions by Bolt's contract, also when they have nothing to wait for.
      '@typescript-eslint/require-await': 'off',
      // A check that yields nothing but `undecided` returns early with `return yield`.
      '@typescript-eslint/no-invalid-void-type': 'off',
    },
  },
  { files: ['scripts/**/*.ts', 'src/cli/**/*.ts', 'src/cli.ts'], rules: { 'no-console': 'off' } },
);
