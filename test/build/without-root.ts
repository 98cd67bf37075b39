/** No account has it. */
const NOBODY = 65_534;

/** Does something without the rights of root, for which no folder is closed. Not for tests that run side by side in one process. */
export async function withoutRoot<T>(use: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return use();
  process.seteuid?.(NOBODY);
  try {
    return await use();
  } finally {
    process.seteuid?.(0);
  }
}
