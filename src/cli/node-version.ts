// Imports nothing: it has to load on a Node that is too old for everything else.

const OLDEST = { major: 22, minor: 19 };

/** What a person has to do about the version of Node, or undefined when it will do. */
export function nodeProblem(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > OLDEST.major || (major === OLDEST.major && minor >= OLDEST.minor)) return undefined;
  return `k8ssec needs Node.js ${OLDEST.major}.${OLDEST.minor} or newer and this is ${version}; get Node.js 24 from https://nodejs.org/en/download or with a version manager (nvm install 24).`;
}
